"""Columns of values for charts."""
