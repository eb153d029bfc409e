"""Any valid list of distinctly keyed records comes back as equal JSON."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.exact_json import loads
from energy_logger_server.store.codec.json_text import dumps, is_same
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
    original_sites,
    original_substation_table,
)
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from tests.server.store.material import (
    YESTERDAY,
    area,
    areas_read,
    as_decimal,
    ends_of_day,
    grid_of,
    mirrored_prices,
    mirrored_usage,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    table_of,
    usage,
    usage_read,
    write,
)
from tests.server.store.odd_records import (
    EXAMPLES,
    finite,
    intervals,
    price_fields,
    sorted_by_end,
    stations,
    text_of,
    texts,
    through_the_wire,
    unknown_fields,
    usage_fields,
)

NUMBERS = count(1)
"""Each example has a site or an area of its own in one store."""


@EXAMPLES
@given(records=intervals(price, price_fields))
async def test_prices_come_back_as_sent(store, records):
    site_id = f"site-{next(NUMBERS)}"

    counts = await write(store, prices_read(through_the_wire(records), site_id=site_id))
    back = await mirrored_prices(store, site_id)

    assert counts.rejected == 0
    assert sorted_by_end(dumps([*back])) == sorted_by_end(text_of(records))


@EXAMPLES
@given(records=intervals(usage, usage_fields))
async def test_usage_comes_back_as_sent(store, records):
    site_id = f"site-{next(NUMBERS)}"
    days = (YESTERDAY, YESTERDAY)

    counts = await write(
        store, usage_read(through_the_wire(records), days, site_id=site_id)
    )
    back = await mirrored_usage(store, site_id)

    assert counts.rejected == 0
    assert sorted_by_end(dumps([*back])) == sorted_by_end(text_of(records))


@EXAMPLES
@given(listed=stations, unknown=unknown_fields)
async def test_substations_come_back_as_sent(store, listed, unknown):
    area_id = next(NUMBERS)
    table = {"Id": area_id, "areaLoadData": listed, **unknown}
    sent = loads(text_of(table))
    assert isinstance(sent, dict)

    await write(
        store, areas_read([area(area_id)]), table_of(sent, area_id, at=RECORDED_AT)
    )
    back = await store.read(original_substation_table, area_id)

    assert as_decimal(dumps(back)) == as_decimal(text_of(table))


@EXAMPLES
@given(
    measured=st.lists(finite | st.none(), max_size=8),
    expected=st.lists(finite | st.none() | texts, max_size=10),
    unknown=unknown_fields,
)
async def test_area_grids_come_back_as_sent(store, measured, expected, unknown):
    area_id = next(NUMBERS)
    labels = [f"11/01/2026 {hour}:00" for hour in range(2, 10)]
    grid = {
        "Id": area_id,
        "chartLineData": [
            {"data": measured, "label": "Actual", "colour": 1.0},
            {"data": expected, "label": "Forecast"},
            {"data": expected, "label": "Forecast"},
        ],
        "lineChartLabels": labels,
        **unknown,
    }
    sent = loads(text_of(grid))
    assert isinstance(sent, dict)
    at = datetime(2026, 11, 1, 20, tzinfo=UTC)

    await write(store, areas_read([area(area_id)]), grid_of(sent, area_id, at=at))
    back = await store.read(original_area_grid, area_id)

    assert as_decimal(dumps(back)) == as_decimal(text_of(grid))


async def test_the_recording_of_kamo_comes_back_as_sent(store):
    await write(store, areas_read(recorded_area_list()))
    for area_id, raw in recorded_grids().items():
        table = recorded_tables()[area_id]
        at = RECORDED_AT + timedelta(seconds=area_id)
        await write(
            store, grid_of(raw, area_id, at=at), table_of(table, area_id, at=at)
        )

        grid_back = await store.read(original_area_grid, area_id=area_id)
        assert is_same(grid_back, raw)
        table_back = await store.read(original_substation_table, area_id=area_id)
        assert is_same(table_back, table)
    assert await rows(store, "SELECT count(*) FROM load") == [(108,)]
    assert await rows(store, "SELECT count(*) FROM substation_reading") == [(164,)]
    assert await rows(
        store, "SELECT count(*) FROM substation_reading WHERE extra IS NOT NULL"
    ) == [(0,)]


@pytest.mark.parametrize(
    "fields",
    [
        {"intervalLength": 5.0},
        {"network": None},
        {"closedOn": "someday"},
        {"channels": []},
        {"network": "Aus\x00grid"},
        {"new": [1, 1.0, True, {"deep": Decimal("0.12345678901234567890123")}]},
    ],
    ids=["float", "null", "no-date", "no-channels", "nul", "unknown"],
)
async def test_sites_come_back_as_sent(store, fields):
    sent = site(**fields)

    await write(store, sites_read(sent))

    (back,) = await store.read(original_sites)
    assert is_same(back, sent)


@pytest.mark.parametrize("sent", [5, 5.0])
async def test_a_count_comes_back_with_the_point_it_was_sent_with(store, sent):
    end = ends_of_day(YESTERDAY, 5)[0]
    prices = [price(end, 5) | {"duration": sent}]
    metered = [usage(end, 5) | {"duration": sent}]
    areas, table = [area(7, id=sent)], {"Id": sent, "areaLoadData": []}

    await write(
        store,
        prices_read(prices),
        usage_read(metered, (YESTERDAY, YESTERDAY)),
        areas_read(areas),
        table_of(table, 5, at=RECORDED_AT),
    )

    assert is_same([*await mirrored_prices(store)], [*prices])
    assert is_same([*await mirrored_usage(store)], [*metered])
    assert is_same([*await store.read(original_areas)], [*areas])
    assert is_same(await store.read(original_substation_table, area_id=5), table)
