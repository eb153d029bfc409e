"""Each substation's own peak of each month, and whether it can be believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

from .year import BillingYear, a_year_later, days_in

_FEWEST_DAYS = 5
_SPIKE_DEVIATIONS = 6
_NORMAL = 1.4826
"""Makes a median of distances a standard deviation, if values are normal."""
_LEAST_DEVIATION = 0.01
_FULL_DAY = 0.9
"""A day read less often than this share of the month's best lacks readings."""


class SubstationDay(NamedTuple):
    """A Central date of one substation.

    Attributes:
        name: Of the substation.
        day: The date.
        readings: How often it was read.
        load_e1: Its highest load, tenths of kW.
        at: Minute of that, epoch seconds; of equal ones the first.
    """

    name: str
    day: date
    readings: int
    load_e1: int
    at: int


@dataclass(frozen=True, slots=True)
class MonthOfSubstation:
    """A substation's own peak of a month.

    Attributes:
        name: Of the substation.
        month: The first of the month.
        load_e1: The peak, tenths of kW.
        at: Its minute, epoch seconds.
        is_at_least: Whether days or readings are missing: it may have been higher.
        suspect: A day that would have been the peak, but is a spike far above the
            others; None without one.
    """

    name: str
    month: date
    load_e1: int
    at: int
    is_at_least: bool
    suspect: SubstationDay | None


def months_of_substations(
    days: Iterable[SubstationDay], today: date, *, counts_suspects: bool
) -> list[MonthOfSubstation]:
    """Return the peaks by substation and month, in this order.

    A day whose load is more than six standard deviations above the median of the
    month's day peaks is suspect: a fault of the meter, or a load taken over from a
    neighbour. (Six median absolute deviations: F. Hampel, 1974.)

    Args:
        days: Of any substations and months.
        today: Is not missed yet.
        counts_suspects: Whether a suspect day is the month's peak all the same.
    """
    of_month: dict[tuple[str, date], list[SubstationDay]] = {}
    for one in days:
        of_month.setdefault((one.name, one.day.replace(day=1)), []).append(one)
    return [
        _month(name, month, group, today, counts_suspects=counts_suspects)
        for (name, month), group in sorted(of_month.items())
    ]


def _month(
    name: str,
    month: date,
    days: Sequence[SubstationDay],
    today: date,
    *,
    counts_suspects: bool,
) -> MonthOfSubstation:
    ranked = sorted(days, key=lambda one: (-one.load_e1, one.at))
    limit = _spike_limit(days)
    believed = [one for one in ranked if limit is None or one.load_e1 <= limit]
    is_suspect = believed[0] is not ranked[0]
    peak = ranked[0] if counts_suspects else believed[0]
    full = _FULL_DAY * max(one.readings for one in days)
    whole = sum(one.readings >= full for one in days if one.day < today)
    return MonthOfSubstation(
        name,
        month,
        peak.load_e1,
        peak.at,
        is_at_least=whole < days_in(month, [today]),
        suspect=ranked[0] if is_suspect else None,
    )


def _spike_limit(days: Sequence[SubstationDay]) -> float | None:
    if len(days) < _FEWEST_DAYS:
        return None
    loads = [one.load_e1 for one in days]
    middle = median(loads)
    deviation = _NORMAL * median(abs(load - middle) for load in loads)
    return middle + _SPIKE_DEVIATIONS * max(deviation, _LEAST_DEVIATION * abs(middle))


def base_by_month(months: Iterable[MonthOfSubstation]) -> dict[date, int]:
    """Return the sum of all substations' peaks by month, tenths of kW."""
    sums: dict[date, int] = {}
    for one in months:
        sums[one.month] = sums.get(one.month, 0) + one.load_e1
    return sums


def with_months_to_come(
    year: BillingYear,
    sums: Mapping[date, int],
    sums_before: Mapping[date, int],
    today: date,
) -> dict[date, float]:
    """Return a year's months, those to come with the sums of the year before.

    Where that has none, a month has the mean of those that are known; the running
    month has whichever is higher, what it has or what the year before had.
    """
    known = {month: float(sums[month]) for month in year.months() if month in sums}
    before = {a_year_later(month): load for month, load in sums_before.items()}
    if not known and not before:
        return {}
    mean = sum(known.values()) / len(known) if known else None
    filled: dict[date, float] = {}
    running = today.replace(day=1)
    for month in year.months():
        if month in known and month < running:
            filled[month] = known[month]
        elif month in known:
            filled[month] = max(known[month], before.get(month, 0))
        elif month in before:
            filled[month] = before[month]
        elif mean is not None:
            filled[month] = mean
    return filled
