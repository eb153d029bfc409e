"""Which intervals count: one duration covers an instant, or money counts twice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from energy_logger_server.api.nem import MINUTES_PER_DAY, nem_day_number

type IntervalKey = tuple[int, int]
"""End in epoch seconds, duration in minutes."""


@dataclass(frozen=True, slots=True)
class MergedIntervals:
    """What becomes of the intervals of an answer and of those stored before.

    Attributes:
        adopted: New keys that may be stored.
        superseded: Stored keys that give way to a complete day in other durations.
        refused: New keys that overlap what is stored, in a day that is not complete.
    """

    adopted: tuple[IntervalKey, ...]
    superseded: tuple[IntervalKey, ...]
    refused: tuple[IntervalKey, ...]


def is_free_of_overlap(keys: Collection[IntervalKey]) -> bool:
    """Return whether keys in order of their ends do not overlap."""
    before = None
    for end_at, duration in keys:
        if before is not None and end_at - duration * 60 < before:
            return False
        before = end_at
    return True


def merge(
    incoming: Iterable[IntervalKey], stored: Collection[IntervalKey]
) -> MergedIntervals:
    """Decide day by day which durations hold.

    A day that the answer covers completely (1,440 minutes without overlap) replaces
    the stored rows of that day in other durations. In any other day what is stored
    stays, and what overlaps it is refused. Keys that are stored already are neither
    adopted nor refused.

    Args:
        incoming: Keys of the answer, distinct.
        stored: Keys of the same series, at least of every day that the answer touches.
    """
    stored_by_day = _by_day(stored)
    adopted: list[IntervalKey] = []
    superseded: list[IntervalKey] = []
    refused: list[IntervalKey] = []
    for day, keys in _by_day(incoming).items():
        present = stored_by_day.get(day, [])
        ordered = sorted(keys)
        if _is_complete(ordered):
            fresh = set(keys)
            superseded += [key for key in present if key not in fresh]
            known = set(present)
            adopted += [key for key in ordered if key not in known]
            continue
        taken = sorted(present)
        known = set(taken)
        for key in ordered:
            if key in known:
                continue
            if any(_overlap(key, other) for other in taken):
                refused.append(key)
            else:
                adopted.append(key)
                taken.append(key)
    return MergedIntervals(tuple(adopted), tuple(superseded), tuple(refused))


def _is_complete(ordered: Collection[IntervalKey]) -> bool:
    return sum(
        duration for _end, duration in ordered
    ) == MINUTES_PER_DAY and is_free_of_overlap(ordered)


def _overlap(one: IntervalKey, other: IntervalKey) -> bool:
    return one[0] - one[1] * 60 < other[0] and other[0] - other[1] * 60 < one[0]


def _by_day(keys: Iterable[IntervalKey]) -> Mapping[int, list[IntervalKey]]:
    days: dict[int, list[IntervalKey]] = {}
    for key in keys:
        days.setdefault(nem_day_number(*key), []).append(key)
    return days
