"""Decisions and records of the server: pure functions, standard library only."""
