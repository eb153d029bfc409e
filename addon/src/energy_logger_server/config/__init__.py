"""Settings: declared once, read from the machine, changed over the API."""
