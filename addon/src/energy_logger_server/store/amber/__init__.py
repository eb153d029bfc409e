"""Amber's rows: writing, reading, exports."""
