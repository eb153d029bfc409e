"""``/mirror/amber/v1``: sites and ranges, as Amber sent them field for field."""

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.collecting.batch import UsageRead
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.mirror import pages as mirror_list
from tests.server.store import material
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    lists_of_days,
    price,
    site,
    sites_read,
    usage,
)
from tests.server.store.odd_records import (
    intervals,
    price_fields,
    sorted_by_end,
    text_of,
    through_the_wire,
    usage_fields,
)
from tests.server.web.amber_mirror import (
    BASE,
    CURRENT,
    HALF_HOUR,
    NOW,
    NOW_ENDS,
    PRICES,
    USAGE,
    cents_of,
    half_hours,
    prices_read,
    store,
    without,
)
from tests.server.web.conftest import Api

TYPES = ("tidal", "feedIn", "general", "controlledLoad")
EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = count(1)
"""Each example has a site of its own in one store."""


def usage_read(records: list[JsonObject], site_id: str = SITE_ID) -> UsageRead:
    days = (YESTERDAY, TODAY)
    return material.usage_read(records, days, at=NOW, site_id=site_id)


async def test_sites_come_out_as_sent_without_those_that_are_gone(amber: Api):
    moved = site(id="01OTHER", channels=[])
    kept = site(new=[1, 1.0, None], network=None)
    await store(amber, sites=(moved, kept))
    await amber.collector.run(*lists_of_days(kept, last=NOW), source=Source.AMBER)

    answer = await amber.ask(BASE)

    assert await answer.json() == [kept]
    assert answer.headers["Last-Modified"] == "Sun, 04 Jan 2026 09:09:00 GMT"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("RateLimit")]


@pytest.mark.parametrize("lacks", ["one", "all"])
async def test_sites_that_one_list_lacked_are_still_reported(amber: Api, lacks: str):
    both = site(), site(id="01OTHER", nmi="9000000002")
    await store(amber, sites=both)

    odd = sites_read(*(both[:1] if lacks == "one" else ()), at=NOW)
    await amber.collector.run(odd, source=Source.AMBER)

    assert await amber.get(BASE) == [*both]


@pytest.mark.parametrize("path", [BASE, PRICES, CURRENT])
async def test_before_the_first_answer_nothing_is_said_to_be_unknown_or_empty(
    amber: Api, path: str
):
    answer = await amber.ask(path)

    assert answer.status == 503
    assert (await answer.json())["error"]["code"] == "not_collected"
    assert int(answer.headers["Retry-After"]) == 300


@EXAMPLES
@given(records=intervals(price, price_fields))
async def test_odd_prices_come_out_with_every_field_and_digit(
    amber: Api, records: list[Any]
):
    site_id = f"site-{next(NUMBERS)}"
    await store(
        amber,
        prices_read(through_the_wire(records), site_id),
        sites=(site(id=site_id),),
    )

    answer = await amber.ask(
        f"{BASE}/{site_id}/prices?startDate={YESTERDAY}&endDate={YESTERDAY}"
    )

    mirrored = sorted_by_end(await answer.text())
    assert mirrored == sorted_by_end(text_of([over(record) for record in records]))


def over(record: Any) -> Any:
    """A price as it is told when its interval is over."""
    if record["type"] != "CurrentInterval":
        return record
    if record.get("estimate") is not False:
        return {**without(record, "estimate"), "type": "ForecastInterval"}
    kept = without(record, "estimate", "range", "advancedPrice")
    return {**kept, "type": "ActualInterval"}


@EXAMPLES
@given(records=intervals(usage, usage_fields))
async def test_odd_usage_comes_out_with_every_field_and_digit(
    amber: Api, records: list[Any]
):
    site_id = f"site-{next(NUMBERS)}"
    await store(
        amber, usage_read(through_the_wire(records), site_id), sites=(site(id=site_id),)
    )

    answer = await amber.ask(
        f"{BASE}/{site_id}/usage?startDate={YESTERDAY}&endDate={YESTERDAY}"
    )

    assert sorted_by_end(await answer.text()) == sorted_by_end(text_of(records))


async def test_a_range_has_whole_nem_days_from_the_first_to_the_last(amber: Api):
    ends = [
        end
        for day in (YESTERDAY, TODAY, TODAY + timedelta(days=1))
        for end in (ends_of_day(day, 30)[0], ends_of_day(day, 30)[-1])
    ]
    await store(
        amber,
        prices_read([price(end, cents=number) for number, end in enumerate(ends)]),
    )

    both = "startDate=2026-01-03&endDate=2026-01-04"
    assert await cents_of(amber, f"{PRICES}?{both}") == [0, 1, 2, 3]
    assert await cents_of(amber, PRICES) == [2, 3]
    assert await cents_of(amber, f"{PRICES}?startDate=2026-01-03") == [0, 1, 2, 3]
    assert await cents_of(amber, f"{PRICES}?endDate=2026-01-05") == [2, 3, 4, 5]


