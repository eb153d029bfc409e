"""Collecting: runs, the ledger of days, gaps, and what goes wrong."""
