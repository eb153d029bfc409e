"""Hourly and daily figures, and peaks."""
