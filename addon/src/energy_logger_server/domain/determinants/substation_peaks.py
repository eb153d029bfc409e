"""Each substation's own peak of each month, and whether it can be believed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

from .year import BillingYear, a_year_later, days_in

_FEWEST_DAYS = 7
_SPIKE_DEVIATIONS = 6
_NORMAL = 1.4826
"""Makes a median of distances a standard deviation, if values are normal."""
_LEAST_DEVIATION = 0.025
"""Share of the median that is taken for a standard deviation at the least."""
_WIDESPREAD = 0.25
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
class PeakReview:
    """What the owner says of a substation's day.

    Attributes:
        name: Of the substation.
        day: The Central date.
        counts: Whether its load can be a month's peak, spike or not.
        note: Why.
    """

    name: str
    day: date
    counts: bool
    note: str


@dataclass(frozen=True, slots=True)
class MonthOfSubstation:
    """A substation's own peak of a month.

    Attributes:
        name: Of the substation.
        month: The first of the month.
        load_e1: The peak, tenths of kW.
        at: Its minute, epoch seconds.
        is_at_least: Whether days or readings are missing: it may have been higher.
        suspect: The highest day if it is a spike far above the others, or was left out
            by the owner; it is the peak only if spikes count. None without one.
        review: What the owner said of the month's highest day; None if nothing.
    """

    name: str
    month: date
    load_e1: int
    at: int
    is_at_least: bool
    suspect: SubstationDay | None
    review: PeakReview | None = None


def months_of_substations(
    days: Iterable[SubstationDay],
    today: date,
    reviews: Iterable[PeakReview] = (),
    *,
    counts_suspects: bool,
) -> list[MonthOfSubstation]:
    """Return the peaks by substation and month, in this order.

    A day whose load is more than six standard deviations above the median of the
    month's day peaks is suspect: a fault of the meter, or a load taken over from a
    neighbour. (Six median absolute deviations: F. Hampel, 1974.) A day on which more
    than a quarter of the substations are so high is weather.

    Args:
        days: Of any substations and months.
        today: Is not missed yet.
        reviews: What the owner said of single days, which overrules what they seem.
        counts_suspects: Whether a spike is the month's peak all the same.
    """
    reviewed = {(one.name, one.day): one for one in reviews}
    of_month: dict[tuple[str, date], list[SubstationDay]] = {}
    for one in days:
        of_month.setdefault((one.name, one.day.replace(day=1)), []).append(one)
    spikes = _spikes(of_month)

    def is_suspect(one: SubstationDay) -> bool:
        review = reviewed.get((one.name, one.day))
        return one in spikes if review is None else not review.counts

    def counts(one: SubstationDay) -> bool:
        is_left_out = (one.name, one.day) in reviewed
        return not is_suspect(one) or (counts_suspects and not is_left_out)

    found = []
    for (name, month), group in sorted(of_month.items()):
        ranked = sorted(group, key=lambda one: (-one.load_e1, one.at))
        # of a month whose every day was left out the highest is all there is
        peak = next(filter(counts, ranked), ranked[0])
        found.append(
            MonthOfSubstation(
                name,
                month,
                peak.load_e1,
                peak.at,
                is_at_least=_is_at_least(month, group, today),
                suspect=ranked[0] if is_suspect(ranked[0]) else None,
                review=reviewed.get((name, ranked[0].day)),
            )
        )
    return found


def _is_at_least(month: date, days: Sequence[SubstationDay], today: date) -> bool:
    full = _FULL_DAY * max(one.readings for one in days)
    whole = sum(one.readings >= full for one in days if one.day < today)
    return whole < days_in(month, [today])


def _spikes(
    of_month: Mapping[tuple[str, date], Sequence[SubstationDay]],
) -> frozenset[SubstationDay]:
    """Return the days that are far above the others of their substation's month.

    Those on which many substations are so high are left out.
    """
    high: list[SubstationDay] = []
    for days in of_month.values():
        limit = _spike_limit(days)
        if limit is not None:
            high += [one for one in days if one.load_e1 > limit]
    substations = Counter(month for _name, month in of_month)
    at_once = Counter(one.day for one in high)

    def is_weather(day: date) -> bool:
        many = _WIDESPREAD * substations[day.replace(day=1)]
        return at_once[day] > max(many, 1)

    return frozenset(one for one in high if not is_weather(one.day))


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
