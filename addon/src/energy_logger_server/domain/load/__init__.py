"""Load: Central days, months, peaks and what is worked out from them."""
