"""Saving what can be read of a damaged SQLite file, and saying what cannot."""
