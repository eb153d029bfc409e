"""What came: settled values of a series, and their mean over an interval."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self


class SettledValue(NamedTuple):
    """A value that counts for an interval; instants are epoch seconds."""

    start_at: int
    end_at: int
    scaled: int
    """As the store has it: sums of whole numbers are exact."""


class SettledValues:
    """Settled values of one series.

    Half an hour that was forecast as one may be settled as six intervals of five
    minutes: then their mean counts, if all of them are there.
    """

    def __init__(self, values: Iterable[SettledValue]) -> None:
        """Use ``of``."""
        self._values = tuple(values)
        self._begins: dict[int, tuple[int, int]] = {}
        self._ends: dict[int, tuple[int, int]] = {}
        stretch, total, last_end = 0, 0, None
        for start, end, scaled in self._values:
            if start != last_end:
                stretch, total = stretch + 1, 0
            self._begins[start] = stretch, total
            total += scaled * (end - start)
            self._ends[end] = stretch, total
            last_end = end

    @classmethod
    def of(cls, values: Iterable[SettledValue]) -> Self:
        """Return values that may come in any order; none overlaps another."""
        return cls(sorted(values))

    def mean(self, start_at: int, end_at: int) -> float | None:
        """Return the scaled mean over an interval; None if it is not wholly known."""
        begin, end = self._begins.get(start_at), self._ends.get(end_at)
        if begin is None or end is None or begin[0] != end[0] or end_at <= start_at:
            return None
        return (end[1] - begin[1]) / (end_at - start_at)

    def minutes_by_hour(
        self, since: int, local_hour: Callable[[int], int]
    ) -> Mapping[int, int]:
        """Return for how many minutes a value is known.

        Args:
            since: No interval that begins earlier counts, epoch seconds.
            local_hour: The hour of the day, 0 to 23, at an instant.
        """
        minutes: Counter[int] = Counter()
        for start, end, _scaled in self._values:
            if start >= since:
                minutes[local_hour(start)] += (end - start) // 60
        return minutes
