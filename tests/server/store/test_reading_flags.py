"""Quality flags of a substation, the same wherever a reading is shown."""

from datetime import timedelta
from typing import Any

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.store import Store
from energy_logger_server.store.browse.query import TableQuery
from energy_logger_server.store.browse.read import table_page
from energy_logger_server.store.kamo.export_substations import export_readings
from energy_logger_server.store.kamo.original import original_substation_table
from energy_logger_server.store.kamo.substations import newest_snapshot
from energy_logger_server.store.schema.readable.columns import Cell
from energy_logger_server.store.schema.readable.tables import TABLES
from tests.server.store.material import (
    NOON,
    area,
    areas_read,
    rows,
    table_of,
    write,
)

ABSENT = object()
QUALITIES = {"no": False, "yes": True, "null": None, "absent": ABSENT, "odd": "good"}
READINGS = TABLES["substation_readings"]


def station(name: str, quality: object, quality_now: object) -> JsonObject:
    row: Any = {"name": name, "kw": 5.5, "kvar": -1.5, "pf": -0.9}
    fields = {"quality": quality, "qualityNow": quality_now}
    row.update({key: one for key, one in fields.items() if one is not ABSENT})
    return {**row}


async def browsed(store: Store) -> list[dict[str, Cell]]:
    """The rows of the table browser."""
    query = TableQuery(
        table=READINGS, columns=READINGS.columns, sort=READINGS.by_name["read_at"]
    )
    page = await store.read(table_page, query, None, 20)
    names = [column.name for column in READINGS.columns]
    return [dict(zip(names, row, strict=True)) for row in page.rows]


async def test_a_quality_flag_is_shown_alike_everywhere(store):
    pairs = {
        f"{one}, {now}": (QUALITIES[one], QUALITIES[now])
        for one in QUALITIES
        for now in QUALITIES
    }
    table: JsonObject = {
        "Id": 1,
        "areaLoadData": [station(name, *pair) for name, pair in pairs.items()],
    }
    await write(store, areas_read([area(1)]), table_of(table, 1, at=NOON))

    snapshot = await store.read(newest_snapshot, 1)
    view = await rows(
        store, "SELECT substation, quality, quality_now FROM substation_readings"
    )
    tables = await browsed(store)
    span = int(NOON.timestamp()), int((NOON + timedelta(hours=1)).timestamp())
    (exported,) = await store.read(
        lambda connection: [*export_readings(lambda ask: ask(connection), 1, span)]
    )
    mirrored = await store.read(original_substation_table, 1)

    shown = {
        name: tuple(one if isinstance(one, bool) else None for one in pair)
        for name, pair in pairs.items()
    }
    assert snapshot is not None
    assert {
        one.name: (one.quality, one.quality_now) for one in snapshot.readings
    } == shown
    assert {name: (quality, now) for name, quality, now in view} == shown
    assert {
        row["substation"]: (row["quality"], row["quality_now"]) for row in tables
    } == shown
    assert shown == {
        name: (quality, now)
        for name, quality, now in zip(
            exported.name, exported.quality, exported.quality_now, strict=True
        )
    }
    assert mirrored == table
