"""Filters of a table, such as ``load_kw>=100000,area="BAEC",cause=``.

Conditions stand between commas, and all of them must hold: a column, ``=``, ``!=``,
``<``, ``<=``, ``>``, ``>=`` or ``~`` (contains, small or capital), a value. A value in
double quotes is a text as it stands, with quotes doubled; no value means nothing.
"""

import re
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import voluptuous as vol

from energy_logger_server.store.browse.query import Comparison, Condition
from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    ReadableTable,
    TableColumn,
)
from energy_logger_server.web.http.checks import Matching
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.history_query import Moment

_NAME = "[a-z_]{1,63}"
_SIGN = "!=|<=|>=|=|<|>|~"
_VALUE = r'"(?:[^"\x00]|"")*"|[^",\x00][^,\x00]*'
_CONDITION = f"{_NAME}(?:{_SIGN})(?:{_VALUE})?"
_PARTS = re.compile(f"({_NAME})({_SIGN})({_VALUE})?(?:,|$)")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_FIRST_DAY = date(1970, 1, 1)
_MOST_CONDITIONS = 20

FILTER = Matching(
    f"{_CONDITION}(?:,{_CONDITION})*",
    "must be conditions with commas between, such as load_kw>=100000,area=BAEC",
)


def read_filter(table: ReadableTable, text: str) -> tuple[Condition, ...]:
    """Return the conditions of a filter that ``FILTER`` has accepted.

    Raises:
        ApiError: If a column is not there, or cannot be compared like this.
    """
    parts = _PARTS.findall(text)
    if len(parts) > _MOST_CONDITIONS:
        raise _refused(f"must not have more than {_MOST_CONDITIONS} conditions")
    return tuple(
        _condition(column_named(table, name, "where"), Comparison(sign), value)
        for name, sign, value in parts
    )


def column_named(table: ReadableTable, name: str, parameter: str) -> TableColumn:
    """Return a column.

    Raises:
        ApiError: If the table has none of that name.
    """
    column = table.by_name.get(name)
    if column is None:
        allowed = ", ".join(table.by_name)
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unknown_column",
            f"{table.name} has no column {name!r}, allowed: {allowed}",
            parameter=parameter,
        )
    return column


def _condition(column: TableColumn, comparison: Comparison, text: str) -> Condition:
    is_quoted = text.startswith('"')
    value = text[1:-1].replace('""', '"') if is_quoted else text
    if not text:
        if comparison not in (Comparison.EQUAL, Comparison.UNEQUAL):
            raise _refused(f"can compare {column.name} with nothing only by = and !=")
        return Condition(column, comparison, None)
    _check_comparison(column, comparison)
    try:
        return Condition(column, comparison, _value(column, value))
    except (ValueError, vol.Invalid):
        raise _refused(
            f"compares {column.name} with {value!r}, which is no {_WANTED[column.type]}"
        ) from None


_WANTED = {
    ColumnType.TEXT: "text",
    ColumnType.BOOL: "true or false",
    ColumnType.NUMBER: "number such as 12.5",
    ColumnType.DATE: "date such as 2026-01-04",
    ColumnType.TIME: "date or time such as 2026-01-04T03:00:00Z",
}


def _check_comparison(column: TableColumn, comparison: Comparison) -> None:
    is_text = column.type is ColumnType.TEXT
    if comparison is Comparison.CONTAINS and not is_text:
        raise _refused(f"cannot search {column.name}, which is not text, by ~")
    is_equality = comparison in (Comparison.EQUAL, Comparison.UNEQUAL)
    if column.type is ColumnType.BOOL and not is_equality:
        raise _refused(f"can compare {column.name} only by = and !=")


def _value(column: TableColumn, text: str) -> str | bool | Decimal:
    match column.type:
        case ColumnType.TEXT:
            return text
        case ColumnType.BOOL:
            if text not in ("true", "false"):
                raise ValueError(text)
            return text == "true"
        case ColumnType.NUMBER:
            if not _NUMBER.fullmatch(text):
                raise ValueError(text)
            return Decimal(text)
        case ColumnType.DATE:
            return Decimal((date.fromisoformat(text) - _FIRST_DAY).days)
        case ColumnType.TIME:
            return Decimal(str(Moment(column.zone, is_end=False)(text).seconds))


def _refused(message: str) -> ApiError:
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid_filter",
        f"where {message}",
        parameter="where",
    )
