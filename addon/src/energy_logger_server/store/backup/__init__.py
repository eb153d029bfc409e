"""Copies of a store: made while it is written to, cleaned of secrets, looked over."""
