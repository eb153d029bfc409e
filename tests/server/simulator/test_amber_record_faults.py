"""Every fault in the simulated Amber's records once, as a client sees it."""

import json
import math
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from amberelectric.api.amber_api import AmberApi

from energy_logger_server.api.nem import nem_day_start
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.simulator.running_amber import (
    TODAY,
    RunningAmber,
    StartAmber,
    blocks,
    days_ago,
)

PRICES = f"sites/{SITE_A}/prices"
CURRENT = f"sites/{SITE_A}/prices/current"
USAGE = f"sites/{SITE_A}/usage"
DAY = days_ago(20)
OF_DAY = {"startDate": DAY, "endDate": DAY}


async def _spoilt(
    amber: RunningAmber, action: str, path: str, **options: Any
) -> tuple[list[Any], list[Any]]:
    """Return an answer with a fault and the same without."""
    endpoint = {PRICES: "amber.prices", CURRENT: "amber.current", USAGE: "amber.usage"}
    query = {} if path == CURRENT else OF_DAY
    amber.plan(FaultAction(action), endpoint[path], **options)
    return await amber.records(path, **query), await amber.records(path, **query)


@pytest.mark.parametrize(
    ("path", "options", "field", "value"),
    [
        (USAGE, {"field": "kwh", "index": 3}, "kwh", str),
        (PRICES, {"field": "duration", "value": 5.0}, "duration", float),
    ],
)
async def test_a_field_can_have_the_wrong_type(
    amber: RunningAmber, path: str, options: dict[str, Any], field: str, value: type
) -> None:
    spoilt, normal = await _spoilt(amber, "wrong_type", path, **options)

    index = options.get("index", 0)
    assert type(spoilt[index][field]) is value
    spoilt[index][field] = normal[index][field]
    assert spoilt == normal


async def test_a_current_interval_can_be_one_of_the_past(amber: RunningAmber) -> None:
    spoilt, normal = await _spoilt(amber, "stuck_current", CURRENT, minutes=90)

    assert normal
    for stuck, current in zip(spoilt, normal, strict=True):
        assert stuck["type"] == "CurrentInterval"
        for name in ("startTime", "endTime", "nemTime"):
            late, right = (datetime.fromisoformat(r[name]) for r in (stuck, current))
            assert right - late == timedelta(minutes=90)
            assert (stuck[name][-6:] == "+10:00") is (name == "nemTime")
        assert stuck | {n: current[n] for n in current if "Time" in n} == current


async def test_a_stuck_interval_may_say_something_else(amber: RunningAmber) -> None:
    fields = {"spikeStatus": "spike", "perKwh": 1500.0}

    spoilt, _ = await _spoilt(amber, "stuck_current", CURRENT, fields=fields)

    assert all(fields.items() <= stuck.items() for stuck in spoilt)


async def test_a_record_can_be_null(amber: RunningAmber) -> None:
    spoilt, normal = await _spoilt(amber, "wrong_type", PRICES, index=2)

    assert spoilt[2] is None
    assert spoilt[:2] + spoilt[3:] == normal[:2] + normal[3:]


@pytest.mark.parametrize(
    ("path", "options", "field"),
    [
        (PRICES, {}, "nemTime"),
        (CURRENT, {"field": "estimate"}, "estimate"),
        (USAGE, {"field": "channelIdentifier"}, "channelIdentifier"),
    ],
)
async def test_a_field_can_be_missing(
    amber: RunningAmber, path: str, options: dict[str, Any], field: str
) -> None:
    spoilt, normal = await _spoilt(amber, "missing", path, **options)

    assert spoilt[0] == {k: v for k, v in normal[0].items() if k != field}
    assert spoilt[1:] == normal[1:]


async def test_a_number_can_be_nan(amber: RunningAmber) -> None:
    spoilt, _ = await _spoilt(amber, "nan", PRICES, field="perKwh")
    other, _ = await _spoilt(amber, "nan", USAGE)

    assert math.isnan(spoilt[0]["perKwh"])
    assert math.isnan(other[0]["renewables"])


@pytest.mark.parametrize(
    ("path", "options", "field"),
    [
        (PRICES, {}, "descriptor"),
        (PRICES, {"field": "type", "value": "SettledInterval"}, "type"),
        (USAGE, {"field": "quality", "value": "guessed"}, "quality"),
    ],
)
async def test_a_word_can_be_new(
    amber: RunningAmber, path: str, options: dict[str, Any], field: str
) -> None:
    spoilt, normal = await _spoilt(amber, "new_enum", path, **options)

    assert spoilt[0] == {**normal[0], field: options.get("value", "unheardOf")}


