"""The tables. Instants are epoch seconds (UTC), days are days since 1970-01-01.

Numbers are scaled integers whose scale stands in the column name: ``price_e5`` is
c/kWh times 10^5, ``load_e1`` kW times 10. ``extra`` holds, as JSON, what decoding the
columns would miss; null in the normal case. The views show natural units.
"""

from . import amber, bookkeeping, forecasts, kamo, peaks, substation_health
from .base import METADATA

__all__ = [
    "METADATA",
    "amber",
    "bookkeeping",
    "forecasts",
    "kamo",
    "peaks",
    "substation_health",
]
