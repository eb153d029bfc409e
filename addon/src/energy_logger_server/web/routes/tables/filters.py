"""Filters of a table: parameters such as ``load_kw__gte=100000`` or ``area=BAEC``.

A name is that of a column, with two underscores and an operator behind it, or without:
then the value must be equal. All filters must hold, also several of one column. A
column that is called like another parameter is filtered by ``__exact``.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

import voluptuous as vol

from energy_logger_server.api.nem import day_number
from energy_logger_server.store.browse.query import Condition, Operand, Operator
from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    ReadableTable,
    TableColumn,
)
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.checks import Flag
from energy_logger_server.web.http.errors import ApiError, invalid_parameter
from energy_logger_server.web.http.history_query import Moment
from energy_logger_server.web.http.operation import Filters

_SEPARATOR = "__"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_MOST_FILTERS = 20
_MOST_VALUES = 100

_EQUALITY = (Operator.EXACT, Operator.NE, Operator.ISNULL)
_ORDER = (Operator.GT, Operator.GTE, Operator.LT, Operator.LTE, Operator.IN)
_ORDERED = (*_EQUALITY, *_ORDER)
_OPERATORS: Mapping[ColumnType, tuple[Operator, ...]] = {
    ColumnType.TEXT: (*_ORDERED, Operator.CONTAINS),
    ColumnType.BOOL: _EQUALITY,
    ColumnType.NUMBER: _ORDERED,
    ColumnType.DATE: _ORDERED,
    ColumnType.TIME: _ORDERED,
}

FILTERS = Filters(
    f"[a-z_]{{1,63}}({_SEPARATOR}({'|'.join(Operator)}))?",
    "Every column is a parameter; all must hold: area=BAEC for equality, or with an "
    "operator: __ne, __gt, __gte, __lt, __lte, __in (values with commas between), "
    "__contains (text, small or capital), __isnull (true or false); __exact is "
    "equality, too. Times without offset are UTC. "
    "Such as load_kw__gte=100000&area=BAEC&hour_at__gte=2026-01-01",
)


def read_filters(
    table: ReadableTable,
    sent: Iterable[tuple[str, str]],
    others: Collection[str],
) -> tuple[Condition, ...]:
    """Return the conditions of a request.

    Args:
        table: Whose rows are filtered.
        sent: Names and texts of the parameters.
        others: Names of the parameters that are not filters.

    Raises:
        ApiError: If there is no such column or operator, or no such value.
    """
    conditions: list[Condition] = []
    for name, text in sent:
        if len(conditions) == _MOST_FILTERS:
            raise invalid_parameter(
                name, f"is one filter too many: not more than {_MOST_FILTERS}"
            )
        column, operator = _parts(table, name, others)
        try:
            value = _value(column, operator, text)
        except vol.Invalid as err:
            raise invalid_parameter(name, err.msg) from err
        conditions.append(Condition(column, operator, value))
    return tuple(conditions)


def _parts(
    table: ReadableTable, name: str, others: Collection[str]
) -> tuple[TableColumn, Operator]:
    first, separator, last = name.rpartition(_SEPARATOR)
    column = table.by_name.get(first if separator else name)
    if column is None:
        raise _unknown_column(table, name, others)
    operators = _OPERATORS[column.type]
    operator = last if separator else Operator.EXACT.value
    if operator not in operators:
        allowed = ", ".join(f"{column.name}{_SEPARATOR}{one}" for one in operators)
        raise invalid_parameter(
            name, f"has an unknown operator, allowed: {column.name}, {allowed}"
        )
    return column, Operator(operator)


def _unknown_column(
    table: ReadableTable, name: str, others: Collection[str]
) -> ApiError:
    return invalid_parameter(
        name,
        f"is not a column of {table.name}, allowed: {', '.join(table.by_name)}; "
        f"other parameters: {', '.join(sorted(others))}",
    )


def _value(
    column: TableColumn, operator: Operator, text: str
) -> Operand | tuple[Operand, ...]:
    if operator is Operator.ISNULL:
        return Flag()(text)
    if operator is not Operator.IN:
        return _operand(column, text)
    values = text.split(",")
    if len(values) > _MOST_VALUES:
        raise vol.Invalid(f"must not have more than {_MOST_VALUES} values")
    return tuple(_operand(column, one) for one in values)


def _operand(column: TableColumn, text: str) -> Operand:
    match column.type:
        case ColumnType.TEXT:
            if "\0" in text:
                raise vol.Invalid("must not contain a NUL character")
            return text
        case ColumnType.BOOL:
            return Flag()(text)
        case ColumnType.NUMBER:
            if not _NUMBER.fullmatch(text):
                raise vol.Invalid("must be a number such as 12.5")
            return Decimal(text)
        case ColumnType.DATE:
            return Decimal(day_number(Day()(text)))
        case ColumnType.TIME:
            return Decimal(str(Moment(column.zone, is_end=False)(text).seconds))
