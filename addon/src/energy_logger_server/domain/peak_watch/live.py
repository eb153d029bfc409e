"""The watch as a server runs it: once an hour, from what is stored by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from .evidence import Evidence
from .foresight import Foresight, month_starts
from .history import LoadHistory
from .outlook import Outlook, outlook
from .past import FittedOn, Past
from .reliability import reliability
from .rule import PeakRule, Period
from .training import Budget
from .watch import JudgeOf, Moment, Notice, WatchState, check


@dataclass(frozen=True, slots=True)
class SavedWatch:
    """A watch as it is stored: hours are epoch seconds // 3600.

    Attributes:
        state: As ``WatchState``, with such hours instead of indexes.
        is_trained: Whether the period it looks at is judged by what was learnt.
        is_probability_shown: Whether probabilities may be shown in per cent.
    """

    state: WatchState
    is_trained: bool
    is_probability_shown: bool


NEVER_LOOKED = SavedWatch(WatchState(), is_trained=False, is_probability_shown=False)
"""Of an area that is watched for the first time."""


class Step(NamedTuple):
    """What a look came to.

    Attributes:
        saved: The watch afterwards.
        notices: What is to be said; hours are epoch seconds // 3600.
        outlook: What is ahead.
    """

    saved: SavedWatch
    notices: Sequence[Notice]
    outlook: Outlook


@dataclass(frozen=True)
class Lesson:
    """What was learnt from a history, for one month's models and one period.

    Attributes:
        past: The history, and what there is to learn from it.
        months: Index of the first hour of each month that a model was learnt for.
        period: That the hours to announce lie in.
        budget: In hours.
    """

    past: Past
    months: Sequence[int]
    period: Period | None
    budget: Budget

    @classmethod
    def of(
        cls,
        history: LoadHistory,
        period: Period | None,
        watch: "LiveWatch",
    ) -> "Lesson":
        """Learn: some seconds for years of hours."""
        past = Past.of(history, watch.rule, watch.lead_hours)
        budget = watch.budget
        return cls(past, past.evidence.foresight.since, period, budget)

    def serves(
        self,
        history: LoadHistory,
        period: Period | None,
        watch: "LiveWatch",
    ) -> bool:
        """Return whether nothing has to be learnt anew."""
        return (
            self.past.evidence.history.first_hour == history.first_hour
            and self.past.lead_hours == watch.lead_hours
            and self.past.evidence.rule == watch.rule
            and self.months == month_starts(history)
            and self.period == period
            and self.budget == watch.budget
        )

    @cached_property
    def judge_of(self) -> JudgeOf:
        """Who decides."""
        return self.past.judge_of(FittedOn.PAST, self.budget)

    @cached_property
    def is_probability_shown(self) -> bool:
        """Whether probabilities have been honest so far."""
        found = reliability(self.past, FittedOn.PAST)
        return found is not None and found.is_shown


@dataclass(frozen=True, slots=True)
class LiveWatch:
    """Looks, and learns when a month or a period begins.

    Attributes:
        lead_hours: From an announcement to the hour's beginning, at the least.
        budget_hours: Of a period, never exceeded; also what is aimed at on average.
        rule: What sets the bill.
    """

    lead_hours: int
    budget_hours: int
    rule: PeakRule = field(default_factory=PeakRule)

    @property
    def budget(self) -> Budget:
        """In hours of a period."""
        return Budget(self.budget_hours, self.budget_hours)

    def step(
        self,
        saved: SavedWatch,
        history: LoadHistory,
        hours: "Hours",
        lesson: Lesson | None,
    ) -> tuple[Step, Lesson | None]:
        """Look once; return what it came to, and the lesson for the next look.

        Args:
            saved: The watch as it was left.
            history: Up to the last hour that was over by then.
            hours: When that is.
            lesson: From the look before, if there was one.
        """
        first = history.first_hour
        moment = Moment(hours.now - first, len(history) - 1, hours.target - first)
        period = self.rule.period_of(history.calendar.day[moment.target])
        if lesson is None or not lesson.serves(history, period, self):
            lesson = Lesson.of(history, period, self)
        learnt = lesson.past.evidence.foresight
        evidence = Evidence(Foresight(history, learnt.since, learnt.models), self.rule)
        state, notices = check(
            shifted(saved.state, -first),
            moment,
            evidence,
            lesson.judge_of,
            self.budget_hours,
        )
        is_trained = period is not None and lesson.past.is_trained(
            period, FittedOn.PAST
        )
        after = SavedWatch(
            shifted(state, first),
            is_trained,
            is_trained and lesson.is_probability_shown,
        )
        said = [one._replace(hour=one.hour + first) for one in notices]
        ahead = outlook(
            evidence,
            lesson.past,
            moment.now,
            is_probability_shown=after.is_probability_shown,
        )
        return Step(after, said, ahead), lesson


class Hours(NamedTuple):
    """When the watch looks, as epoch seconds // 3600.

    Attributes:
        now: The hour that begins or runs.
        target: The first that can still be announced in time.
    """

    now: int
    target: int

    @classmethod
    def at(cls, epoch_s: int, lead_hours: int, poll_minutes: int) -> "Hours":
        """Return the hours of an instant.

        The first poll of an hour counts as its beginning; later in the hour, the first
        one that can be announced in time is one further off.
        """
        now, rest_s = divmod(epoch_s, 3600)
        is_first_poll = rest_s < poll_minutes * 60
        return cls(now, now + lead_hours + (0 if is_first_poll else 1))


def shifted(state: WatchState, hours: int) -> WatchState:
    """Return a state whose hours are counted from so many earlier."""
    return replace(
        state,
        looked_to=state.looked_to + hours,
        announced=tuple(
            one._replace(
                hour=one.hour + hours,
                said_at=one.said_at + hours,
                withdrawn_at=(
                    None if one.withdrawn_at is None else one.withdrawn_at + hours
                ),
            )
            for one in state.announced
        ),
    )
