"""Which price intervals there are, as seen at an instant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .config import AmberConfig
from .market.labels import (
    FIVES_PER_DAY,
    HALF_HOUR,
    date_position,
    day_at,
    day_position,
    position_at,
    slot_at,
)
from .sites import SimulatedSite

_FIVES_PER_HOUR = 12
_FOUR_O_CLOCK = 4 * _FIVES_PER_HOUR
_HALF_PAST_TWELVE = 12 * _FIVES_PER_HOUR + HALF_HOUR

type Slice = tuple[int, int]
"""Position and fives of an interval."""
type FivesRule = Callable[[int], int]
"""Returns the fives of the interval that holds a position."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The intervals of one site, at most those that the market knows of.

    Attributes:
        here: Position of the five that is running.
        first: Position of the earliest price.
        horizon: Position at which forecasts end: 04:00 NEM tomorrow, from 12:30 on
            the day after.
        coarse_from: Last half-hour mark at most an hour ahead; from there on all
            intervals are half hours.
        fives_before: Length of the interval at a position before ``coarse_from``.
    """

    here: int
    first: int
    horizon: int
    coarse_from: int
    fives_before: FivesRule

    def fives_at(self, position: int) -> int:
        """Return the length of the interval that holds a position."""
        if position >= self.coarse_from:
            return HALF_HOUR
        return self.fives_before(position)

    def between(self, start: date, end: date) -> list[Slice]:
        """Return the intervals of NEM dates, both included."""
        position = max(date_position(start), self.first)
        stop = min(date_position(end) + FIVES_PER_DAY, self.horizon)
        return self._walk(position, stop, stop - position)

    def around(self, before: int, after: int) -> tuple[list[Slice], list[Slice]]:
        """Return what was before now, and the present with what comes after.

        Args:
            before: How many intervals at most, whatever their length.
            after: How many intervals at most follow the present one.
        """
        fives = self.fives_at(self.here)
        present = self.here - self.here % fives
        past: list[Slice] = []
        position = present
        while len(past) < before and position > self.first:
            fives = self.fives_at(position - 1)
            position -= fives
            past.append((position, fives))
        past.reverse()
        return past, self._walk(present, self.horizon, 1 + after)

    def _walk(self, position: int, stop: int, count: int) -> list[Slice]:
        found: list[Slice] = []
        while position < stop and len(found) < count:
            fives = self.fives_at(position)
            found.append((position, fives))
            position += fives
        return found


def grid_at(config: AmberConfig, fives_before: FivesRule, now: datetime) -> Grid:
    """Return the grid as it is answered to a request.

    Args:
        config: Says where prices begin.
        fives_before: Lengths before the half hours of the forecast.
        now: The simulated instant.
    """
    here = position_at(now)
    horizon = day_position(day_at(here) + 1) + _FOUR_O_CLOCK
    if slot_at(here) >= _HALF_PAST_TWELVE:
        horizon += FIVES_PER_DAY
    hour_ahead = here + _FIVES_PER_HOUR
    return Grid(
        here=here,
        first=date_position(config.start_date - timedelta(config.price_depth_days)),
        horizon=horizon,
        coarse_from=hour_ahead - hour_ahead % HALF_HOUR,
        fives_before=fives_before,
    )


def fives_rule(site: SimulatedSite, resolution: int | None) -> FivesRule:
    """Return the lengths of a site's intervals: those billed, unless others are asked.

    Args:
        site: Whose billing length may have changed on a date.
        resolution: 5 or 30 for all, or None.
    """
    if resolution is not None:
        return same_length(resolution)
    switch = date_position(site.five_minute_from)
    return lambda position: 1 if position >= switch else HALF_HOUR


def same_length(resolution: int) -> FivesRule:
    """Return the rule that all intervals have 5 or 30 minutes."""
    fives = resolution // 5
    return lambda _position: fives
