"""When to read a list of sites or areas, and what to think of one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from energy_logger_server.api.absence import (
    RELIST_AFTER,
    Absence,
    Missing,
    is_gone,
    is_suspicious,
    record_listing,
)
from energy_logger_server.api.models import Answer
from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.problems import ProblemCode

from .runs.run_log import ActiveRun


class ListingPlan:
    """First, once a day of the source, and soon after a list that was doubtful."""

    def __init__(self, clock: Clock, date_at: Callable[[datetime], date]) -> None:
        """Nothing was read yet.

        Args:
            clock: Tells the time.
            date_at: The source's calendar.
        """
        self._clock = clock
        self._date_at = date_at
        self._read_at: datetime | None = None
        self._is_doubted = False

    def invalidate(self) -> None:
        """Have the list read soon: something did not fit what is known."""
        self._is_doubted = True

    def is_due(self) -> bool:
        """Whether the list should be read."""
        if self._read_at is None:
            return True
        now = self._clock.now()
        if self._is_doubted and abs(now - self._read_at) >= RELIST_AFTER:
            return True
        return self._date_at(now) != self._date_at(self._read_at)

    def record(self, read_at: datetime, *, is_suspicious: bool) -> None:
        """Note that it was read, and that the store has what is believed of it.

        Args:
            read_at: Instant (UTC) by our clock.
            is_suspicious: Whether to read it again soon.
        """
        self._read_at = read_at
        self._is_doubted = is_suspicious


@dataclass(frozen=True, slots=True)
class ListingState:
    """What a list lacks.

    Attributes:
        is_empty: Whether it has nothing at all: such a list is not believed.
        missing: Keys that are known, not in it and not taken as gone yet, ascending.
        is_suspicious: Whether to ask for it again soon.
        is_partial: Whether what is known, or all that there is while nothing is, may
            be among records that could not be read: nothing is missing from such a
            list, and it is not whole either.
    """

    is_empty: bool
    missing: tuple[str, ...]
    is_suspicious: bool
    is_partial: bool = False


def assess_listing[Record](
    known: Mapping[str, Missing | None], answer: Answer[Record], listed: Collection[str]
) -> ListingState:
    """Return what to think of a list that is about to be stored.

    Args:
        known: What the store takes to exist, and how long lists have lacked it.
        answer: The list. Where some of its records could not be read, nothing can be
            said about what is not in it, unless the others are all that is known.
        listed: Keys of those that could.
    """
    if answer.rejected:
        is_partial = not known or not set(known).issubset(listed)
        return ListingState(
            is_empty=False,
            missing=(),
            is_suspicious=is_partial,
            is_partial=is_partial,
        )
    absent = {key: missing for key, missing in known.items() if missing is not None}
    before = Absence(frozenset(known), absent)
    state = record_listing(before, listed, answer.fetched_at)
    missing = {key for key in set(known) - set(listed) if not is_gone(state, key)}
    return ListingState(
        is_empty=not listed,
        missing=tuple(sorted(missing)),
        is_suspicious=is_suspicious(state, listed),
    )


def report_partial[Record](
    run: ActiveRun, subject: str, title: str, answer: Answer[Record]
) -> None:
    """Say that a list has records that could not be read, and may lack what is known.

    Args:
        run: Read the list.
        subject: The list's name in the run log.
        title: The list's name in a sentence.
        answer: The list.
    """
    message = (
        f"{len(answer.rejected)} of the records of {title} could not be read: what is "
        "known stays, and the list is asked for again in minutes."
    )
    detail = f"{message} The first: {answer.rejected[0].reason}"
    run.remark(subject, ProblemCode.LIST_UNREADABLE, detail)
    run.problems.begin(ProblemCode.LIST_UNREADABLE, message, detail=detail)


def report_readable(run: ActiveRun, title: str) -> None:
    """Say that a list has all that is known among what could be read."""
    run.problems.end(ProblemCode.LIST_UNREADABLE, f"{title} can be read again")
