"""Amber's records, one by one: what is needed, what is optional, what is kept."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api import vocabulary
from energy_logger_server.api.amber_models import AdvancedPrice, Life, SpotRange, Tariff
from energy_logger_server.api.amber_parse import parse_prices, parse_sites, parse_usage
from energy_logger_server.api.exact_json import JsonObject

FIXTURES = Path(__file__).parents[2] / "fixtures"
END = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRICE: JsonObject = {
    "type": "CurrentInterval",
    "date": "2026-03-01",
    "duration": 5,
    "startTime": "2026-03-01T11:55:01Z",
    "endTime": "2026-03-01T12:00:00Z",
    "nemTime": "2026-03-01T22:00:00+10:00",
    "perKwh": 15.63436,
    "renewables": 108.219,
    "spotPerKwh": 8,
    "channelType": "general",
    "spikeStatus": "none",
    "tariffInformation": {"period": "peak", "season": "summer"},
    "descriptor": "veryLow",
    "estimate": True,
    "range": {"min": 7.5, "max": 9},
    "advancedPrice": {"low": 14.1, "predicted": 15.0, "high": 16.2},
}
USAGE: JsonObject = {
    "type": "Usage",
    "duration": 30,
    "date": "2026-03-01",
    "endTime": "2026-03-01T12:00:00Z",
    "quality": "billable",
    "kwh": 0.253,
    "nemTime": "2026-03-01T22:00:00+10:00",
    "perKwh": -7.5,
    "channelType": "feedIn",
    "channelIdentifier": "B1",
    "cost": -1.8975,
    "renewables": 40.2,
    "spotPerKwh": 8.06575,
    "startTime": "2026-03-01T11:30:01Z",
    "spikeStatus": "none",
    "descriptor": "low",
}
SITE: JsonObject = {
    "id": "01S1MS1TEA0000000000000000",
    "nmi": "9000000001",
    "channels": [
        {"identifier": "E1", "type": "general", "tariff": "A100"},
        {"identifier": "B1", "type": "feedIn", "tariff": "A100"},
    ],
    "network": "Jemena",
    "status": "active",
    "activeFrom": "2024-01-31",
    "intervalLength": 30,
}
ABSENT = object()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(list(PRICE | USAGE | SITE)), inner)
    ),
    max_leaves=5,
)


@pytest.fixture(autouse=True)
def _nothing_reported(monkeypatch) -> None:
    monkeypatch.setattr(vocabulary, "_reported", set())


def changed(row: JsonObject, **fields: object):
    return {
        name: value for name, value in (row | fields).items() if value is not ABSENT
    }


def one_price(**fields: object):
    prices, rejected = parse_prices([changed(PRICE, **fields)])
    assert rejected == ()
    return prices[0]


def test_a_price_is_read_with_all_that_it_says():
    price = one_price()

    assert price.ends_at == END
    assert price.ends_at.tzinfo is UTC
    assert price.duration_minutes == 5
    assert (price.type, price.life, price.estimate) == (
        "CurrentInterval",
        Life.CURRENT,
        True,
    )
    assert price.channel_type == "general"
    assert price.price_cents_per_kwh == 15.63436
    assert (price.spot_cents_per_kwh, type(price.spot_cents_per_kwh)) == (8.0, float)
    assert price.renewables_percent == 108.219
    assert (price.spike_status, price.descriptor) == ("none", "veryLow")
    assert price.tariff == Tariff("peak", "summer", None, None)
    assert price.spot_range == SpotRange(7.5, 9.0)
    assert price.advanced_price == AdvancedPrice(14.1, 15.0, 16.2)


def test_the_raw_record_is_the_very_object_that_was_parsed():
    row = changed(PRICE, unknown=[1])

    (price,), _ = parse_prices([row])

    assert price.raw is row
    assert row == PRICE | {"unknown": [1]}


def test_usage_is_read_with_all_that_it_says():
    (usage,), rejected = parse_usage([USAGE])

    assert rejected == ()
    assert (usage.channel_identifier, usage.channel_type) == ("B1", "feedIn")
    assert (usage.energy_kwh, usage.cost_cents) == (0.253, -1.8975)
    assert (usage.quality, usage.tariff) == ("billable", None)
    assert (usage.type, usage.duration_minutes, usage.ends_at) == ("Usage", 30, END)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param({"nemTime": ABSENT}, id="only-utc"),
        pytest.param({"endTime": ABSENT}, id="only-nem-time"),
        pytest.param({"endTime": None, "nemTime": PRICE["nemTime"]}, id="null"),
        pytest.param({"endTime": "2026-03-01T12:00:00"}, id="one-without-offset"),
        pytest.param({"endTime": "2026-03-01 12:00Z", "nemTime": 5}, id="short"),
        pytest.param({"endTime": "2026-03-01T12:00:00.000Z"}, id="fraction"),
        pytest.param({"endTime": "2026-03-01T22:00:00+1000"}, id="offset"),
    ],
)
def test_one_readable_time_is_enough(times):
    price = one_price(**times)

    assert price.ends_at == END
    assert price.ends_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"endTime": "2026-03-01T12:05:00Z"}, "different instants"),
        ({"endTime": ABSENT, "nemTime": ABSENT}, "neither endTime nor nemTime"),
        ({"endTime": "noon", "nemTime": "2026-03-01T22:00:00"}, "neither"),
        (
            {"endTime": "0001-01-01T00:00:00Z", "nemTime": ABSENT},
            "outside the years",
        ),
        (
            {"endTime": "9999-12-31T23:59:00-14:00", "nemTime": ABSENT},
            "outside the years",
        ),
        ({"duration": ABSENT}, "duration"),
        ({"duration": 0}, "duration"),
        ({"duration": -5}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": 5.5}, "duration"),
        ({"duration": 1440.5}, "duration"),
        ({"duration": "5"}, "duration"),
        ({"perKwh": True}, "perKwh"),
        ({"perKwh": "15.6"}, "perKwh"),
        ({"perKwh": nan}, "perKwh"),
        ({"perKwh": inf}, "perKwh"),
        ({"perKwh": Decimal("1e400")}, "perKwh"),
        ({"channelType": ABSENT}, "channelType"),
        ({"channelType": ""}, "channelType"),
        ({"channelType": "general\0"}, "channelType"),
        ({"channelType": 1}, "channelType"),
    ],
)
@pytest.mark.parametrize(
    ("parse", "good"),
    [(parse_prices, PRICE), (parse_usage, USAGE)],
    ids=["price", "usage"],
)
def test_an_interval_that_cannot_be_keyed_is_rejected_alone(
    parse, good, fields, reason
):
    records, rejected = parse([good, changed(good, **fields), good])

    assert len(records) == 2
    assert [each.position for each in rejected] == [1]
    assert reason in rejected[0].reason


@pytest.mark.parametrize(
    ("parse", "good"),
    [(parse_prices, PRICE), (parse_usage, USAGE)],
    ids=["price", "usage"],
)
def test_a_duration_written_with_a_point_is_one(parse, good):
    sent = changed(good, duration=float(good["duration"]))

    (interval,), rejected = parse([sent])

    assert rejected == ()
    assert interval.duration_minutes == good["duration"]
    assert type(interval.duration_minutes) is int
    assert interval.raw is sent


@pytest.mark.parametrize("fields", [{"perKwh": None}, {"perKwh": ABSENT}])
def test_a_price_without_its_number_is_rejected(fields):
    records, rejected = parse_prices([changed(PRICE, **fields), PRICE])

    assert len(records) == 1
    assert rejected[0].reason == "perKwh is not a finite number"


def test_usage_of_which_only_the_energy_is_known_is_read():
    sent = changed(USAGE, perKwh=None, cost=None)

    (usage,), rejected = parse_usage([sent])

    assert rejected == ()
    assert usage.energy_kwh == USAGE["kwh"]
    assert (usage.price_cents_per_kwh, usage.cost_cents) == (None, None)
    assert usage.raw is sent


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kwh": "0.253"}, "kwh"),
        ({"kwh": None}, "kwh"),
        ({"kwh": ABSENT}, "kwh"),
        ({"cost": False}, "cost"),
        ({"cost": nan}, "cost"),
        ({"cost": ABSENT}, "cost is missing"),
        ({"perKwh": ABSENT}, "perKwh is missing"),
        ({"channelIdentifier": ABSENT}, "channelIdentifier"),
        ({"channelIdentifier": "E\0"}, "channelIdentifier"),
    ],
)
def test_usage_that_cannot_be_counted_is_rejected_alone(fields, reason):
    records, rejected = parse_usage([changed(USAGE, **fields), USAGE])

    assert len(records) == 1
    assert reason in rejected[0].reason


def test_what_is_no_record_at_all_is_rejected_alone():
    records, rejected = parse_prices([None, PRICE, [], "x"])

    assert len(records) == 1
    assert [(each.position, each.sample) for each in rejected] == [
        (0, "null"),
        (2, "[]"),
        (3, '"x"'),
    ]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"spotPerKwh": "8"}, "spot_cents_per_kwh"),
        ({"spotPerKwh": True}, "spot_cents_per_kwh"),
        ({"renewables": nan}, "renewables_percent"),
        ({"spikeStatus": 1}, "spike_status"),
        ({"descriptor": "a\0"}, "descriptor"),
        ({"descriptor": ABSENT}, "descriptor"),
        ({"tariffInformation": None}, "tariff"),
        ({"tariffInformation": {}}, "tariff"),
        ({"tariffInformation": []}, "tariff"),
        ({"estimate": 1}, "estimate"),
        ({"estimate": ABSENT}, "estimate"),
        ({"range": None}, "spot_range"),
        ({"range": {"min": 1}}, "spot_range"),
        ({"range": {"max": 1, "min": "0"}}, "spot_range"),
        ({"advancedPrice": 5}, "advanced_price"),
        ({"advancedPrice": {"low": 1, "high": 2}}, "advanced_price"),
        ({"advancedPrice": {"predicted": 1, "high": 2}}, "advanced_price"),
        ({"advancedPrice": {"low": 1, "predicted": 2}}, "advanced_price"),
    ],
)
def test_an_optional_field_of_another_type_is_not_known_and_stays_in_raw(fields, name):
    price = one_price(**fields)

    assert getattr(price, name) is None
    assert price.raw == changed(PRICE, **fields)


@pytest.mark.parametrize(
    ("tariff", "expected"),
    [
        ({"demandWindow": False}, Tariff(None, None, None, False)),
        ({"block": 2, "period": "offPeak"}, Tariff("offPeak", None, 2, None)),
        (
            {"block": True, "demandWindow": 1, "season": "winter"},
            Tariff(None, "winter", None, None),
        ),
    ],
)
def test_each_kind_of_tariff_is_read_by_what_it_says(tariff, expected):
    assert one_price(tariffInformation=tariff).tariff == expected


def test_a_type_that_is_missing_is_no_life_of_a_price():
    price = one_price(type=ABSENT)

    assert (price.type, price.life) == ("", Life.UNKNOWN)


def test_words_that_are_not_known_are_kept_and_reported_once(caplog):
    row = changed(
        PRICE,
        type="SettledInterval",
        channelType="battery",
        descriptor="sky-high",
        spikeStatus="maybe",
        tariffInformation={"period": "night", "season": "monsoon"},
    )

    prices, rejected = parse_prices([row, row])

    assert rejected == ()
    assert prices[0] == prices[1]
    assert prices[0].channel_type == "battery"
    assert prices[0].tariff == Tariff("night", "monsoon", None, None)
    shown = sorted(message.split(": ")[1] for message in caplog.messages)
    assert shown == [
        "'SettledInterval'",
        "'battery'",
        "'maybe'",
        "'monsoon'",
        "'night'",
        "'sky-high'",
    ]


def test_known_words_are_not_reported(caplog):
    parse_prices([PRICE])
    parse_usage([USAGE])
    parse_sites([SITE])

    assert caplog.messages == []


def test_a_site_is_read_with_all_that_it_says():
    (site,), rejected = parse_sites([SITE])

    assert rejected == ()
    assert (site.id, site.nmi, site.network) == (SITE["id"], SITE["nmi"], "Jemena")
    assert (site.status, site.interval_length_minutes) == ("active", 30)
    assert (site.active_from, site.closed_on) == (date(2024, 1, 31), None)
    assert [(each.identifier, each.type, each.tariff) for each in site.channels] == [
        ("E1", "general", "A100"),
        ("B1", "feedIn", "A100"),
    ]
    assert site.raw is SITE


@pytest.mark.parametrize("site_id", [ABSENT, "", "01\0", 7, None])
def test_a_site_without_a_key_is_rejected_alone(site_id):
    sites, rejected = parse_sites([changed(SITE, id=site_id), SITE])

    assert [site.id for site in sites] == [SITE["id"]]
    assert [each.position for each in rejected] == [0]


def test_the_second_site_of_one_id_is_rejected():
    sites, rejected = parse_sites([SITE, changed(SITE, status="closed")])

    assert [site.status for site in sites] == ["active"]
    assert [(each.position, each.reason) for each in rejected] == [
        (1, "id is there already")
    ]


@pytest.mark.parametrize(
    ("value", "minutes"),
    [(5, 5), (30.0, 30), (0, None), (-5, None), (5.5, None), ("5", None), (True, None)],
)
def test_the_interval_length_may_be_any_whole_json_number(value, minutes):
    (site,), _ = parse_sites([changed(SITE, intervalLength=value)])

    assert site.interval_length_minutes == minutes


def test_what_a_site_does_not_say_is_not_known():
    (site,), rejected = parse_sites([{"id": "x", "channels": [], "closedOn": "soon"}])

    assert rejected == ()
    assert (site.nmi, site.status, site.channels) == ("", "", ())
    assert (site.network, site.active_from, site.closed_on) == (None, None, None)


def test_an_unreadable_channel_costs_neither_the_site_nor_the_others(caplog):
    channels = [
        {"identifier": "", "type": "general"},
        {"identifier": "E9", "type": "battery"},
        None,
    ]

    (_, site), rejected = parse_sites([SITE, changed(SITE, id="b", channels=channels)])

    assert [each.identifier for each in site.channels] == ["E9"]
    assert [(each.position, each.reason) for each in rejected] == [
        (1, "channel 0: identifier is not usable text"),
        (1, "channel 2: not an object"),
    ]
    assert caplog.messages == ["Unknown channelType, kept as it is: 'battery'"]


def test_a_site_whose_channels_are_no_list_stays():
    (site,), rejected = parse_sites([changed(SITE, channels=None)])

    assert site.channels == ()
    assert rejected[0].reason == "channel 0: channels is not a list"


def test_a_real_answer_is_read_completely():
    path = FIXTURES / "amber" / "prices-2024-09-04-30min.json"
    rows = json.loads(path.read_bytes())

    prices, rejected = parse_prices(rows)

    assert rejected == ()
    assert len(prices) == len(rows) == 192
    lives = [price.life for price in prices if not price.is_feed_in]
    assert [lives.count(life) for life in Life] == [28, 1, 67, 0]
    for before, after in pairwise(price for price in prices if price.is_feed_in):
        assert before.ends_at == after.starts_at
    for price, row in zip(prices, rows, strict=True):
        assert price.nem_date == date.fromisoformat(row["date"])


@given(st.lists(JSON, max_size=5))
def test_no_json_breaks_the_parsing(rows):
    for parse in (parse_prices, parse_usage, parse_sites):
        records, rejected = parse(rows)
        assert len(records) + len({each.position for each in rejected}) >= len(rows)


@given(st.sampled_from(list(PRICE | USAGE)), JSON)
def test_no_value_of_one_field_breaks_the_parsing(name, value):
    for parse, good in ((parse_prices, PRICE), (parse_usage, USAGE)):
        row = good | {name: value}

        records, rejected = parse([row, good])

        assert len(records) + len(rejected) == 2
        assert all(record.nem_date <= date(3000, 1, 1) for record in records)
