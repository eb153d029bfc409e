"""One area's measured load on one Central day."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoadDay:
    """Hours, sum and extremes of a day; of equal extremes the first counts.

    Attributes:
        hours: Hours with a value.
        load_sum_e1: Sum of the loads, tenths of kW.
        load_min_e1: Smallest load, tenths of kW.
        min_at: Its instant, epoch seconds.
        load_max_e1: Greatest load, tenths of kW.
        max_at: Its instant, epoch seconds.
    """

    hours: int
    load_sum_e1: int
    load_min_e1: int
    min_at: int
    load_max_e1: int
    max_at: int


def sum_up_load_day(hours: Sequence[tuple[int, int]]) -> LoadDay:
    """Return the day's figures.

    Args:
        hours: Instant (epoch seconds) and load (tenths of kW), at least one.
    """
    lowest = min(hours, key=lambda hour: (hour[1], hour[0]))
    highest = max(hours, key=lambda hour: (hour[1], -hour[0]))
    return LoadDay(
        hours=len(hours),
        load_sum_e1=sum(load for _at, load in hours),
        load_min_e1=lowest[1],
        min_at=lowest[0],
        load_max_e1=highest[1],
        max_at=highest[0],
    )
