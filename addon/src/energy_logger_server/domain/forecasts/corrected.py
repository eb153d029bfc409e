"""Forecasts of what is to come, beside what correction makes of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .correction import nearest_horizon
from .horizons import HORIZONS_MINUTES
from .past import LocalTime
from .report import CorrectionLine

AHEAD_S = HORIZONS_MINUTES[-1] * 60
"""How far ahead forecasts are corrected."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A forecast of an interval that has not begun; instants are epoch seconds.

    Attributes:
        channel: Of a site; empty of an area.
        forecast: Its name.
        start_at: When the interval begins.
        end_at: When it is over.
        value: What is forecast.
    """

    channel: str
    forecast: str
    start_at: int
    end_at: int
    value: float


@dataclass(frozen=True, slots=True)
class CorrectedForecast:
    """A forecast, and what correction makes of it.

    Attributes:
        expected: The forecast as it is.
        horizon_minutes: The one whose running error counts.
        corrected: The forecast less that; None where it is not corrected.
    """

    expected: Expected
    horizon_minutes: int
    corrected: float | None


def corrected_forecasts(
    expected: Iterable[Expected],
    corrections: Iterable[CorrectionLine],
    now: int,
    local_time: LocalTime,
) -> Iterator[CorrectedForecast]:
    """Yield forecasts with what correction makes of them.

    Args:
        expected: Of intervals to come; those beyond the longest horizon are passed
            over.
        corrections: Of the same series.
        now: Epoch seconds.
        local_time: In whose zone hours of the day count.
    """
    known = {
        (one.channel, one.forecast, one.horizon_minutes): one.correction
        for one in corrections
    }
    for one in expected:
        horizon = nearest_horizon((one.start_at - now) / 60, HORIZONS_MINUTES)
        if horizon is None:
            continue
        correction = known.get((one.channel, one.forecast, horizon))
        _day, hour = local_time(one.start_at)
        yield CorrectedForecast(
            one,
            horizon,
            None if correction is None else correction.corrected(one.value, hour),
        )
