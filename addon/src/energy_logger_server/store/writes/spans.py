"""What time the settled intervals of an answer cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from energy_logger_server.api.nem import MINUTES_PER_DAY, nem_day_number
from energy_logger_server.store.codec.interval_blocks import IntervalBlock

from .interval_kinds import DURATION, END, Row

_SECONDS_PER_DAY = MINUTES_PER_DAY * 60
_NEM_OFFSET_S = 36_000


@dataclass(frozen=True, slots=True)
class Spans:
    """True starts and ends of intervals, at least one, in epoch seconds.

    Attributes:
        starts: First instant of each.
        ends: Instant after the last of each.
        days: NEM dates to which they belong, as days since 1970-01-01.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    days: frozenset[int]

    @property
    def whole_days(self) -> tuple[int, int]:
        """Instants at which the first day begins and the last one is over."""
        return (
            min(self.days) * _SECONDS_PER_DAY - _NEM_OFFSET_S,
            (max(self.days) + 1) * _SECONDS_PER_DAY - _NEM_OFFSET_S,
        )


def spans_of_rows(rows: Sequence[Row]) -> Spans:
    """Return the spans of rows of any lengths."""
    return _spans(
        [row[END] - row[DURATION] * 60 for row in rows], [row[END] for row in rows]
    )


def spans_of_block(block: IntervalBlock) -> Spans:
    """Return the spans of a block."""
    return _spans(block.starts_at, block.ends_at)


def _spans(starts: Sequence[int], ends: Sequence[int]) -> Spans:
    return Spans(starts, ends, frozenset(_days(starts)))


def _days(starts: Iterable[int]) -> Iterable[int]:
    # NEM time is whole hours off UTC, and hours are few
    for hour in {start // 3600 for start in starts}:
        yield nem_day_number(hour * 3600, 0)
