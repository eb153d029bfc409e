"""Reads for charts: rows where they are few, else sums of rows or of rollups."""
