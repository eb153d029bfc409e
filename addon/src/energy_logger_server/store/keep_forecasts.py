"""Forecasts of intervals that have begun, kept for ever, a day at a time."""

from sqlalchemy.engine import Connection

from .amber.at_horizon import keep_prices_at_horizons
from .kamo.at_horizon import keep_loads_at_horizons
from .ledger.upkeep import (
    forecasts_kept_to,
    next_forecast_begin,
    save_forecasts_kept_to,
)

_DAY_S = 86_400
_BEFORE_ALL = -(2**40)


def keep_a_day(connection: Connection, now: int) -> bool:
    """Keep what was forecast of the next day's intervals, and note how far that is.

    Args:
        connection: The writer's, in the one transaction of all of it.
        now: Epoch seconds; later intervals have not begun.

    Returns:
        Whether nothing is left to keep.
    """
    kept_to = forecasts_kept_to(connection)
    if kept_to is None or now - kept_to > _DAY_S:
        # days without any forecast are passed over
        after = _BEFORE_ALL if kept_to is None else kept_to
        begin = next_forecast_begin(connection, after)
        kept_to = now if begin is None else begin - 1
    if kept_to >= now:
        return True
    until = min(kept_to + _DAY_S, now)
    keep_prices_at_horizons(connection, (kept_to, until))
    keep_loads_at_horizons(connection, (kept_to, until))
    save_forecasts_kept_to(connection, until)
    return until == now
