"""The tables of the store, to look at."""
