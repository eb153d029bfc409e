"""Rows of amber-home, as its database or a dump of it has them."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

type Stored = str | int | float | bool | Decimal | datetime | date | None
"""PostgreSQL's own type, or a text out of a dump."""

_ROWS_AT_ONCE = 5_000


class SiteRow(NamedTuple):
    """A row of ``sites``."""

    id: str
    nmi: str


class PriceRow(NamedTuple):
    """A row of ``price_data``."""

    id: int
    site_id: str
    nem_time: Stored
    end_time: Stored
    duration: Stored
    channel_type: str
    per_kwh: Stored
    spot_per_kwh: Stored
    renewables: Stored
    spike_status: str | None
    descriptor: str | None
    estimate: Stored
    var_date: Stored
    created_at: Stored


class UsageRow(NamedTuple):
    """A row of ``usage_data``."""

    id: int
    site_id: str
    nem_time: Stored
    end_time: Stored
    duration: Stored
    channel_id: str | None
    channel_type: str
    kwh: Stored
    cost: Stored
    quality: str | None
    descriptor: str | None
    var_date: Stored
    created_at: Stored


_SITES = Query(f"SELECT {columns_of(SiteRow)} FROM sites ORDER BY id", row=SiteRow)
_REGISTERS = Query(
    "SELECT DISTINCT channel_id, channel_type FROM usage_data"
    " WHERE site_id = :site AND channel_id IS NOT NULL ORDER BY channel_id",
    ("site",),
)


def _page[Row: (PriceRow, UsageRow)](table: str, row: type[Row]) -> Query[Row]:
    # a dump's numbers are texts
    number = "CAST(id AS INTEGER)"
    columns = columns_of(row).removeprefix("id, ")
    return Query(
        f"SELECT {number} AS id, {columns} FROM {table} WHERE {number} > :after"
        f" ORDER BY {number} LIMIT :rows_at_once",
        ("after", "rows_at_once"),
        row=row,
    )


_PRICES = _page("price_data", PriceRow)
_USAGE = _page("usage_data", UsageRow)


def sites(reader: Reader) -> list[SiteRow]:
    """Return the sites."""
    return _SITES.all(reader)


def registers(reader: Reader, site_id: str) -> list[tuple[str, str]]:
    """Return identifier and channel type of a site's registers."""
    return [(str(one), str(kind)) for one, kind in _REGISTERS.all(reader, site_id)]


def prices(reader: Reader) -> Iterator[list[PriceRow]]:
    """Yield all prices, some thousand at a time, in the order they were stored in."""
    return _pages(reader, _PRICES)


def usage(reader: Reader) -> Iterator[list[UsageRow]]:
    """Yield all usage likewise."""
    return _pages(reader, _USAGE)


def _pages[Row: (PriceRow, UsageRow)](
    reader: Reader, query: Query[Row]
) -> Iterator[list[Row]]:
    last = 0
    while found := query.all(reader, last, _ROWS_AT_ONCE):
        yield found
        last = found[-1].id
