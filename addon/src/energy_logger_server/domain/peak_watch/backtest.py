"""What the watch would have announced in the past, and what came of it.

It runs the very steps of the live watch, hour by hour, and hands it nothing that was
not known by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .history import DAY_HOURS
from .past import FittedOn, Past
from .rule import Period
from .steps import Step, ignore_progress
from .training import Budget, peak_hours
from .watch import AnnouncedHour, JudgeOf, Moment, WatchState, check


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """A period, what was announced in it, and what came.

    Attributes:
        period: Which.
        peaks: Indexes of the hours that set the bill, the highest first.
        announced: Hours of this period that were announced, ascending.
        days_caught: Days of those hours of which some hour was announced and not
            withdrawn, whichever it was.
        is_trained: Whether the watch had learnt from a year or more.
    """

    period: Period
    peaks: Sequence[int]
    announced: Sequence[AnnouncedHour]
    days_caught: int
    is_trained: bool

    @property
    def caught(self) -> Sequence[AnnouncedHour]:
        """Announced hours that set the bill, and had not been withdrawn."""
        standing = (one for one in self.announced if one.withdrawn_at is None)
        return [one for one in standing if one.hour in self.peaks]

    @property
    def false_alarms(self) -> int:
        """Announced hours that did not set the bill."""
        return sum(one.hour not in self.peaks for one in self.announced)


def backtest(
    past: Past,
    fitted_on: FittedOn,
    budget: Budget,
    judge_of: JudgeOf | None = None,
    *,
    step: Step = ignore_progress,
) -> Sequence[JudgedPeriod]:
    """Return each period of the past with what the watch would have announced.

    Args:
        past: What is judged.
        fitted_on: From which periods the watch learns.
        budget: In hours of a period.
        judge_of: Says who decides instead of what was learnt, to compare with.
        step: Called with the share that is done, day by day.
    """
    if not past.periods:
        return []
    decides = judge_of or past.judge_of(fitted_on, budget)
    calendar = past.evidence.history.calendar
    first, end = (
        calendar.bounds(day)[0]
        for day in (past.periods[0].first_day, past.periods[-1].end_day)
    )
    state = WatchState()
    announced: dict[int, AnnouncedHour] = {}
    for now in range(first - past.lead_hours, end):
        target = min(now + past.lead_hours, end - 1)
        moment = Moment(now, now - 1, target)
        state, _notices = check(
            state, moment, past.evidence, decides, budget.most_hours
        )
        announced |= {one.hour: one for one in state.announced}
        if (now - first) % DAY_HOURS == 0:
            step((now - first) / (end - first))
    return [
        _judged(
            past,
            period,
            [
                one
                for _hour, one in sorted(announced.items())
                if one.period_day == period.first_day
            ],
            is_trained=judge_of is None and past.is_trained(period, fitted_on),
        )
        for period in past.periods
    ]


def _judged(
    past: Past, period: Period, announced: Sequence[AnnouncedHour], *, is_trained: bool
) -> JudgedPeriod:
    day = past.evidence.history.calendar.day
    peaks = peak_hours(past.evidence, period)
    warned = {day[one.hour] for one in announced if one.withdrawn_at is None}
    days_caught = sum(day[peak] in warned for peak in peaks)
    return JudgedPeriod(period, peaks, announced, days_caught, is_trained)


@dataclass(frozen=True, slots=True)
class Tally:
    """Judged periods together.

    Attributes:
        periods: How many.
        peaks: Hours that set the bill.
        caught: Those of them that were announced in time.
        days_caught: Their days of which any hour was.
        announced_hours: In all.
        most_hours: Announced in one period, at the most.
        false_alarms: Announced hours that did not set the bill.
        withdrawn_hours: Announced hours that were withdrawn again.
    """

    periods: int
    peaks: int
    caught: int
    days_caught: int
    announced_hours: int
    most_hours: int
    false_alarms: int
    withdrawn_hours: int

    @property
    def mean_hours(self) -> float:
        """Announced hours of a period."""
        return self.announced_hours / max(self.periods, 1)

    @property
    def caught_share(self) -> float:
        """Of the peaks, 0 to 1."""
        return self.caught / max(self.peaks, 1)


def tally(judged: Sequence[JudgedPeriod]) -> Tally:
    """Return periods together."""
    return Tally(
        periods=len(judged),
        peaks=sum(len(one.peaks) for one in judged),
        caught=sum(len(one.caught) for one in judged),
        days_caught=sum(one.days_caught for one in judged),
        announced_hours=sum(len(one.announced) for one in judged),
        most_hours=max((len(one.announced) for one in judged), default=0),
        false_alarms=sum(one.false_alarms for one in judged),
        withdrawn_hours=sum(
            hour.withdrawn_at is not None for one in judged for hour in one.announced
        ),
    )
