"""Settings that were saved over the API."""
