"""Views in natural units and readable times, for people with a SQL tool.

Times are UTC text with ``Z``, NEM times with ``+10:00``; both databases have the same
views with the same columns, those of the table browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from .readable.columns import ColumnType, ReadableTable, TableColumn
from .readable.tables import TABLES


@dataclass(frozen=True, slots=True)
class _Formats:
    """How a database writes times as text; each takes an expression.

    Attributes:
        utc: Epoch seconds as UTC.
        nem: Epoch seconds as NEM time.
        day: Days since 1970-01-01 as a date.
    """

    utc: Callable[[str], str]
    nem: Callable[[str], str]
    day: Callable[[str], str]


_SQLITE = _Formats(
    utc="strftime('%Y-%m-%dT%H:%M:%SZ', {0}, 'unixepoch')".format,
    nem="strftime('%Y-%m-%dT%H:%M:%S+10:00', ({0}) + 36000, 'unixepoch')".format,
    day="date(({0}) * 86400, 'unixepoch')".format,
)
_POSTGRES = _Formats(
    utc=(
        "to_char(to_timestamp({0}) AT TIME ZONE 'UTC',"
        ' \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
    ).format,
    nem=(
        "to_char(to_timestamp(({0}) + 36000) AT TIME ZONE 'UTC',"
        ' \'YYYY-MM-DD"T"HH24:MI:SS"+10:00"\')'
    ).format,
    day="to_char(date '1970-01-01' + ({0})::int, 'YYYY-MM-DD')".format,
)


def view_statements(dialect: str) -> dict[str, str]:
    """Return the query behind each view, by the view's name.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    formats = _POSTGRES if dialect == "postgresql" else _SQLITE
    return {
        name: _query(table, formats) for name, table in TABLES.items() if table.has_view
    }


def _query(table: ReadableTable, formats: _Formats) -> str:
    columns = ", ".join(
        f'{_natural(column, formats)} AS "{column.name}"'
        for column in table.columns
        if column.in_view
    )
    return f"SELECT {columns} FROM {table.source} WHERE {table.joined}"


def _natural(column: TableColumn, formats: _Formats) -> str:
    """Return the SQL of ``TableColumn.shown``."""
    match column.type:
        case ColumnType.TIME if column.zone is UTC:
            return formats.utc(column.sql)
        case ColumnType.TIME:
            return formats.nem(column.sql)
        case ColumnType.DATE:
            return formats.day(column.sql)
        case ColumnType.NUMBER if column.scale not in (None, 1):
            return f"({column.sql}) / {column.scale}.0"
        case _:
            return column.sql
