"""Actions: what they are about, and what they answer."""