async def test_a_nested_word_can_be_new(amber: RunningAmber) -> None:
    amber.plan(
        FaultAction.NEW_ENUM,
        "amber.prices",
        field="tariffInformation.period",
        value="twilight",
        all=True,
    )

    found = blocks(await amber.records(f"sites/{SITE_B}/prices", **OF_DAY))

    assert {
        record["tariffInformation"]["period"] for record in found["controlledLoad"]
    } == {"twilight"}


async def test_a_status_can_be_new(amber: RunningAmber) -> None:
    amber.plan(FaultAction.NEW_ENUM, "amber.sites", value="paused", index=1)

    statuses = [site["status"] for site in await amber.records("sites")]

    assert statuses == ["active", "paused"]


@pytest.mark.parametrize("endpoint", ["amber.prices", "amber.usage"])
@pytest.mark.parametrize(
    ("action", "site", "count"),
    [
        ("extra", SITE_A, 96),
        ("null_tariff", SITE_A, 96),
        ("naive_time", SITE_A, 96),
        ("fraction_time", SITE_A, 96),
        ("duplicate", SITE_A, 97),
        ("shuffle", SITE_A, 96),
        ("short_day", SITE_A, 94),
        ("short_day", SITE_B, 861),
        ("mixed_duration", SITE_B, 144),
        ("new_channel", SITE_A, 144),
    ],
)
async def test_the_client_accepts_what_is_merely_odd(
    amber: RunningAmber, endpoint: str, action: str, site: str, count: int
) -> None:
    amber.plan(FaultAction(action), endpoint)

    def ask(api: AmberApi) -> int:
        read = api.get_usage if endpoint == "amber.usage" else api.get_prices
        return len(read(site, DAY, DAY))

    assert await amber.with_client(ask) == count
    assert amber.simulator.faults.pending() == ()


async def test_records_can_have_unknown_fields(amber: RunningAmber) -> None:
    spoilt, normal = await _spoilt(amber, "extra", PRICES)

    assert all(record.pop("unheardOf") for record in spoilt)
    assert spoilt == normal


async def test_the_tariff_can_be_null(amber: RunningAmber) -> None:
    spoilt, _ = await _spoilt(amber, "null_tariff", PRICES)

    found = blocks(spoilt)
    assert all(record["tariffInformation"] is None for record in found["general"])
    assert not any("tariffInformation" in record for record in found["feedIn"])


@pytest.mark.parametrize(
    ("action", "times"),
    [
        (
            "naive_time",
            ("2026-08-14T14:00:01", "2026-08-14T14:30:00", "2026-08-15T00:30:00"),
        ),
        (
            "fraction_time",
            (
                "2026-08-14T14:00:01.000Z",
                "2026-08-14T14:30:00.000Z",
                "2026-08-15T00:30:00.000+10:00",
            ),
        ),
    ],
)
async def test_times_can_be_written_otherwise(
    amber: RunningAmber, action: str, times: tuple[str, ...]
) -> None:
    spoilt, _ = await _spoilt(amber, action, PRICES)

    first = spoilt[0]
    assert (first["startTime"], first["endTime"], first["nemTime"]) == times


async def test_records_can_be_out_of_order(amber: RunningAmber) -> None:
    spoilt, normal = await _spoilt(amber, "shuffle", PRICES)

    assert spoilt != normal
    assert sorted(map(json.dumps, spoilt)) == sorted(map(json.dumps, normal))


async def test_a_day_can_lack_an_interval_of_each_channel(
    amber: RunningAmber,
) -> None:
    spoilt, normal = await _spoilt(amber, "short_day", USAGE, index=5)

    assert spoilt == normal[:5] + normal[6:53] + normal[54:]


