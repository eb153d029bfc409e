"""What is expected of an area's load, beside what correction makes of it."""

from energy_logger_server.domain.forecasts.corrected import (
    AHEAD_S,
    CorrectedForecast,
    Expected,
    corrected_forecasts,
)
from energy_logger_server.domain.forecasts.report import ScoreOrder
from energy_logger_server.store.db.reader import Reader

from .forecast_scores import central_day_and_hour, load_scores
from .load_forecast import forecast_hours

_HOUR_S = 3600
_MOST_HOURS = AHEAD_S // _HOUR_S + 1


def corrected_loads(
    connection: Reader, area_id: int, now: int
) -> list[CorrectedForecast]:
    """Return what is expected of the hours whose label lies in the next 24 hours.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        now: Epoch seconds.

    Returns:
        In kW, by hour and line of KAMO's chart.
    """
    span = now + 1, now + AHEAD_S + 1
    expected = (
        Expected("", one.series, start, start + _HOUR_S, one.load_kw)
        for one in forecast_hours(connection, area_id, span, _MOST_HOURS).hours
        for start in (int(one.hour_at.timestamp()),)
    )
    corrections = load_scores(connection, area_id, ScoreOrder(now, now)).corrections
    return [*corrected_forecasts(expected, corrections, now, central_day_and_hour)]
