"""Whole tables as plain rows: read in one state of the store, written into another."""
