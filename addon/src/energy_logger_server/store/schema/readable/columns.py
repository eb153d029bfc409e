"""What a readable table is: where its rows come from, their columns, their order.

Expressions give what is stored (epoch seconds, scaled integers), so that sorting and
filtering can use the keys; readers are shown natural units and readable times. All
SQL is written in this package; nothing of a request ever gets into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Any

from energy_logger_server.api.nem import NEM_TIME

type Cell = str | int | float | bool | None
"""A value as it is shown."""

type StoredValue = str | int | float | bool | None
"""A value as it is stored, and as a cursor holds it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1970, 1, 1)


class ColumnType(StrEnum):
    """How a column is shown: times and dates as ISO text."""

    TIME = "time"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class IndexRange:
    """Key column that narrows the search for a time that is no key itself.

    Attributes:
        sql: The key column.
        unit_s: Seconds that one of its steps takes.
        before_s: How far the time can lie before the key's.
        after_s: How far behind it.
    """

    sql: str
    unit_s: int
    before_s: int = 0
    after_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column.

    Attributes:
        name: As shown.
        type: How it is shown.
        sql: What is stored.
        scale: Numbers: how many of what is stored make one; None for a float.
        zone: Times: the clock they are shown by.
        order: Key columns that order rows as this column does; empty if none do.
        index_range: For times that are no key.
        in_view: Whether the view has it too.
    """

    name: str
    type: ColumnType
    sql: str
    scale: int | None = 1
    zone: tzinfo = UTC
    order: tuple[str, ...] = ()
    index_range: IndexRange | None = None
    in_view: bool = True

    def shown(self, stored: Any) -> Cell:
        """Return what is stored in natural units, times and dates as ISO text."""
        if stored is None:
            return None
        match self.type:
            case ColumnType.TIME:
                return _time_text(stored, self.zone)
            case ColumnType.DATE:
                return (_FIRST_DAY + timedelta(days=stored)).isoformat()
            case ColumnType.NUMBER:
                number: int | float = stored
                return number if self.scale in (None, 1) else number / self.scale
            case ColumnType.BOOL:
                return bool(stored)
            case ColumnType.TEXT:
                return str(stored)


class RowCount(StrEnum):
    """How many rows there are, without counting ten years of them.

    ``rolled_up``: rollups count them. ``numbered``: rows are numbered upwards.
    ``bounded``: counted up to a bound, behind which PostgreSQL has an estimate.
    """

    ROLLED_UP = "rolled up"
    NUMBERED = "numbered"
    BOUNDED = "bounded"


@dataclass(frozen=True, kw_only=True)
class ReadableTable:
    """A table that can be browsed.

    Attributes:
        name: As shown, in paths, and of the view.
        description: One sentence.
        table: The table that has its rows.
        source: What follows FROM.
        joined: The condition that joins its tables.
        columns: In the order in which they are shown.
        key: Columns that name a row, as whole numbers; rows are shown newest first
            by them.
        default_sort: The column that the key orders by.
        series_kind: Kind of the series that the table's key begins with, if it does:
            then its source has ``series s``, joined by ``t.series_id``.
        row_count: How its rows are counted.
        has_view: Whether there is a view of its columns.
    """

    name: str
    description: str
    table: str
    source: str
    joined: str = "1 = 1"
    columns: tuple[TableColumn, ...]
    key: tuple[str, ...]
    default_sort: str
    series_kind: str | None = None
    row_count: RowCount = RowCount.BOUNDED
    has_view: bool = True

    @cached_property
    def by_name(self) -> Mapping[str, TableColumn]:
        """Columns by name."""
        return {column.name: column for column in self.columns}


def text(name: str, sql: str) -> TableColumn:
    """Return a column of text."""
    return TableColumn(name=name, type=ColumnType.TEXT, sql=sql)


def truth(name: str, sql: str) -> TableColumn:
    """Return a column of true and false."""
    return TableColumn(name=name, type=ColumnType.BOOL, sql=sql)


def day(name: str, sql: str, *, is_key: bool = True) -> TableColumn:
    """Return a column of dates, stored as days since 1970-01-01."""
    order = (sql,) if is_key else ()
    return TableColumn(name=name, type=ColumnType.DATE, sql=sql, order=order)


def number(
    name: str,
    sql: str,
    scale: int | None = 1,
    *,
    is_key: bool = False,
    in_view: bool = True,
) -> TableColumn:
    """Return a column of numbers."""
    return TableColumn(
        name=name,
        type=ColumnType.NUMBER,
        sql=sql,
        scale=scale,
        order=(sql,) if is_key else (),
        in_view=in_view,
    )


def time(
    name: str,
    sql: str,
    *,
    order: tuple[str, ...] = (),
    index_range: IndexRange | None = None,
) -> TableColumn:
    """Return a column of times in UTC, stored as epoch seconds."""
    return TableColumn(
        name=name,
        type=ColumnType.TIME,
        sql=sql,
        order=order,
        index_range=index_range,
    )


def nem_time(name: str, sql: str) -> TableColumn:
    """Return a column of times in NEM time, stored as epoch seconds, that is a key."""
    return TableColumn(
        name=name, type=ColumnType.TIME, sql=sql, zone=NEM_TIME, order=(sql,)
    )


KNOWN_AT = time("known_at", "t.known_at")
RUN_ID = number("run_id", "t.run_id")


def _time_text(epoch_s: int, zone: tzinfo) -> str:
    shown = (_EPOCH + timedelta(seconds=epoch_s)).astimezone(zone).isoformat()
    return shown.replace("+00:00", "Z") if zone is UTC else shown
