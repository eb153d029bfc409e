"""``/api/peaks``: what the peak watch says, what it was worth, and its back-test."""
