"""What time the settled intervals of an answer cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from energy_logger_server.api.nem import nem_day_number, nem_midnight
from energy_logger_server.store.codec.interval_blocks import IntervalBlock
from energy_logger_server.store.codec.intervals import IntervalRow, start_of


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
        return nem_midnight(min(self.days)), nem_midnight(max(self.days) + 1)


def spans_of_rows(rows: Sequence[IntervalRow]) -> Spans:
    """Return the spans of rows of any lengths."""
    return Spans(
        [start_of(row) for row in rows],
        [row.end_at for row in rows],
        frozenset(nem_day_number(row.end_at, row.duration_minutes) for row in rows),
    )


def spans_of_block(block: IntervalBlock[Any]) -> Spans:
    """Return the spans of a block."""
    starts, ends = block.starts_and_ends()
    return Spans(starts, ends, frozenset(block.days))
