"""What was forecast of intervals, beside what came of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .settled import SettledValues


class Came(NamedTuple):
    """What came of an interval that had been forecast; instants are epoch seconds.

    Attributes:
        start_at: When the interval began.
        end_at: When it was over: what came of it is known from then on.
        day: Local date, in days since 1970-01-01.
        hour: Local hour of the day in which it began, 0 to 23.
        persistence_error: By how much what came was off from the mean of the last
            interval of the same length that was over when the forecast counted, from 0
            on; None if that is not known.
    """

    start_at: int
    end_at: int
    day: int
    hour: int
    persistence_error: float | None


class Unmatched(NamedTuple):
    """A forecast of an interval of which nothing settled is known."""

    start_at: int
    hour: int


class Kept(NamedTuple):
    """Forecasts of one interval that were kept at one horizon.

    Attributes:
        start_at: When the interval begins, epoch seconds.
        end_at: When it is over.
        horizon_minutes: How long before its beginning they counted.
        scaled: What each of the names that ``pasts`` is given said, as the store has
            it; None where it said nothing.
    """

    start_at: int
    end_at: int
    horizon_minutes: int
    scaled: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Past:
    """All that one forecast said at one horizon.

    Attributes:
        forecast: Its name, such as ``predicted``.
        horizon_minutes: See ``HORIZONS_MINUTES``.
        came: Of every interval that can be judged, ascending.
        errors: Of each of these, what was forecast less what came.
        unmatched: Forecasts that cannot be judged.
    """

    forecast: str
    horizon_minutes: int
    came: list[Came] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)


type LocalTime = Callable[[int], tuple[int, int]]
"""Gives the local date, in days since 1970-01-01, and the hour of an instant."""


def pasts(
    names: Sequence[str],
    kept: Iterable[Kept],
    settled: SettledValues,
    local_time: LocalTime,
    scale: int,
) -> Mapping[tuple[str, int], Past]:
    """Return what each forecast said at each horizon, by name and horizon.

    Args:
        names: Of the forecasts, in the order of ``Kept.scaled``.
        kept: Ascending by interval; only of intervals that are over.
        settled: What came.
        local_time: In whose zone hours of the day count.
        scale: What the store's numbers are divided by.
    """
    found: dict[tuple[str, int], Past] = {}
    for start, end, horizon, scaled in kept:
        length = end - start
        over = (start - horizon * 60) // length * length
        day, hour = local_time(start)
        actual = settled.mean(start, end)
        came = None
        if actual is not None:
            persistence = settled.mean(over - length, over)
            off = None if persistence is None else abs(persistence - actual) / scale
            came = Came(start, end, day, hour, off)
        for name, said in zip(names, scaled, strict=True):
            if said is None:
                continue
            past = found.get((name, horizon))
            if past is None:
                past = found[name, horizon] = Past(name, horizon)
            if came is None or actual is None:
                past.unmatched.append(Unmatched(start, hour))
            else:
                past.came.append(came)
                past.errors.append((said - actual) / scale)
    return found
