"""Collecting: what to ask the utilities for and when, and handing it to the store."""
