"""Collecting from KAMO: load of its areas, readings of their substations."""
