"""How likely an hour must be to be worth one of the hours that are left to announce.

An hour that is announced early in a month is not there for a likelier one later. What
an hour kept is worth follows backwards from the last day: by dynamic programming over
how likely the hours of past months were, as many days before their end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_NEGLIGIBLE = 0.004
"""Hours less likely than this are not worth an announcement at any budget."""


@dataclass(frozen=True, slots=True)
class HourWorth:
    """Thresholds of probability.

    Attributes:
        floor: Below it no hour is announced, however many are left.
        by_days_left: For each number of days left, the threshold by hours left, from
            1 on.
    """

    floor: float
    by_days_left: Sequence[Sequence[float]]

    def threshold(self, days_left: int, hours_left: int) -> float:
        """Return the least probability that is worth an hour; hours left from 1."""
        if not self.by_days_left:
            return self.floor
        of_day = self.by_days_left[min(days_left, len(self.by_days_left) - 1)]
        return of_day[min(hours_left, len(of_day)) - 1]


type DaysOfPeriod = Mapping[int, Sequence[float]]
"""By days left: the probabilities of that day's hours."""


def floor_for(periods: Sequence[DaysOfPeriod], mean_hours: float) -> float:
    """Return the probability that so many hours of a period reach on average."""
    every = sorted(
        (p for period in periods for day in period.values() for p in day), reverse=True
    )
    place = int(mean_hours * len(periods)) - 1
    if not every or place < 0:
        return 1.0
    return max(every[min(place, len(every) - 1)], _NEGLIGIBLE)


def hour_worth(
    periods: Sequence[DaysOfPeriod], budget_hours: int, floor: float
) -> HourWorth:
    """Return what an hour is worth, by days and by hours left.

    Args:
        periods: What past ones were like; each day of them is a key.
        budget_hours: Most hours of a period.
        floor: What an hour costs, as the probability that it must have anyway.
    """
    longest = max((max(period, default=-1) for period in periods), default=-1)
    kept = [0.0] * (budget_hours + 1)
    thresholds: list[Sequence[float]] = []
    for days_left in range(longest + 1):
        thresholds.append(
            [
                max(floor + kept[hours] - kept[hours - 1], floor)
                for hours in range(1, budget_hours + 1)
            ]
        )
        likely = [
            sorted((p for p in period[days_left] if p > floor), reverse=True)
            for period in periods
            if days_left in period
        ]
        kept = _a_day_earlier(likely, kept, floor)
    return HourWorth(floor, thresholds)


def _a_day_earlier(
    days: Iterable[Sequence[float]], kept: Sequence[float], floor: float
) -> list[float]:
    """Return what hours are worth before a day of which there were several."""
    sums = [0.0] * len(kept)
    count = 0
    for likely in days:
        count += 1
        for hours, worth in enumerate(kept):
            best, spent = worth, 0.0
            for announced, p in enumerate(likely[:hours], 1):
                spent += p - floor
                best = max(best, spent + kept[hours - announced])
            sums[hours] += best
    return [one / count for one in sums] if count else [*kept]
