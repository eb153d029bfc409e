"""Exports take the short way from columns to text; records tell what is right."""

import csv
import io
import re
from collections.abc import Callable, Generator, Sequence
from datetime import UTC
from functools import partial
from itertools import count
from typing import Any

from hypothesis import given

from energy_logger_server.api.amber_parse import parse_prices, parse_usage
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.store import Store
from energy_logger_server.store.amber.export_intervals import SiteSeries
from energy_logger_server.store.amber.export_prices import export_prices
from energy_logger_server.store.amber.export_usage import export_usage
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.kamo.export_substations import export_readings
from energy_logger_server.web.datasets.columns import Columns, cells_of
from energy_logger_server.web.datasets.prices import PRICES
from energy_logger_server.web.datasets.substations import SUBSTATIONS
from energy_logger_server.web.datasets.usage import USAGE
from energy_logger_server.web.export.cells import CellKinds, csv_style
from energy_logger_server.web.export.writing import written_rows
from energy_logger_server.web.http.rows import Format
from tests.server.store.material import (
    NOON,
    YESTERDAY,
    area,
    areas_read,
    price,
    prices_read,
    table_of,
    usage,
    usage_read,
    write,
)
from tests.server.store.odd_records import (
    EXAMPLES,
    intervals,
    price_fields,
    stations,
    through_the_wire,
    usage_fields,
)

ALL_TIME = (0, 2**40)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
NUMBERS = count(1)
"""Each example has a site or an area of its own in one store."""


async def rows_of[Rows](
    store: Store,
    columns: Columns[Any, Rows],
    blocks: Callable[[ReadTransaction], Generator[Rows]],
) -> list[list[Any]]:
    """The rows of a CSV export, without its header."""

    def make(read: ReadTransaction) -> Generator[bytes]:
        cells = CellKinds(csv_style(is_raw=True), NEM_TIME)
        return written_rows(Format.CSV, columns, cells, blocks(read), {})

    async with store.stream(make) as stream:
        text = b"".join([chunk async for chunk in stream]).decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    return [[by_value(cell) for cell in row] for row in rows[1:]]


def as_csv_cells(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows of records, as a CSV has them."""
    return [[by_value(_text(cell)) for cell in row] for row in rows]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def by_value(cell: str) -> float | str:
    """A cell; numbers by value, however they are written."""
    return float(cell) if _NUMBER.fullmatch(cell) else cell


@EXAMPLES
@given(records=intervals(price, price_fields))
async def test_any_price_is_exported_as_its_record_tells_it(store: Store, records: Any):
    site_id = f"site-{next(NUMBERS)}"
    sent = through_the_wire(records)
    await write(store, prices_read(sent, site_id=site_id))

    exported = await rows_of(
        store,
        PRICES,
        partial(export_prices, series=SiteSeries(site_id), span=ALL_TIME),
    )

    known = sorted(parse_prices(sent)[0], key=lambda record: record.ends_at)
    assert exported == as_csv_cells([*cells_of(PRICES, known)])


@EXAMPLES
@given(records=intervals(usage, usage_fields))
async def test_any_usage_is_exported_as_its_record_tells_it(store: Store, records: Any):
    site_id = f"site-{next(NUMBERS)}"
    sent = through_the_wire(records)
    days = (YESTERDAY, YESTERDAY)
    await write(store, usage_read(sent, days, site_id=site_id))

    exported = await rows_of(
        store,
        USAGE,
        partial(export_usage, series=SiteSeries(site_id), span=ALL_TIME),
    )

    known = sorted(parse_usage(sent)[0], key=lambda record: record.ends_at)
    assert exported == as_csv_cells([*cells_of(USAGE, known)])


@EXAMPLES
@given(listed=stations)
async def test_any_reading_is_exported_as_its_record_tells_it(
    store: Store, listed: Any
):
    area_id = next(NUMBERS)
    [sent] = through_the_wire([{"Id": area_id, "areaLoadData": listed}])
    read = table_of(sent, area_id, at=NOON)
    await write(store, areas_read([area(area_id)]), read)

    exported = await rows_of(
        store,
        SUBSTATIONS,
        partial(export_readings, area_id=area_id, span=ALL_TIME),
    )

    at = NOON.astimezone(UTC).astimezone(NEM_TIME).isoformat()
    known = sorted(read.table.readings, key=lambda reading: reading.name.encode())
    assert exported == as_csv_cells(
        [
            (
                at,
                one.name,
                one.load_kw,
                one.reactive_kvar,
                one.power_factor,
                one.quality,
                one.quality_now,
            )
            for one in known
        ]
    )
