"""Which forecasts are kept for ever: one for each horizon."""
