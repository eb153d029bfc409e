"""The place in a table where a page ended, as a text that goes into a link."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

import orjson

from energy_logger_server.store.browse.query import Direction
from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    ReadableTable,
    StoredValue,
    TableColumn,
)
from energy_logger_server.web.http.checks import Matching
from energy_logger_server.web.http.errors import contradiction

CURSOR = Matching("[A-Za-z0-9_-]{4,2000}", "must be that of a Link header")

_LARGEST = 2**62
_TYPES: dict[ColumnType, tuple[type, ...]] = {
    ColumnType.TEXT: (str,),
    ColumnType.BOOL: (bool,),
    ColumnType.NUMBER: (int, float),
    ColumnType.TIME: (int,),
    ColumnType.DATE: (int,),
}


def write_cursor(
    sort: TableColumn, direction: Direction, values: tuple[StoredValue, ...]
) -> str:
    """Return the text of a place under an order."""
    named = orjson.dumps([sort.name, direction.value, *values])
    return urlsafe_b64encode(named).decode().rstrip("=")


def read_cursor(
    table: ReadableTable, sort: TableColumn, direction: Direction, text: str
) -> tuple[StoredValue, ...]:
    """Return the place that a text names.

    Raises:
        ApiError: If it names none under this order of this table.
    """
    found = _parts(text)
    values = found[2:]
    width = len(table.key) + (not sort.order)
    if found[:2] != [sort.name, direction.value] or len(values) != width:
        raise _foreign()
    if not sort.order and not _fits(sort, values.pop(0)):
        raise _foreign()
    if not all(type(value) is int and abs(value) <= _LARGEST for value in values):
        raise _foreign()
    return tuple(found[2:])


def _parts(text: str) -> list[StoredValue]:
    try:
        found = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, orjson.JSONDecodeError):
        raise _foreign() from None
    if not isinstance(found, list):
        raise _foreign()
    return found


def _fits(sort: TableColumn, value: StoredValue) -> bool:
    if value is None:
        return True
    if isinstance(value, str):
        return sort.type is ColumnType.TEXT and "\0" not in value
    if type(value) is int and abs(value) > _LARGEST:
        return False
    return type(value) in _TYPES[sort.type]


def _foreign() -> Exception:
    return contradiction("cursor", "is not that of this table in this order")
