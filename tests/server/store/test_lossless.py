"""Any valid list of distinctly keyed records comes back as equal JSON."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from energy_logger_server.api.exact_json import loads
from energy_logger_server.store.codec.json_text import dumps, is_same
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
    original_sites,
    original_substation_table,
)
from energy_logger_simulator.kamo_recording import (
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

pytestmark = pytest.mark.timeout(60)

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

MARK = "\ue000"
"""Around a number that is written without quotes; never in a text."""

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=MARK), max_size=12
)
key_texts = texts.filter(lambda text: text and "\x00" not in text)
numbers = (
    st.integers(-(10**6), 10**6)
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=22)
    | st.sampled_from([0, 0.0, -0.0, 1, 1.0, True, 12.34567, 12.345678])
)
finite = numbers.filter(lambda value: not isinstance(value, bool))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=6,
)
unknown_fields = st.dictionaries(texts.map(lambda text: f"x{text}"), values, max_size=3)
tariffs: st.SearchStrategy[Any] = (
    st.none()
    | st.just({})
    | st.fixed_dictionaries(
        {},
        optional={
            "period": texts,
            "season": st.sampled_from(["summer", "nonSummer"]),
            "block": st.integers(1, 3) | st.just(1.0),
            "demandWindow": st.booleans() | st.just(1),
            "new": values,
        },
    )
)
bands = st.fixed_dictionaries({"min": finite, "max": finite})
advanced = st.fixed_dictionaries({"low": finite, "predicted": finite, "high": finite})


@st.composite
def intervals(draw, make, fields):
    """Return distinctly keyed records of YESTERDAY, each with odd but valid fields."""
    duration = draw(st.sampled_from([5, 15, 30]))
    ends = draw(
        st.lists(
            st.sampled_from(ends_of_day(YESTERDAY, duration)), unique=True, max_size=6
        )
    )
    records = []
    for end in ends:
        record = make(end, duration)
        record.update(draw(fields))
        record.update(draw(unknown_fields))
        for name in draw(st.sets(st.sampled_from(OPTIONAL), max_size=3)):
            record.pop(name, None)
        records.append(record)
    return records


OPTIONAL = (
    "date",
    "startTime",
    "nemTime",
    "renewables",
    "spotPerKwh",
    "spikeStatus",
    "descriptor",
    "tariffInformation",
)
odd_fields = {
    "perKwh": finite,
    "spotPerKwh": values,
    "renewables": numbers,
    "descriptor": texts | st.none() | st.integers(),
    "spikeStatus": st.sampled_from(["none", "spike", "unheard-of"]),
    "tariffInformation": tariffs,
    "startTime": st.sampled_from(["2026-01-03T00:00:00.500+00:00", "soon"]),
}
price_fields = st.fixed_dictionaries(
    {},
    optional={
        **odd_fields,
        "type": st.sampled_from(
            ["ActualInterval", "CurrentInterval", "ForecastInterval", "SettledInterval"]
        ),
        "channelType": st.sampled_from(["general", "feedIn", "controlledLoad"]),
        "estimate": st.booleans() | st.none(),
        "range": bands | st.none(),
        "advancedPrice": advanced | st.none(),
    },
)
usage_fields = st.fixed_dictionaries(
    {},
    optional={
        **odd_fields,
        "kwh": finite,
        "cost": finite | st.none(),
        "perKwh": finite | st.none(),
        "quality": st.sampled_from(["estimated", "billable", "guess\x00ed"]),
        "channelIdentifier": st.sampled_from(["E1", "B1"]),
        "channelType": st.sampled_from(["general", "feedIn"]),
    },
)


def text_of(value):
    """JSON text with every digit, as upstream would send it."""

    def default(number: object) -> str:
        assert isinstance(number, Decimal)
        return f"{MARK}{number}{MARK}"

    text = json.dumps(value, default=default, ensure_ascii=False)
    return text.replace(f'"{MARK}', "").replace(f'{MARK}"', "")


def through_the_wire(records):
    """What a client would have parsed of these."""
    parsed = loads(text_of(records))
    assert isinstance(parsed, list)
    return parsed


def in_key_order(text):
    """Exact JSON, sorted by what identifies an interval."""
    return sorted(as_decimal(text), key=lambda item: (item["endTime"], repr(item)))


NUMBERS = count(1)
"""Each example has a site or an area of its own in one store."""


@EXAMPLES
@given(records=intervals(price, price_fields))
async def test_prices_come_back_as_sent(store, records):
    site_id = f"site-{next(NUMBERS)}"

    counts = await write(store, prices_read(through_the_wire(records), site_id=site_id))
    back = await mirrored_prices(store, site_id)

    assert counts.rejected == 0
    assert in_key_order(dumps([*back])) == in_key_order(text_of(records))


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
    assert in_key_order(dumps([*back])) == in_key_order(text_of(records))


stations = st.lists(
    st.fixed_dictionaries(
        {"name": key_texts, "kw": finite},
        optional={
            "kvar": finite | st.none(),
            "pf": finite | st.none(),
            "quality": st.booleans() | st.none(),
            "qualityNow": values,
            "new": values,
        },
    ),
    max_size=5,
    unique_by=lambda station: station["name"],
)


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