@pytest.mark.parametrize(
    "day",
    [date(2026, 4, 5), date(2026, 10, 4)],
    ids=["Sydney's long night", "Sydney's short night"],
)
@pytest.mark.parametrize("duration", [5, 30])
async def test_a_nem_day_has_24_hours_whatever_sydneys_clocks_do(
    amber: Api, day: date, duration: int
):
    sent = [price(end, duration) for end in ends_of_day(day, duration)]
    around = [
        price(nem_day_start(day), duration),
        price(nem_day_start(day) + timedelta(days=1, minutes=duration), duration),
    ]
    await store(amber, prices_read([*sent, *around]))

    assert await amber.get(f"{PRICES}?startDate={day}&endDate={day}") == sent


async def test_channels_follow_each_other_in_upstreams_blocks(amber: Api):
    channels: list[JsonValue] = [
        {"identifier": "B1", "type": "feedIn", "tariff": "T"},
        {"identifier": "E2", "type": "controlledLoad", "tariff": "T"},
        {"identifier": "E1", "type": "general", "tariff": "T"},
    ]
    kinds = {"B1": "feedIn", "E2": "controlledLoad", "E9": "general", "E1": "general"}
    ends = [NOW_ENDS - HALF_HOUR, NOW_ENDS - 2 * HALF_HOUR]
    await store(
        amber,
        prices_read([price(end, channelType=kind) for end in ends for kind in TYPES]),
        usage_read(
            [
                usage(end, channelType=kind, channelIdentifier=register)
                for end in ends
                for register, kind in kinds.items()
            ]
        ),
        sites=(site(channels=channels),),
    )

    prices = await amber.get(PRICES)
    metered = await amber.get(f"{USAGE}?startDate={TODAY}&endDate={TODAY}")

    assert [record["channelType"] for record in prices] == [
        *(["general"] * 2),
        *(["controlledLoad"] * 2),
        *(["feedIn"] * 2),
        *(["tidal"] * 2),
    ]
    # the register that the site has no more comes last
    assert [record["channelIdentifier"] for record in metered] == [
        *("E1", "E1"),
        *("E2", "E2"),
        *("B1", "B1"),
        *("E9", "E9"),
    ]
    assert [record["endTime"] for record in metered[:2]] == [
        "2026-01-04T08:30:00Z",
        "2026-01-04T09:00:00Z",
    ]


async def test_a_range_tells_settled_and_expected_prices_as_they_were_typed(
    amber: Api,
):
    actual = half_hours("ActualInterval", NOW_ENDS - HALF_HOUR, 1)
    expected = half_hours("ForecastInterval", NOW_ENDS, 2, 3)
    await store(amber, prices_read([*actual, *expected]))

    assert await amber.get(PRICES) == [*actual, *expected]


@pytest.mark.parametrize("records", range(1, 9))
async def test_a_list_is_the_same_however_many_records_a_page_has(
    amber: Api, monkeypatch: pytest.MonkeyPatch, records: int
):
    sent = [
        price(end, duration, cents=number, channelType=kind)
        for kind in ("general", "feedIn")
        for number, (end, duration) in enumerate(
            [
                (NOW_ENDS - HALF_HOUR, 30),
                (NOW_ENDS - timedelta(minutes=20), 5),
                (NOW_ENDS, 15),
                (NOW_ENDS + HALF_HOUR, 30),
            ]
        )
    ]
    for record in sent[3::4]:
        record["type"] = "ForecastInterval"
    await store(amber, prices_read(sent))
    monkeypatch.setattr(mirror_list, "_RECORDS", records)

    answer = await amber.ask(PRICES)

    assert await answer.json() == sent
    assert answer.content_type == "application/json"
    assert answer.headers["Last-Modified"] == "Sun, 04 Jan 2026 09:09:00 GMT"


async def test_a_range_reaches_as_far_as_dates_do(amber: Api):
    await store(amber, prices_read(half_hours("ActualInterval", NOW_ENDS, 1)))

    assert await cents_of(
        amber, f"{PRICES}?startDate=0001-01-01&endDate=9999-12-31"
    ) == [1]


async def test_a_range_is_answered_however_old_the_last_fetch_is(amber: Api):
    await store(
        amber,
        prices_read(half_hours("ActualInterval", NOW_ENDS, 1)),
        usage_read([usage(NOW_ENDS)]),
    )
    amber.clock.advance(3 * 86_400)

    days = f"startDate={TODAY}&endDate={TODAY}"
    assert await cents_of(amber, f"{PRICES}?{days}") == [1]
    assert await cents_of(amber, f"{USAGE}?{days}") == [20.5]


async def test_a_range_without_records_is_an_empty_list(amber: Api):
    await store(amber)

    answer = await amber.ask(f"{USAGE}?startDate={TODAY}&endDate={TODAY}")

    assert (answer.status, await answer.json()) == (200, [])
    assert "Last-Modified" not in answer.headers
