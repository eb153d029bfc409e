"""How good forecasts were: what is kept of them, and their scores."""
