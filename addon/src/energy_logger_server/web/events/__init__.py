"""``/api/events``: what happens, as server-sent events."""
