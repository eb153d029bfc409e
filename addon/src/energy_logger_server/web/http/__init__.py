"""HTTP for the rest of ``web``: operations, checks, errors, rows; knows no energy."""
