"""``energy-logger summary``: what is stored, and what is newest of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import click

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.store import Store
from energy_logger_server.store.amber.prices import StoredSite, sites
from energy_logger_server.store.browse.extent import (
    NOT_COUNTED,
    TableExtent,
    table_extents,
)
from energy_logger_server.store.browse.query import TableQuery
from energy_logger_server.store.browse.read import table_page
from energy_logger_server.store.schema.readable.amber import AMBER
from energy_logger_server.store.schema.readable.columns import (
    Cell,
    ColumnType,
    ReadableTable,
)
from energy_logger_server.store.schema.readable.kamo import KAMO
from energy_logger_server.store.schema.readable.tables import TABLES
from energy_logger_server.web.datasets.fields import Fields

from .costs import COST_COLUMNS, SiteCosts, cost_rows, costs_fields, newest_costs
from .output import Column, json_option, print_json, print_table
from .reading import open_for_reading
from .running import run_until_stopped

_LIMIT_S = 60.0
_NEWEST_PRICES = 3
_MOST_AREAS = 100
_ZONES: dict[str, tzinfo] = {
    **{table.name: CENTRAL for table in KAMO},
    **{table.name: NEM_TIME for table in AMBER},
}
"""The clock of the utility that each table is of."""
_READINGS = tuple(
    table
    for table in (*KAMO, *AMBER)
    if table.by_name[table.default_sort].type is ColumnType.TIME
)
"""What was collected; the others say of whom, or when."""

_SITE_COLUMNS = (
    Column("site"), Column("network"), Column("status"), Column("active from"),
    Column("closed on"), Column("interval min"), Column("in the account"),
)  # fmt: skip
_EXTENT_COLUMNS = (
    Column("of"), Column("rows", 0), Column("first"), Column("last"), Column("sites"),
    Column("channels"),
)  # fmt: skip
_PRICE_COLUMNS = (
    Column("site"), Column("channel"), Column("ends at"), Column("c/kWh", 2),
    Column("spot c/kWh", 2), Column("renewables %", 1), Column("spike"),
)  # fmt: skip
_PRICE_FIELDS = (
    "site_id", "channel_type", "ends_at", "price_cents_per_kwh", "spot_cents_per_kwh",
    "renewables_percent", "spike_status",
)  # fmt: skip
_LOAD_COLUMNS = (Column("area"), Column("hour"), Column("load kW", 1))
_LOAD_FIELDS = ("area", "hour_at", "load_kw")


type _Cells = tuple[Cell | datetime, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What one state of the store holds.

    Attributes:
        sites: Those that are gone too.
        extents: Of each table of readings.
        prices: The newest settled ones, cells of ``_PRICE_FIELDS``.
        loads: The newest hour's, cells of ``_LOAD_FIELDS``.
        usage: Of each site with usage, the newest date with any.
    """

    sites: tuple[StoredSite, ...]
    extents: tuple[TableExtent, ...]
    prices: Sequence[_Cells]
    loads: Sequence[_Cells]
    usage: tuple[SiteCosts, ...]


@click.command()
@json_option
def summary(*, as_json: bool) -> None:
    """Show what is stored, since when, and what is newest of it.

    Times are those of the utility's own clock: NEM time for Amber, Central for KAMO.
    """
    found = run_until_stopped(_read(load_settings()))
    if found is None:
        return
    if as_json:
        print_json(_fields(found))
    else:
        _print(found)


async def _read(settings: Settings) -> _Stored:
    async with open_for_reading(settings) as store:
        loads = await _newest(store, "loads", _LOAD_FIELDS, _MOST_AREAS)
        hour = _LOAD_FIELDS.index("hour_at")
        return _Stored(
            sites=await store.read(sites),
            extents=await store.read(table_extents, _READINGS, _LIMIT_S),
            prices=await _newest(store, "prices", _PRICE_FIELDS, _NEWEST_PRICES),
            loads=[row for row in loads if row[hour] == loads[0][hour]],
            usage=await store.read(newest_costs),
        )


async def _newest(
    store: Store, name: str, fields: Sequence[str], rows: int
) -> Sequence[_Cells]:
    """Return a table's newest rows; their times have the zone of its utility."""
    table = TABLES[name]
    query = TableQuery(
        table=table,
        columns=tuple(table.by_name[field] for field in fields),
        sort=table.by_name[table.default_sort],
        limit=rows,
    )
    page = await store.read(table_page, query, NOT_COUNTED, _LIMIT_S)
    return [
        tuple(
            _local(table, datetime.fromisoformat(str(cell)))
            if column.type is ColumnType.TIME
            else cell
            for column, cell in zip(query.columns, row, strict=True)
        )
        for row in page.rows
    ]


def _local(table: ReadableTable, instant: datetime) -> datetime:
    return instant.astimezone(_ZONES[table.name])


def _fields(found: _Stored) -> Fields:
    return {
        "sites": [
            {
                "site_id": one.site.id,
                "network": one.site.network,
                "status": one.site.status,
                "active_from": one.site.active_from,
                "closed_on": one.site.closed_on,
                "interval_length_minutes": one.site.interval_length_minutes,
                "is_gone": one.is_gone,
            }
            for one in found.sites
        ],
        "stored": [
            {
                "name": one.table.name,
                "rows": one.rows,
                "first": one.first and _local(one.table, one.first),
                "last": one.last and _local(one.table, one.last),
                "sites": one.owners,
                "channels": one.channels,
            }
            for one in found.extents
        ],
        "newest_prices": [
            dict(zip(_PRICE_FIELDS, row, strict=True)) for row in found.prices
        ],
        "newest_usage": [*map(costs_fields, found.usage)],
        "newest_loads": [
            dict(zip(_LOAD_FIELDS, row, strict=True)) for row in found.loads
        ],
    }


def _print(found: _Stored) -> None:
    print_table("Sites", _SITE_COLUMNS, map(_site_cells, found.sites))
    print_table("Stored", _EXTENT_COLUMNS, map(_extent_cells, found.extents))
    print_table("Newest settled prices", _PRICE_COLUMNS, map(_readable, found.prices))
    for one in found.usage:
        title = f"Newest usage of site {one.site_id}"
        print_table(title, COST_COLUMNS, cost_rows(one.days))
    print_table("Newest load", _LOAD_COLUMNS, map(_readable, found.loads))


def _site_cells(one: StoredSite) -> Sequence[object]:
    site = one.site
    return (
        site.id,
        site.network,
        site.status,
        site.active_from,
        site.closed_on,
        site.interval_length_minutes,
        "no" if one.is_gone else "yes",
    )


def _extent_cells(one: TableExtent) -> Sequence[object]:
    ends = [end and _local(one.table, end) for end in (one.first, one.last)]
    return one.table.name, one.rows, *_readable(ends), one.owners, one.channels


def _readable(cells: Sequence[Cell | datetime]) -> Sequence[object]:
    """Return cells with times as people write them, and the name of their zone."""
    return [
        f"{cell:%Y-%m-%d %H:%M %Z}" if isinstance(cell, datetime) else cell
        for cell in cells
    ]
