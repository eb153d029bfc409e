"""How the server, its sources and its store are."""
