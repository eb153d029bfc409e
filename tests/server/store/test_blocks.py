"""Records come back as they were sent, and blocks of them are what each gives."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energy_logger_server.api.amber_parse import parse_prices, parse_usage
from energy_logger_server.api.exact_json import loads
from energy_logger_server.api.kamo_parse import parse_substations
from energy_logger_server.api.nem import day_number
from energy_logger_server.store.codec.attributes import AttributeKey, attribute_key
from energy_logger_server.store.codec.interval_blocks import price_block, usage_block
from energy_logger_server.store.codec.interval_times import interval_times
from energy_logger_server.store.codec.intervals import (
    decode_price,
    decode_usage,
    encode_price,
    encode_usage,
)
from energy_logger_server.store.codec.json_text import dumps, is_same
from energy_logger_server.store.kamo.readings import decode_reading, encode_readings
from energy_logger_server.store.ledger.caches import IdCache
from tests.server.store.material import YESTERDAY, ends_of_day, price, usage

ORIGIN = (7, 3, 1_767_400_000)
"""series_id, run_id, known_at."""
EXAMPLES = settings(max_examples=300, deadline=None)

# as Amber prints them: whole ones without a decimal point
amounts = st.integers(-(10**7), 10**7).map(
    lambda scaled: scaled / 10**5 if scaled % 10**5 else scaled // 10**5
)
odd_numbers = st.sampled_from(
    [
        0.0,
        -0.0,
        5.0,
        True,
        1e-7,
        1e300,
        12.345678,
        2**60,
        Decimal("1.2"),
        Decimal(0.1),  # noqa: RUF032 - equal to the float, and longer as text
        None,
        "1",
    ]
)
numbers = amounts | st.integers(-(10**6), 10**6) | odd_numbers
texts: st.SearchStrategy[object] = st.sampled_from(
    ["none", "spike", "unheard of", "", "nul\x00", 1, True, None, []]
)
tariffs = st.sampled_from(
    [
        {"period": "peak", "season": "summer"},
        {"season": "summer", "period": "peak"},
        {"period": "peak"},
        {"block": 1},
        {"block": True},
        {"demandWindow": False},
        {"demandWindow": 0},
        {"demandWindow": 0.5},
        {"period": ["peak"]},
        {"new": Decimal("0.12345678901234567890")},
        {},
        None,
    ]
)
oddities = {
    "type": st.sampled_from(["CurrentInterval", "ForecastInterval", "Usage", 1]),
    "date": st.sampled_from(["2026-01-03", "2026-01-04", "20260103", "soon", 3]),
    "duration": st.sampled_from([30, 60, 7, 240.0, 360.0, 480.0]),
    "startTime": st.sampled_from(
        ["2026-01-02T14:00:01Z", "2026-01-02 14:00:01Z", None]
    ),
    "endTime": st.sampled_from(["2026-01-02T20:00:00+00:00", "2026-01-02T20:00:00.5Z"]),
    "nemTime": st.sampled_from(["2026-01-03T06:00:00+10:00", "no time"]),
    "perKwh": numbers,
    "spotPerKwh": numbers,
    "renewables": numbers,
    "channelType": st.sampled_from(["general", "feedIn"]),
    "channelIdentifier": st.sampled_from(["E1", "E2"]),
    "spikeStatus": texts,
    "descriptor": texts,
    "tariffInformation": tariffs,
    "quality": texts,
    "kwh": numbers,
    "cost": numbers,
    "estimate": st.booleans(),
    "range": st.just({"min": 1, "max": 2.5}),
    "unknown": st.just(None),
}


@st.composite
def days_of(draw, make):
    """A day or two of few intervals, as Amber writes them but for an oddity or none."""
    duration = draw(st.sampled_from([240, 360, 480]))
    days = draw(st.sampled_from([[3], [3, 4], [3, 5]]))
    ends = [end for day in days for end in ends_of_day(date(2026, 1, day), duration)]
    usual_tariffs = st.sampled_from(
        [{"period": one, "season": "summer"} for one in ("peak", "offPeak")]
    )
    records: list[dict[str, object]] = []
    for end in ends:
        record = make(end, duration)
        record["perKwh"], record["spotPerKwh"] = draw(amounts), draw(amounts)
        record["descriptor"] = draw(st.sampled_from(["low", "high"]))
        record["tariffInformation"] = draw(usual_tariffs)
        records.append(record)
    spoil = draw(st.sampled_from([leave, leave, replace, replace_all, drop, swap]))
    spoil(draw, records)
    return records


def leave(_draw, _records):
    """Change nothing."""


def replace(draw, records):
    """Give one record, or a few, a field that is odd."""
    name = draw(st.sampled_from(sorted(oddities)))
    for place in draw(st.sets(st.sampled_from(range(len(records))), min_size=1)):
        records[place][name] = draw(oddities[name])


def replace_all(draw, records):
    """Give all records the same odd field."""
    name = draw(st.sampled_from(sorted(oddities)))
    value = draw(oddities[name])
    for record in records:
        record[name] = value


def drop(draw, records):
    """Take a field from all records, or from some."""
    name = draw(st.sampled_from(["tariffInformation", "spikeStatus", "renewables"]))
    for record in draw(st.sampled_from([records, records[1:], records[:1]])):
        del record[name]


def swap(draw, records):
    """Mix up the order, or have one twice."""
    records[0] = records[draw(st.sampled_from(range(1, len(records))))]


@EXAMPLES
@given(days_of(price))
def test_a_block_of_prices_is_what_the_long_way_gives(records):
    prices, _rejected = parse_prices(records)
    ids_of_block, ids_of_rows = IdCache[AttributeKey]({}), IdCache[AttributeKey]({})

    block = price_block(prices, ORIGIN, ids_of_block.number_of) if prices else None

    if block is not None:
        assert typed(block.rows()) == typed(
            encode_price(one, attribute_key(one), ids(ids_of_rows, one))
            for one in prices
        )
        assert all(one.is_settled for one in prices)


@EXAMPLES
@given(days_of(usage))
def test_a_block_of_usage_is_what_the_long_way_gives(records):
    usages, _rejected = parse_usage(records)
    ids_of_block, ids_of_rows = IdCache[AttributeKey]({}), IdCache[AttributeKey]({})

    block = usage_block(usages, ORIGIN, ids_of_block.number_of) if usages else None

    if block is not None:
        assert typed(block.rows()) == typed(
            encode_usage(
                one, attribute_key(one), one.channel_identifier, ids(ids_of_rows, one)
            )
            for one in usages
        )


@EXAMPLES
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["North", "South", "East \x00"]),
                "kw": numbers,
                "kvar": st.floats(-3000, 3000).map(lambda value: round(value, 1))
                | st.none()
                | st.integers(-(10**13), 10**13),
                "pf": st.floats(-1, 1).map(lambda value: round(value, 4)) | st.none(),
                "qualityNow": st.booleans() | st.none(),
            },
            optional={"new": st.just(1), "quality": st.booleans() | st.just("poor")},
        ),
        max_size=6,
    )
)
def test_a_reading_comes_back_as_it_was_sent(rows):
    table = parse_substations({"Id": 1, "areaLoadData": from_text(rows)}, 1)

    columns = encode_readings(table.readings)

    for reading, *row in zip(table.readings, *columns, strict=True):
        assert is_same(decode_reading(reading.name, tuple(row)), reading.raw)


@EXAMPLES
@given(days_of(price))
def test_a_price_comes_back_as_it_was_sent(records):
    prices, _rejected = parse_prices(from_text(records))

    for one in prices:
        key = attribute_key(one)
        row = encode_price(one, key, (ORIGIN[0], 1, *ORIGIN[1:]))

        assert is_same(decode_price(row, key), one.raw)


@EXAMPLES
@given(days_of(usage))
def test_usage_comes_back_as_it_was_sent(records):
    usages, _rejected = parse_usage(from_text(records))

    for one in usages:
        key, register = attribute_key(one), one.channel_identifier
        row = encode_usage(one, key, register, (ORIGIN[0], 1, *ORIGIN[1:]))

        assert is_same(decode_usage(row, key, register), one.raw)


@pytest.mark.parametrize("duration", [5, 15, 30])
def test_days_as_recorded_make_a_block(duration):
    days = [YESTERDAY, date(2026, 1, 4)]
    ends = [end for day in days for end in ends_of_day(day, duration)]
    prices, _none = parse_prices([price(end, duration, cents=20.12345) for end in ends])
    usages, _none = parse_usage([usage(end, duration) for end in ends])

    blocks = (
        price_block(prices, ORIGIN, lambda _key: 1),
        usage_block(usages, ORIGIN, lambda _key: 1),
    )

    for block in blocks:
        assert block is not None
        assert block.days == tuple(map(day_number, days))
        assert [row[1] for row in block.rows()] == [end.timestamp() for end in ends]


def test_whole_numbers_and_negative_ones_make_a_block():
    cents = [0, -1, 1650, -0.00001, 123.45]
    ends = ends_of_day(YESTERDAY, 288)
    prices, _none = parse_prices(
        [price(end, 288, cents=one) for end, one in zip(ends, cents, strict=True)]
    )

    block = price_block(prices, ORIGIN, lambda _key: 1)

    assert block is not None
    assert [row[3] for row in block.rows()] == [
        0,
        -100_000,
        165_000_000,
        -1,
        12_345_000,
    ]


@pytest.mark.parametrize("places", [slice(2, 3), slice(None)], ids=["one", "all"])
@pytest.mark.parametrize(
    "fields",
    [
        {"perKwh": 5.0},
        {"perKwh": 12.345678},
        {"renewables": 40.0},
        {"renewables": 2**60 + 1},
        {"duration": 180},
        {"date": "0001-01-01"},
        {"endTime": "2026-01-02T20:00:00+00:00"},
        {"type": "CurrentInterval", "estimate": False},
        {"type": "ForecastInterval"},
        {"descriptor": "nul\x00"},
        {"tariffInformation": {"demandWindow": False, "new": "long" * 125}},
        {"tariffInformation": {"demandWindow": None}},
        {"new": 1},
    ],
    ids=lambda fields: "-".join(map(str, fields.values()))[:20],
)
def test_odd_intervals_leave_no_block(fields, places):
    records = [price(end, 360) for end in ends_of_day(YESTERDAY, 360)]
    for record in records[places]:
        record.update(fields)
    prices, _none = parse_prices([*records])

    assert price_block(prices, ORIGIN, lambda _key: 1) is None


@pytest.mark.parametrize("days", [[4, 3], [3, 3]], ids=["backwards", "twice"])
def test_days_out_of_order_are_no_block(days):
    ends = [end for day in days for end in ends_of_day(date(2026, 1, day), 360)]
    prices, _none = parse_prices([price(end, 360) for end in ends])

    assert price_block(prices, ORIGIN, lambda _key: 1) is None


def test_a_day_that_lacks_an_interval_is_no_block():
    prices, _none = parse_prices([price(end) for end in ends_of_day(YESTERDAY, 30)[1:]])

    assert price_block(prices, ORIGIN, lambda _key: 1) is None


def test_times_off_the_grid_are_written_like_those_on_it():
    # 2026-01-02T14:35:00Z, of a day that no interval of seven minutes divides
    assert interval_times(1_767_364_500, 7) == (
        "2026-01-03",
        "2026-01-02T14:28:01Z",
        "2026-01-02T14:35:00Z",
        "2026-01-03T00:35:00+10:00",
    )


def ids(cache, interval):
    """The ids of a row on the long way, texts numbered as they come."""
    return (ORIGIN[0], cache.number_of(attribute_key(interval)), *ORIGIN[1:])


def from_text(records):
    """Records through JSON text, as an answer comes."""
    return loads(dumps(records))


def typed(rows):
    """Rows that are equal only if their values' types are."""
    return [[(type(value), value) for value in row] for row in rows]
