"""Reading a table around its damaged pages, in the order of its key.

A page that is damaged ends every read that comes to it. So a table is read from its
beginning to the first damage and from its end back to the last; what lies between is
halved by the first column of the key, and read in the same way, until nothing more is
found. Keys are read from the table itself, never from another index.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from energy_logger_server.store.transfer.tables import TableShape, ValueKind

type Key = tuple[object, ...]
"""Of a row, or the beginning of one: where the halves of a gap meet."""

type Row = tuple[object, ...]

_ROWS_AT_ONCE = 1_000
_MOST_HALVINGS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """Where rows are lost, if there were any.

    Attributes:
        after: Key of the last row that was read before it; None at the beginning.
        before: Key of the first one behind it; None at the end.
    """

    after: Key | None
    before: Key | None


class TableReader:
    """Reads one table of a damaged file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: TableShape,
        take: Callable[[Sequence[Row]], None],
    ) -> None:
        """Read nothing yet.

        Args:
            connection: To the damaged file.
            table: Which.
            take: Is given rows, each as in the table's columns, in any order.
        """
        self._connection = connection
        self._take = take
        self._keys = [column.name for column in table.key]
        self._edges: list[Key] = []
        names = table.column_names
        self._places = [names.index(name) for name in self._keys]
        self._is_halved = table.key[0].kind is ValueKind.INTEGER
        self._select = f'SELECT {", ".join(names)} FROM "{table.name}"'

    def read(self) -> list[Gap]:
        """Give every row that can be read to who takes them; return what is lost."""
        gaps = _joined(self._between(None, None, _MOST_HALVINGS))
        return [
            Gap(self._row_before(one.after), self._row_behind(one.before))
            for one in gaps
        ]

    def _between(self, low: Key | None, high: Key | None, halvings: int) -> list[Gap]:
        """Read what lies behind one key and before another, neither of them."""
        first, is_whole = self._scan(low, high, "ASC")
        if is_whole:
            return []
        last, _ = self._scan(first or low, high, "DESC")
        after, before = first or low, last or high
        middle = self._middle(after, before) if halvings else None
        if middle is None:
            return [Gap(after, before)]
        return [
            *self._between(after, middle, halvings - 1),
            *self._between(middle, before, halvings - 1),
        ]

    def _scan(
        self, low: Key | None, high: Key | None, order: str
    ) -> tuple[Key | None, bool]:
        """Read from one end on; return the last key, and whether all was read."""
        conditions: list[str] = []
        values: list[object] = []
        behind = ">=" if isinstance(low, _Middle) else ">"
        for bound, sign in ((low, behind), (high, "<")):
            if bound is not None:
                columns = ", ".join(self._keys[: len(bound)])
                marks = ", ".join("?" * len(bound))
                conditions.append(f"({columns}) {sign} ({marks})")
                values += bound
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        by = ", ".join(f"{name} {order}" for name in self._keys)
        key: Key | None = None
        rows: list[Row] = []
        is_whole = True
        try:
            for row in self._connection.execute(
                f"{self._select}{where} ORDER BY {by}", values
            ):
                rows.append(row)
                if len(rows) == _ROWS_AT_ONCE:
                    key = self._give(rows)
                    rows = []
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            is_whole = False
        return (self._give(rows) if rows else key), is_whole

    def _give(self, rows: list[Row]) -> Key:
        self._take(rows)
        first, last = (
            tuple(row[place] for place in self._places) for row in (rows[0], rows[-1])
        )
        self._edges += (first, last)
        return last

    def _row_before(self, key: Key | None) -> Key | None:
        """Return a key of a row that was read: what lies before a middle, or itself."""
        if not isinstance(key, _Middle):
            return key
        return max((one for one in self._edges if one < key), default=None)

    def _row_behind(self, key: Key | None) -> Key | None:
        if not isinstance(key, _Middle):
            return key
        return min((one for one in self._edges if one >= key), default=None)

    def _middle(self, after: Key | None, before: Key | None) -> Key | None:
        """Return a key between two; None where there is none to be tried."""
        if not self._is_halved or after is None or before is None:
            return None
        low, high = after[0], before[0]
        if not isinstance(low, int) or not isinstance(high, int):
            return None
        middle = (low + high) // 2
        return _Middle((middle,)) if low < middle else None


class _Middle(tuple[object, ...]):
    """Where the halves of a gap meet: its row belongs to the second one."""

    __slots__ = ()


def _joined(gaps: list[Gap]) -> list[Gap]:
    """Return gaps, those as one that meet where something was halved."""
    joined: list[Gap] = []
    for gap in gaps:
        if joined and gap.after is not None and joined[-1].before == gap.after:
            joined[-1] = Gap(joined[-1].after, gap.before)
        else:
            joined.append(gap)
    return joined
