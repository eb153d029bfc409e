"""Who is asked: a utility itself, or our server, and what they list."""
