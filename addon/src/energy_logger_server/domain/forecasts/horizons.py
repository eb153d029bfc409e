"""Which forecast of an interval was the one to go by, so long before it began."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

HORIZONS_MINUTES = (30, 60, 120, 240, 480, 720, 1440)
"""How long before an interval begins a forecast of it is kept."""

_LONGEST_SILENCE_S = 90 * 60


class ForecastOfInterval(Protocol):
    """A forecast as the archive has it; instants are epoch seconds."""

    @property
    def fetched_at(self) -> int:
        """When it was first stated."""

    @property
    def start_at(self) -> int:
        """When its interval begins."""

    @property
    def end_at(self) -> int:
        """When its interval is over."""


@dataclass(frozen=True, slots=True)
class AtHorizon[Forecast: ForecastOfInterval]:
    """A forecast that is kept.

    Attributes:
        horizon_minutes: One of ``HORIZONS_MINUTES``.
        forecast: The last one that was known so long before its interval began.
    """

    horizon_minutes: int
    forecast: Forecast


def at_horizons[Forecast: ForecastOfInterval](
    forecasts: Iterable[Forecast], answers: Sequence[int], begun: tuple[int, int]
) -> Iterator[AtHorizon[Forecast]]:
    """Yield the forecasts to keep of the intervals that began in a span.

    An archive holds a forecast where it changed, so one stands until the next of its
    interval, or until an answer divides the time otherwise (half an hour into five
    minutes). A horizon has none if no answer came so shortly before it that it says
    what upstream stated then: within the horizon itself, at most 90 minutes.

    Args:
        forecasts: Of one series, ascending by when they were fetched; also those of
            intervals that overlap the span's.
        answers: When answers came that brought anything, ascending, epoch seconds.
        begun: Behind the first instant and up to the second, epoch seconds.
    """
    after, until = begun
    of_interval: dict[tuple[int, int], list[Forecast]] = {}
    for one in forecasts:
        of_interval.setdefault((one.start_at, one.end_at), []).append(one)
    for (start, end), found in of_interval.items():
        if not after < start <= until:
            continue
        rivals = sorted(
            one.fetched_at
            for (other_start, other_end), others in of_interval.items()
            if (other_start, other_end) != (start, end)
            and other_start < end
            and start < other_end
            for one in others
        )
        fetched = [one.fetched_at for one in found]
        for horizon in HORIZONS_MINUTES:
            instant = start - horizon * 60
            place = bisect_right(fetched, instant)
            silence = min(horizon * 60, _LONGEST_SILENCE_S)
            if not place or not _has_between(answers, instant - silence, instant):
                continue
            if not _has_between(rivals, fetched[place - 1] + 1, instant):
                yield AtHorizon(horizon, found[place - 1])


def _has_between(instants: Sequence[int], first: int, last: int) -> bool:
    """Whether one of ascending instants lies in a span, ends included."""
    place = bisect_right(instants, last)
    return place > 0 and instants[place - 1] >= first
