"""Connections, transactions, statements; knows no table."""
