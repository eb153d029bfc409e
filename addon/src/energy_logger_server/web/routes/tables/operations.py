"""``/api/tables``: the stored rows in natural units, sorted and filtered.

Read only; settings and whatever else is not in the list cannot be asked for.
"""

import asyncio
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.errors import QueryTooSlow
from energy_logger_server.store.browse.counts import RowCounter, RowTotal
from energy_logger_server.store.browse.query import Direction, TableQuery
from energy_logger_server.store.browse.read import TablePage, table_page
from energy_logger_server.store.schema.readable.columns import (
    ColumnType,
    ReadableTable,
    RowCount,
    TableColumn,
)
from energy_logger_server.store.schema.readable.tables import TABLES
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import Matching, OneOf, WholeNumber
from energy_logger_server.web.http.errors import ApiError, contradiction, unknown
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.page_cursor import CURSOR, next_link
from energy_logger_server.web.http.parameters import filters_of, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)
from energy_logger_server.web.routes.status.operations import TOTALS

from .filters import FILTERS, read_filters
from .order import table_order

_LIMIT_S = 5.0
_MOST_ROWS = 1000
_LARGEST_OFFSET = 100_000
_NAME = "[a-z_]{1,63}"

_PREDECESSORS_NAMES = {
    "cooperatives": "areas",
    "load_data": "loads",
    "substation_snapshots": "substation_readings",
    "import_log": "runs",
}
"""What the predecessor called its tables."""

BROWSING = web.AppKey("browsing", asyncio.Lock)
"""One search at a time: it may keep a reader of the store busy for seconds."""

ROW_COUNTER = web.AppKey("row_counter", RowCounter)

_QUERY = vol.Schema(
    {
        vol.Optional("limit", default="100"): WholeNumber(1, _MOST_ROWS),
        vol.Optional("offset", default="0"): WholeNumber(0, _LARGEST_OFFSET),
        vol.Optional(
            "sort_by",
            description="Column to sort by; without it the newest rows come first.",
        ): Matching(_NAME, "must be the name of a column"),
        vol.Optional("sort_order", default=Direction.DESCENDING.value): OneOf(
            Direction
        ),
        vol.Optional("columns"): Matching(
            f"{_NAME}(?:,{_NAME})*", "must be names of columns with commas between"
        ),
        vol.Optional("cursor"): CURSOR,
        **FORMAT,
    }
)
_PARAMETERS = tuple(str(name) for name in _QUERY.schema)
_COLUMN_TYPE = vol.In([one.value for one in ColumnType])
_LIST = vol.Schema(
    {
        vol.Required("tables"): [
            {
                vol.Required("name"): str,
                vol.Required("description"): str,
                vol.Required("count", description="Rows."): int,
                vol.Required(
                    "count_is_estimate",
                    description="Whether they were not counted one by one.",
                ): bool,
                vol.Required("default_sort"): str,
                vol.Required("columns"): [
                    {vol.Required("name"): str, vol.Required("type"): _COLUMN_TYPE}
                ],
            }
        ]
    }
)
_PAGE = vol.Schema(
    {
        vol.Required("table"): str,
        vol.Required("columns"): [str],
        vol.Required("column_types"): {str: _COLUMN_TYPE},
        vol.Required("data"): [{str: vol.Any(str, bool, int, float, None)}],
        vol.Required(
            "total", description="Rows in all; null when a filter makes it unknown."
        ): vol.Any(int, None),
        vol.Required("total_is_estimate"): bool,
        vol.Required("limit"): int,
        vol.Required("offset"): int,
        vol.Required("sort_by"): str,
        vol.Required("sort_order"): vol.In([one.value for one in Direction]),
        vol.Required("truncated", description="Whether more rows follow."): bool,
        vol.Required(
            "cursor", description="For the next page; as in the Link header."
        ): vol.Any(str, None),
    }
)


