"""The order of a table's rows, as cursors of its pages know it."""

from collections.abc import Mapping

from energy_logger_server.store.browse.query import Direction
from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    ReadableTable,
    TableColumn,
)
from energy_logger_server.web.http.page_cursor import CursorValue, ListOrder

_LARGEST = 2**62
_TYPES: Mapping[ColumnType, tuple[type, ...]] = {
    ColumnType.TEXT: (str,),
    ColumnType.BOOL: (bool,),
    ColumnType.NUMBER: (int, float),
    ColumnType.TIME: (int,),
    ColumnType.DATE: (int,),
}


def table_order(
    table: ReadableTable, sort: TableColumn, direction: Direction
) -> ListOrder:
    """Return the order by a column and by the table's key, or by the key alone."""

    def is_of_column(value: CursorValue) -> bool:
        if value is None:
            return True
        if type(value) not in _TYPES[sort.type]:
            return False
        return "\0" not in value if isinstance(value, str) else abs(value) <= _LARGEST

    by_column = () if sort.order else (is_of_column,)
    return ListOrder(
        f"tables/{table.name}/{sort.name}/{direction.value}",
        (*by_column, *(_is_whole for _column in table.key)),
    )


def _is_whole(value: CursorValue) -> bool:
    return type(value) is int and abs(value) <= _LARGEST
