"""``/mirror``: the utilities' own paths and JSON, answered from the store."""