def table_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/tables``."""
    return (
        Operation(
            path="/api/tables",
            handler=_list,
            summary="List the tables that can be browsed, with their columns.",
            group=Group.TABLES,
            answer=Answer(description="Tables.", schema=_LIST),
        ),
        Operation(
            path="/api/tables/{name}",
            handler=_table,
            summary="List rows of a table, sorted and filtered.",
            group=Group.TABLES,
            query=_QUERY,
            filters=FILTERS,
            answer=Answer(
                description="A page of rows.", schema=_PAGE, media_types=ROWS
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _list(request: web.Request) -> web.Response:
    rolled_up = await _rolled_up(request)
    counted = await deps_of(request).store.read(
        request.app[ROW_COUNTER].count,
        [one for one in TABLES.values() if one.row_count is not RowCount.ROLLED_UP],
        deps_of(request).clock.now(),
    )
    totals = {**counted, **rolled_up}
    return json_reply(
        {
            "tables": [
                {
                    "name": name,
                    "description": table.description,
                    "count": totals[name].rows,
                    "count_is_estimate": totals[name].is_estimate,
                    "default_sort": table.default_sort,
                    "columns": [
                        {"name": column.name, "type": column.type.value}
                        for column in table.columns
                    ],
                }
                for name, table in TABLES.items()
            ]
        }
    )


async def _rolled_up(request: web.Request) -> dict[str, RowTotal]:
    now = deps_of(request).clock.now()
    figures, kamo = await request.app[TOTALS].count(now)
    rows = {
        "loads": kamo.load_hours,
        "substation_readings": kamo.readings,
        "prices": figures.prices,
        "usage_intervals": figures.usage,
    }
    return {name: RowTotal(count, is_estimate=True) for name, count in rows.items()}


async def _table(request: web.Request) -> web.Response:
    query = _read_query(request)
    layout = Layout.of(query_of(request))
    table = query.table
    known = None
    if table.row_count is RowCount.ROLLED_UP:
        known = (await _rolled_up(request))[table.name]
    async with request.app[BROWSING]:
        try:
            body, cursor = await deps_of(request).store.read(
                lambda connection: _page(
                    query, table_page(connection, query, known, _LIMIT_S), layout
                )
            )
        except QueryTooSlow as err:
            raise ApiError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "too_slow",
                f"the search took longer than {_LIMIT_S:g} s: narrow it, as by"
                f" {_example(table)}, or sort by {table.default_sort}",
            ) from err
    return rows_reply(layout, body, headers=_next_link(request, cursor))


def _read_query(request: web.Request) -> TableQuery:
    """Return which rows a request asks for.

    Raises:
        ApiError: If there is no such table or column, or no such rows.
    """
    name = request.match_info["name"]
    table = TABLES.get(_PREDECESSORS_NAMES.get(name, name))
    if table is None:
        raise unknown("name", f"there is no table {name!r}: see /api/tables")
    sent = query_of(request)
    sort = _column(table, sent.get("sort_by", table.default_sort), "sort_by")
    direction: Direction = sent["sort_order"]
    columns = table.columns
    if "columns" in sent:
        names = dict.fromkeys(sent["columns"].split(","))
        columns = tuple(_column(table, name, "columns") for name in names)
    cursor = None
    if "cursor" in sent:
        if sent["offset"]:
            raise contradiction("offset", "cannot be combined with cursor")
        order = table_order(table, sort, direction)
        cursor = order.values(sent["cursor"])
    return TableQuery(
        table=table,
        columns=columns,
        sort=sort,
        direction=direction,
        conditions=read_filters(table, filters_of(request), _PARAMETERS),
        limit=sent["limit"],
        offset=sent["offset"],
        cursor=cursor,
    )


def _column(table: ReadableTable, name: str, parameter: str) -> TableColumn:
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


def _page(
    query: TableQuery, page: TablePage, layout: Layout
) -> tuple[bytes, str | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    cursor = None
    if page.cursor is not None:
        order = table_order(query.table, query.sort, query.direction)
        cursor = order.cursor(page.cursor)
    names = [column.name for column in query.columns]
    rows = [dict(zip(names, row, strict=True)) for row in page.rows]
    total = page.total
    whole = {
        "table": query.table.name,
        "columns": names,
        "column_types": {one.name: one.type.value for one in query.columns},
        "data": rows,
        "total": None if total is None else total.rows,
        "total_is_estimate": total is not None and total.is_estimate,
        "limit": query.limit,
        "offset": query.offset,
        "sort_by": query.sort.name,
        "sort_order": query.direction.value,
        "truncated": cursor is not None,
        "cursor": cursor,
    }
    body = rows_body(layout, whole=whole, rows=rows, columns=names, cells=page.rows)
    return body, cursor


def _example(table: ReadableTable) -> str:
    """Return a filter that narrows a search."""
    column = table.by_name[table.default_sort]
    is_number = column.type is ColumnType.NUMBER
    return f"{column.name}__gte={1 if is_number else '2026-01-01'}"


def _next_link(request: web.Request, cursor: str | None) -> dict[str, str]:
    if cursor is None:
        return {}
    sent = [(name, text) for name, text in request.query.items() if name != "offset"]
    return next_link(sent, cursor=cursor)
