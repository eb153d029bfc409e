"""Hours in the order in which they were last changed, for those who keep a copy.

A row's place in the feed is its change (the number of the write transaction), its hour
and its series; a row that changes moves to the end. So whoever asks for what lies
behind the last place seen misses nothing, however runs overlap. Only hours that are
over are listed. One may have changed last while it was still running, and have been
passed over: a cursor therefore also holds the hour that was running when it was made,
and hours from that one on are looked at again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

type FeedPosition = tuple[int, int, int]
"""Change, hour, series."""


class FeedRow(Protocol):
    """A row whose columns say its place in the feed."""

    @property
    def change_id(self) -> int:
        """Number of the write transaction that changed it last."""
        ...

    @property
    def hour(self) -> int:
        """Its hour, in its table's unit."""
        ...

    @property
    def series_id(self) -> int:
        """Its series, area or substation."""
        ...


def position_of(row: FeedRow) -> FeedPosition:
    """Return a row's place in the feed."""
    return row.change_id, row.hour, row.series_id


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """How far somebody has read a feed.

    Attributes:
        place: Of the last row; nothing lies before ``START``.
        running: First hour that was not over then, epoch seconds // 3600.
    """

    place: FeedPosition
    running: int


START = FeedCursor((0, 0, 0), 0)
"""Before everything."""


@dataclass(frozen=True, slots=True)
class HoursWanted:
    """Which hours are asked for.

    Attributes:
        since: Where the answer before ended.
        first: Earliest start of an hour, epoch seconds.
        end: No hour that starts here or later, epoch seconds.
        running: First hour that is not over, epoch seconds // 3600.
        limit: Most hours to return.
    """

    since: FeedCursor
    first: int
    end: int
    running: int
    limit: int

    @property
    def hours(self) -> tuple[int, int]:
        """First hour and the one past the last."""
        return -(-self.first // 3600), -(-self.end // 3600)


@dataclass(frozen=True, slots=True)
class HourPage[Record]:
    """The next hours of a feed.

    Attributes:
        hours: In the order of change.
        cursor: Where to go on, now or later.
        is_truncated: Whether there is more already.
    """

    hours: tuple[Record, ...]
    cursor: FeedCursor
    is_truncated: bool


def next_rows[Found: FeedRow](
    wanted: HoursWanted, rows: Iterable[Found]
) -> tuple[list[Found], FeedCursor, bool]:
    """Return the rows of a page, where to go on, and whether there is more already.

    Args:
        wanted: What was asked for.
        rows: The next ones behind the cursor, one more than the limit if there are,
            and all that were passed over as running.
    """
    found = sorted(rows, key=position_of)
    kept = found[: wanted.limit]
    is_truncated = len(found) > len(kept)
    place = wanted.since.place
    if kept:
        last = position_of(kept[-1])
        # a page that is cut among those passed over goes on there
        place = last if is_truncated else max(place, last)
    return kept, FeedCursor(place, wanted.running), is_truncated
