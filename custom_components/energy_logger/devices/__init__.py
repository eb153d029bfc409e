"""Devices of substations and of our server."""
