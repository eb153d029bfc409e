"""The watch: from hour to hour it announces, withdraws and gives the all-clear.

It keeps nothing in mind but its state, which is handed in and out: who stores that can
stop and go on at any hour, and nothing is announced twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from .evidence import Evidence
from .rule import Period
from .training import Trained

_WITHDRAWN_BELOW = 0.2
"""An announced hour is withdrawn when its probability is below this share of what it
had to have."""


class NoticeKind(StrEnum):
    """What the watch says; stable names."""

    ANNOUNCED = "announced"
    WITHDRAWN = "withdrawn"
    ALL_CLEAR = "all_clear"


class Notice(NamedTuple):
    """Something the watch says.

    Attributes:
        kind: What.
        hour: Index of the hour it is about; of the running one for an all-clear.
        probability: That this hour is a peak; None where nobody knows.
    """

    kind: NoticeKind
    hour: int
    probability: float | None


class AnnouncedHour(NamedTuple):
    """An hour that was announced.

    Attributes:
        hour: Its index.
        period_day: First date of its period, as days since 1970-01-01.
        said_at: Index of the hour that began when it was announced.
        probability: As it was announced; None where nobody knew.
        withdrawn_at: Like ``said_at``; None if it stands.
    """

    hour: int
    period_day: int
    said_at: int
    probability: float | None
    withdrawn_at: int | None = None


@dataclass(frozen=True, slots=True)
class WatchState:
    """All that the watch has to remember.

    Attributes:
        looked_to: Index of the last hour that was decided on; -1 at first.
        announced: Hours of the newest period, and those before that are not over.
        is_open: Whether hours were announced and no all-clear was given since.
    """

    looked_to: int = -1
    announced: tuple[AnnouncedHour, ...] = ()
    is_open: bool = False


class Decision(NamedTuple):
    """Whether an hour is worth an announcement.

    Attributes:
        is_worth_it: If there is an hour left to announce.
        is_ruled_out: Whether it is to be withdrawn, had it been announced.
        probability: That it is a peak; None where nobody knows.
    """

    is_worth_it: bool
    is_ruled_out: bool
    probability: float | None


class DecisionRule(Protocol):
    """Decides on an hour of one period, or of any, by what is known."""

    def __call__(
        self, evidence: Evidence, index: int, known: int, period: Period, left: int
    ) -> Decision:
        """Return the verdict, if so many hours are left to announce."""
        ...


def by_probability(trained: Trained) -> DecisionRule:
    """Return a judge that goes by what was learnt."""

    def decide(
        evidence: Evidence, index: int, known: int, period: Period, left: int
    ) -> Decision:
        terms = evidence.of(index, known, period)
        if terms is None:
            return Decision(is_worth_it=False, is_ruled_out=True, probability=0.0)
        p = trained.logistic.probability(terms)
        days_left = evidence.days_left(index, period)
        needed = trained.worth.threshold(days_left, max(left, 1))
        return Decision(p >= needed, p < trained.worth.floor * _WITHDRAWN_BELOW, p)

    return decide


type JudgeOf = Callable[[Period], DecisionRule]
"""Who decides on a period's hours."""


class Moment(NamedTuple):
    """When the watch looks.

    Attributes:
        now: Index of the hour that begins or runs.
        known: Index of the newest hour with a load.
        target: Index of the first hour that can still be announced in time.
    """

    now: int
    known: int
    target: int


def check(
    state: WatchState,
    moment: Moment,
    evidence: Evidence,
    judge_of: JudgeOf,
    most_hours: int | None,
) -> tuple[WatchState, Sequence[Notice]]:
    """Look at what is known now; return the state afterwards and what is to be said.

    Args:
        state: As the last look left it.
        moment: When, and what is known.
        evidence: Of a history that reaches to the newest known hour.
        judge_of: Says who decides.
        most_hours: Of a period that may be announced; None sets no bound.
    """
    notices: list[Notice] = []
    announced = [*state.announced]
    for place, one in enumerate(announced):
        if one.withdrawn_at is not None or one.hour <= moment.now:
            continue
        verdict = _verdict(judge_of, evidence, moment.known, one.hour)
        if verdict is not None and verdict.is_ruled_out:
            announced[place] = one._replace(withdrawn_at=moment.now)
            notices.append(Notice(NoticeKind.WITHDRAWN, one.hour, verdict.probability))
    is_open = state.is_open
    if moment.target > state.looked_to:
        made = _announcement(announced, moment, evidence, judge_of, most_hours)
        if made is not None:
            announced.append(made)
            notices.append(Notice(NoticeKind.ANNOUNCED, made.hour, made.probability))
            is_open = True
    if is_open and all(
        one.withdrawn_at is not None or one.hour < moment.now for one in announced
    ):
        notices.append(Notice(NoticeKind.ALL_CLEAR, moment.now, None))
        is_open = False
    return (
        WatchState(
            max(state.looked_to, moment.target),
            _kept(announced, moment, evidence),
            is_open,
        ),
        notices,
    )


def _announcement(
    announced: Sequence[AnnouncedHour],
    moment: Moment,
    evidence: Evidence,
    judge_of: JudgeOf,
    most_hours: int | None,
) -> AnnouncedHour | None:
    period = _period_of(evidence, moment.target)
    if period is None:
        return None
    spent = sum(one.period_day == period.first_day for one in announced)
    left = 1 if most_hours is None else most_hours - spent
    if left < 1:
        return None
    verdict = judge_of(period)(evidence, moment.target, moment.known, period, left)
    if not verdict.is_worth_it:
        return None
    return AnnouncedHour(
        moment.target, period.first_day, moment.now, verdict.probability
    )


def _verdict(
    judge_of: JudgeOf, evidence: Evidence, known: int, index: int
) -> Decision | None:
    period = _period_of(evidence, index)
    return judge_of(period)(evidence, index, known, period, 1) if period else None


def _period_of(evidence: Evidence, index: int) -> Period | None:
    return evidence.rule.period_of(evidence.history.calendar.day[index])


def _kept(
    announced: Sequence[AnnouncedHour], moment: Moment, evidence: Evidence
) -> tuple[AnnouncedHour, ...]:
    newest = _period_of(evidence, moment.target)
    return tuple(
        one
        for one in announced
        if one.hour >= moment.now
        or (newest is not None and one.period_day == newest.first_day)
    )
