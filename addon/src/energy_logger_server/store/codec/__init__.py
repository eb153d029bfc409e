"""Rows from records and records from rows, without losing a digit."""
