"""When to ask, how much to ask for, and which hours are the cheapest; pure.

All instants are aware; the calculation is done in UTC, so that a change of daylight
saving moves nothing.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Protocol

MOST_INTERVALS = 2048
"""Amber's limit for ``next`` and ``previous`` together (Amber OpenAPI 2.0.0)."""

_FIRST_POLL = timedelta(seconds=12)
_FOLLOW_UPS = (
    timedelta(seconds=25),
    timedelta(seconds=45),
    timedelta(seconds=90),
)
_SETTLING_MINUTES = 5
_LONGEST_INTERVAL_MINUTES = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PricePoll:
    """One request for current prices.

    Attributes:
        at: Instant (UTC) at which to send it.
        with_forecast: Whether to ask for the intervals to come as well.
    """

    at: datetime
    with_forecast: bool


def price_polls(boundary: datetime, interval_minutes: int) -> tuple[PricePoll, ...]:
    """Return the polls that may follow a boundary; the first confirmed one ends them.

    Most five-minute prices are confirmed 14 to 30 s after the interval began. The
    price of a half hour is a blend until its last five minutes, so that following up
    earlier would learn nothing (Amber OpenAPI 2.0.0; measurements by others).

    Args:
        boundary: Instant at which an interval of the market begins.
        interval_minutes: The site's billing interval, 5 or 30.
    """
    start = boundary.astimezone(UTC)
    first = PricePoll(start + _FIRST_POLL, with_forecast=True)
    into_interval = (start - _EPOCH) // _MINUTE % interval_minutes
    if into_interval + _SETTLING_MINUTES < interval_minutes:
        return (first,)
    follow_ups = (PricePoll(start + wait, with_forecast=False) for wait in _FOLLOW_UPS)
    return (first, *follow_ups)


def next_tick(now: datetime, interval_minutes: int, offset_s: float = 0) -> datetime:
    """Return the first tick (UTC) after ``now``, never ``now`` itself.

    Args:
        now: Present instant.
        interval_minutes: 5, 10, 15 or 30: ticks fall on such minutes of the hour ...
        offset_s: ... and this many seconds later.
    """
    step, offset = timedelta(minutes=interval_minutes), timedelta(seconds=offset_s)
    return _EPOCH + offset + (_ticks_until(now, step, offset) + 1) * step


def ticks_between(
    earlier: datetime, later: datetime, interval_minutes: int, offset_s: float = 0
) -> int:
    """Return how many ticks fell after ``earlier`` and not after ``later``.

    With the tick of a run and the end of that run these are the ticks it made miss.
    Zero when the clock has been set back in between.
    """
    step, offset = timedelta(minutes=interval_minutes), timedelta(seconds=offset_s)
    count = _ticks_until(later, step, offset) - _ticks_until(earlier, step, offset)
    return max(count, 0)


def forecast_count(interval_length_minutes: int, hours_ahead: float) -> int:
    """Return a ``next`` that surely covers the hours ahead.

    A five-minute site is forecast in its own steps up to the last half-hour mark
    within the next hour, at most an hour of them, and in half hours after it (reports
    of users and maintainers). Upstream may know less than is asked for.

    Args:
        interval_length_minutes: The site's billing interval.
        hours_ahead: Span to cover.
    """
    if hours_ahead <= 0:
        return 0
    is_fine = interval_length_minutes < _LONGEST_INTERVAL_MINUTES
    fine_steps = 60 // interval_length_minutes if is_fine else 0
    return min(fine_steps + ceil(hours_ahead * 2), MOST_INTERVALS)


class Priced(Protocol):
    """What has a price for a span of time, such as ``amber_models.Price``."""

    @property
    def starts_at(self) -> datetime:
        """Start of the span, aware."""
        ...

    @property
    def ends_at(self) -> datetime:
        """End of the span, aware."""
        ...

    @property
    def price_aud_per_kwh(self) -> float:
        """AUD/kWh."""
        ...


@dataclass(frozen=True, slots=True)
class CheapestWindow:
    """The cheapest contiguous span.

    Attributes:
        starts_at: Begin, UTC.
        ends_at: End, UTC.
        mean_aud_per_kwh: Mean price over the span, AUD/kWh.
    """

    starts_at: datetime
    ends_at: datetime
    mean_aud_per_kwh: float


def cheapest_window(
    prices: Sequence[Priced],
    *,
    duration: timedelta,
    earliest: datetime,
    latest: datetime,
) -> CheapestWindow | None:
    """Return the cheapest span of a length, or None when prices cover no such span.

    Prices may mix lengths and count by the time they overlap the span. Of equally
    cheap spans the earliest is taken. Where prices overlap, the one that began first
    counts, and of two that began together the shorter.

    Args:
        prices: Of one channel, in any order.
        duration: Length of the span, above zero.
        earliest: Instant before which the span must not begin.
        latest: Instant after which it must not end.

    Raises:
        ValueError: If ``duration`` is not above zero.
    """
    length = duration // _MICROSECOND
    if length <= 0:
        raise ValueError("duration must be above zero")
    first, last = _microseconds(earliest), _microseconds(latest) - length
    spans = [
        (run.total(start, start + length), start)
        for run in _covered_runs(prices)
        for start in run.starts(length, first, last)
    ]
    if not spans:
        return None
    total, start = min(spans)
    starts_at = _EPOCH + start * _MICROSECOND
    return CheapestWindow(
        starts_at=starts_at,
        ends_at=starts_at + duration,
        mean_aud_per_kwh=float(total / length),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Prices without a gap: edges in microseconds, and what it costs up to each.

    Exact numbers, or noise in the last digit would decide between equal spans.
    """

    edges: list[int]
    totals: list[Fraction]
    prices: list[Fraction]

    def starts(self, length: int, first: int, last: int) -> Iterator[int]:
        """Return where the cheapest span may begin.

        The total can only be least where one end of the span meets an edge, or where
        it may go no further.
        """
        low, high = max(first, self.edges[0]), min(last, self.edges[-1] - length)
        meeting = {start for edge in self.edges for start in (edge, edge - length)}
        return (start for start in {low, high} | meeting if low <= start <= high)

    def total(self, start: int, end: int) -> Fraction:
        """Return price times microseconds between two instants of the run."""
        return self._total_until(end) - self._total_until(start)

    def _total_until(self, at: int) -> Fraction:
        index = min(bisect_right(self.edges, at), len(self.prices)) - 1
        return self.totals[index] + self.prices[index] * (at - self.edges[index])


def _covered_runs(prices: Sequence[Priced]) -> Iterator[_Run]:
    spans = sorted(
        (_microseconds(price.starts_at), _microseconds(price.ends_at), index)
        for index, price in enumerate(prices)
    )
    run: _Run | None = None
    for begin, end, index in spans:
        price = Fraction(repr(prices[index].price_aud_per_kwh))
        if run is None or begin > run.edges[-1]:
            if run:
                yield run
            run = _Run([begin], [Fraction(0)], [])
        edge = run.edges[-1]
        if end > edge:
            run.edges.append(end)
            run.totals.append(run.totals[-1] + price * (end - edge))
            run.prices.append(price)
    if run:
        yield run


def _ticks_until(instant: datetime, step: timedelta, offset: timedelta) -> int:
    return (instant.astimezone(UTC) - _EPOCH - offset) // step


def _microseconds(instant: datetime) -> int:
    return (instant.astimezone(UTC) - _EPOCH) // _MICROSECOND
