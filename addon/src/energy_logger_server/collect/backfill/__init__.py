"""Reading history, out of the way of live polling."""