@pytest.mark.parametrize("endpoint", ["prices", "usage"])
async def test_a_day_of_half_hours_can_stand_among_days_of_fives(
    amber: RunningAmber, endpoint: str
) -> None:
    path = f"sites/{SITE_B}/{endpoint}"
    query = {"startDate": days_ago(21), "endDate": days_ago(19)}
    amber.plan(FaultAction.MIXED_DURATION, f"amber.{endpoint}", date=DAY.isoformat())

    spoilt = blocks(await amber.records(path, **query))["general"]
    normal = blocks(await amber.records(path, **query))["general"]

    assert [r["duration"] for r in spoilt] == [5] * 288 + [30] * 48 + [5] * 288
    assert spoilt[:288] + spoilt[-288:] == normal[:288] + normal[-288:]
    assert spoilt[288]["startTime"] == normal[288]["startTime"]
    assert spoilt[288]["nemTime"] == normal[293]["nemTime"]
    for name in ("kwh", "cost"):
        assert sum(r.get(name, 0) for r in spoilt) == pytest.approx(
            sum(r.get(name, 0) for r in normal), abs=0.01
        )
    halves = await amber.records(f"sites/{SITE_B}/prices", **OF_DAY, resolution=30)
    assert [r["perKwh"] for r in spoilt[288:336]] == pytest.approx(
        [r["perKwh"] for r in halves[:48]], abs=2e-5
    )


async def test_a_channel_can_appear(amber: RunningAmber) -> None:
    amber.plan(FaultAction.NEW_CHANNEL, None, owner=SITE_B, count=None)

    sites = await amber.records("sites")
    usage = await amber.records(f"sites/{SITE_B}/usage", **OF_DAY)
    prices = await amber.records(f"sites/{SITE_B}/prices", **OF_DAY)
    other = await amber.records(USAGE, **OF_DAY)

    assert [len(site["channels"]) for site in sites] == [2, 4]
    assert sites[1]["channels"][3]["identifier"] == "E3"
    assert list(dict.fromkeys(r["channelIdentifier"] for r in usage)) == [
        "E1",
        "E3",
        "E2",
        "B1",
    ]
    assert len(prices) == 3 * 288
    assert len(other) == 96


async def test_a_site_can_be_closed(amber: RunningAmber) -> None:
    amber.plan(
        FaultAction.CLOSED_SITE,
        None,
        owner=SITE_A,
        count=None,
        closed_on=DAY.isoformat(),
    )

    sites = await amber.records("sites")
    before = await amber.records(USAGE, startDate=days_ago(21), endDate=DAY)
    prices = await amber.records(PRICES, **OF_DAY)

    assert [site["status"] for site in sites] == ["closed", "active"]
    assert sites[0]["closedOn"] == DAY.isoformat()
    assert list(sites[0])[-2:] == ["closedOn", "intervalLength"]
    assert {record["date"] for record in before} == {days_ago(21).isoformat()}
    assert len(prices) == 96


async def test_renewables_have_faults_too(amber: RunningAmber) -> None:
    amber.plan(FaultAction.FRACTION_TIME, "amber.renewables", owner="sa")
    amber.plan(FaultAction.MISSING, "amber.renewables", owner="sa")
    path = "state/sa/renewables/current"

    odd, spoilt, normal = [await amber.records(path) for _ in range(3)]

    assert odd[0]["endTime"].endswith(".000Z")
    assert normal[0].keys() - spoilt[0].keys() == {"nemTime"}


async def test_a_site_can_vanish(amber: RunningAmber) -> None:
    amber.plan(FaultAction.SITE_VANISHES, None, owner=SITE_A, count=None)

    sites = await amber.records("sites")
    gone = await amber.get(CURRENT)
    there = await amber.get(f"sites/{SITE_B}/prices/current")

    assert [site["id"] for site in sites] == [SITE_B]
    assert gone.status == 404
    assert there.status == 200


@pytest.mark.parametrize("action", ["short_day", "mixed_duration", "new_channel"])
async def test_an_empty_answer_stays_empty(amber: RunningAmber, action: str) -> None:
    amber.plan(FaultAction(action), "amber.usage")

    assert await amber.records(USAGE, startDate=TODAY, endDate=TODAY) == []


async def test_a_run_can_start_on_a_changeover_of_daylight_saving(
    start_amber: StartAmber,
) -> None:
    amber = await start_amber()
    changeover = date(2026, 4, 5)
    amber.clock.set(nem_day_start(changeover) + timedelta(hours=2))

    found = await amber.records(f"sites/{SITE_B}/prices", resolution=30)

    periods = {
        record["nemTime"][11:16]: record["tariffInformation"]["period"]
        for record in blocks(found)["general"]
        if record["date"] == changeover.isoformat()
    }
    # at 07:00 local the shoulder begins: summer time ended at 02:00 NEM
    assert periods["07:00"] == "offPeak"
    assert periods["07:30"] == "shoulder"
