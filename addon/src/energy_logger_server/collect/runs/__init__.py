"""Runs of a source: their entry in the run log, and what the log says of failures."""
