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

    def doubt(self) -> None:
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

    def record(self, *, is_suspicious: bool) -> None:
        """Note that it was read just now.

        Args:
            is_suspicious: Whether to read it again soon.
        """
        self._read_at = self._clock.now()
        self._is_doubted = is_suspicious


@dataclass(frozen=True, slots=True)
class ListingVerdict:
    """What a list lacks.

    Attributes:
        is_empty: Whether it has nothing at all: such a list is not believed.
        missing: Keys that are known, not in it and not taken as gone yet, ascending.
        is_suspicious: Whether to ask for it again soon.
    """

    is_empty: bool
    missing: tuple[str, ...]
    is_suspicious: bool


def judge_listing[Record](
    known: Mapping[str, Missing | None], answer: Answer[Record], listed: Collection[str]
) -> ListingVerdict:
    """Return what to think of a list that is about to be stored.

    Args:
        known: What the store takes to exist, and how long lists have lacked it.
        answer: The list. Where some of its records could not be read, nothing can be
            said about what is not in it.
        listed: Keys of those that could.
    """
    if answer.rejected:
        return ListingVerdict(is_empty=False, missing=(), is_suspicious=False)
    absent = {key: missing for key, missing in known.items() if missing is not None}
    before = Absence(frozenset(known), absent)
    state = record_listing(before, listed, answer.fetched_at)
    missing = {key for key in set(known) - set(listed) if not is_gone(state, key)}
    return ListingVerdict(
        is_empty=not listed,
        missing=tuple(sorted(missing)),
        is_suspicious=is_suspicious(state, listed),
    )
