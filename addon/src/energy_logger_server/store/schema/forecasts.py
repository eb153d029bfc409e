"""What was forecast at each horizon before an interval began: kept for ever.

The archives hold every forecast for the retention; of an interval that has begun, one
for each horizon is copied here (``domain.forecasts.horizons``).
"""

from sqlalchemy import ForeignKey

from .base import key, keyed_table, number

PRICE_AT_HORIZON = keyed_table(
    "price_at_horizon",
    key("series_id", ForeignKey("series.id")),
    key("end_at"),
    key("duration_minutes"),
    key("horizon_minutes"),
    number("fetched_at"),
    number("price_e5"),
    number("low_e5", nullable=True),
    number("predicted_e5", nullable=True),
    number("high_e5", nullable=True),
)
"""Forecasts of prices; ``price_e5`` is the one that Amber makes of the spot forecast.

``low_e5``, ``predicted_e5`` and ``high_e5`` are those of its advanced price.
"""

LOAD_AT_HORIZON = keyed_table(
    "load_at_horizon",
    key("series_id", ForeignKey("series.id")),
    key("at"),
    key("horizon_minutes"),
    number("fetched_at"),
    number("load_e1"),
)
"""Forecasts of hourly loads; the series' channel is the line's label."""
