"""Settings in force, and changing them."""
