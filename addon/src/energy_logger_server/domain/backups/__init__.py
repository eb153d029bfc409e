"""Backups: what one is, when it is due, which of them stay."""
