"""Which of several stated values held at an instant: one for every moment; pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from energy_logger_server.api.exact_json import JsonValue


class Precedence(IntEnum):
    """What a value is worth beside others about the same time, least first."""

    EXPECTED = 0
    REVISED = 1
    SETTLED = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of an interval that may have been believed.

    Attributes:
        series_id: Whose.
        end_at: End of the interval, epoch seconds.
        duration_minutes: Its length.
        rank: Standing, and what is newer among equals.
        record: Makes the record as upstream sent it.
    """

    series_id: int
    end_at: int
    duration_minutes: int
    rank: tuple[Precedence, int]
    record: Callable[[], JsonValue]

    @property
    def start_at(self) -> int:
        """First instant, epoch seconds."""
        return self.end_at - self.duration_minutes * 60


def without_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return those that no higher ranking one overlaps, in the order of their ends.

    Args:
        candidates: Of one series.
    """
    held: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: one.rank, reverse=True):
        place = bisect_right(held, candidate.start_at, key=lambda one: one.end_at)
        if place == len(held) or held[place].start_at >= candidate.end_at:
            held.insert(place, candidate)
    return held


def uncovered(
    held: Sequence[Candidate], window: tuple[int, int]
) -> tuple[int, int] | None:
    """Return the narrowest span that holds all of a window's time without a value.

    Args:
        held: Without overlap, in the order of their ends.
        window: First instant and the one past the last, epoch seconds.

    Returns:
        None when every instant has its value.
    """
    low, high = window
    for candidate in held:
        if candidate.start_at > low:
            break
        low = max(low, candidate.end_at)
    for candidate in reversed(held):
        if candidate.end_at < high:
            break
        high = min(high, candidate.start_at)
    return (low, high) if low < high else None
