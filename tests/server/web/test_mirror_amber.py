"""``/mirror/amber/v1``: what Amber sent comes out, field for field."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from amberelectric.models.actual_interval import ActualInterval
from amberelectric.models.current_interval import CurrentInterval
from amberelectric.models.forecast_interval import ForecastInterval
from amberelectric.models.interval import Interval as OfficialInterval
from hypothesis import HealthCheck, given, settings

from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.batch import Part, UsageRead
from energy_logger_server.domain.runs import Source
from energy_logger_server.web.mirror import pages as mirror_list
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store import material
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    as_decimal,
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
    text_of,
    through_the_wire,
    usage_fields,
)
from tests.server.web.conftest import Api

HALF_HOUR = timedelta(minutes=30)
NOW = RECORDED_AT
"""2026-01-04 19:09 NEM."""
NOW_ENDS = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
"""End of the half hour that holds it."""

BASE = "/mirror/amber/v1/sites"
PRICES = f"{BASE}/{SITE_ID}/prices"
CURRENT = f"{PRICES}/current"
USAGE = f"{BASE}/{SITE_ID}/usage"

TYPES = ("tidal", "feedIn", "general", "controlledLoad")

EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = count(1)
"""Each example has a site of its own in one store."""


def prices_read(records: list[JsonObject], site_id: str = SITE_ID) -> Part:
    return material.prices_read(records, at=NOW, site_id=site_id)


def usage_read(records: list[JsonObject], site_id: str = SITE_ID) -> UsageRead:
    days = (YESTERDAY, TODAY)
    return material.usage_read(records, days, at=NOW, site_id=site_id)


async def store(api: Api, *parts: Part, sites: tuple[JsonObject, ...] = ()) -> None:
    listed = sites_read(*(sites or (site(),)), at=NOW)
    await api.collector.run(listed, *parts, source=Source.AMBER)


@pytest.fixture
async def amber(api: Api) -> Api:
    """A server that collects Amber every five minutes."""
    api.collecting.set_up(Source.AMBER)
    return api


def half_hours(kind: str, first_end: datetime, *cents: float) -> list[JsonObject]:
    return [
        price(first_end + number * HALF_HOUR, cents=cent, type=kind)
        for number, cent in enumerate(cents)
    ]


async def cents_of(api: Api, path: str) -> list[float]:
    return [record["perKwh"] for record in await api.get(path)]


# Sites


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


# Ranges


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


def sorted_by_end(text: str) -> list[Any]:
    return sorted(as_decimal(text), key=lambda item: (item["endTime"], repr(item)))


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


# Current prices


async def test_the_current_interval_is_chosen_by_time(amber: Api):
    await store(
        amber,
        prices_read(
            [
                *half_hours("CurrentInterval", NOW_ENDS - HALF_HOUR, 1),
                *half_hours("ForecastInterval", NOW_ENDS, 2, 3, 4),
            ]
        ),
    )

    answer = await amber.get(f"{CURRENT}?previous=1&next=1")

    assert [
        (record["perKwh"], record["type"], record.get("estimate")) for record in answer
    ] == [
        (1, "ForecastInterval", None),
        (2, "CurrentInterval", True),
        (3, "ForecastInterval", None),
    ]


def stuck(minutes: int, confirmed: bool, **changes: Any) -> JsonObject:
    """A current price whose half hour ended some minutes ago."""
    end = NOW_ENDS - HALF_HOUR - timedelta(minutes=minutes)
    return price(end, type="CurrentInterval", estimate=not confirmed, **changes)


async def test_current_prices_that_are_over_are_reported_as_what_they_are(amber: Api):
    """Upstream's word for an interval stays in the store until it is asked again."""
    confirmed = stuck(0, confirmed=True, range={"min": 1, "max": 2}, new=[1.0])
    expected = stuck(
        30, confirmed=False, advancedPrice={"low": 1, "predicted": 2, "high": 3}
    )
    [now] = half_hours("CurrentInterval", NOW_ENDS, 3)
    await store(amber, prices_read([expected, confirmed, now]))

    for path in (f"{CURRENT}?previous=2", PRICES):
        answer = await amber.get(path)

        assert answer == [
            {**without(expected, "estimate"), "type": "ForecastInterval"},
            {**without(confirmed, "estimate", "range"), "type": "ActualInterval"},
            now,
        ]


def without(record: JsonObject, *names: str) -> JsonObject:
    return {name: value for name, value in record.items() if name not in names}


async def test_a_channel_has_one_current_price_at_most(amber: Api):
    kinds = ("general", "feedIn")
    ahead = [
        price(
            NOW_ENDS + HALF_HOUR,
            type="CurrentInterval",
            estimate=True,
            channelType=kind,
        )
        for kind in kinds
    ]
    sent = [
        stuck(30 * number, confirmed=bool(number % 2), channelType=kind)
        for kind in kinds
        for number in range(12)
    ]
    now = [price(NOW_ENDS, type="ForecastInterval", channelType=kind) for kind in kinds]
    await store(amber, prices_read([*sent, *now, *ahead]))

    answer = await amber.get(f"{CURRENT}?previous=12&next=5")
    in_range = await amber.get(PRICES)

    current = [one for one in answer if one["type"] == "CurrentInterval"]
    assert [(one["channelType"], one["endTime"]) for one in current] == [
        ("general", "2026-01-04T09:30:00Z"),
        ("feedIn", "2026-01-04T09:30:00Z"),
    ]
    assert len(answer) == len(in_range) == 28
    assert [one for one in in_range if one["type"] == "CurrentInterval"] == []


async def test_the_official_client_reads_every_price_as_what_it_is_by_now(amber: Api):
    await store(
        amber,
        prices_read(
            [
                stuck(30, confirmed=False),
                stuck(0, confirmed=True),
                price(NOW_ENDS, type="CurrentInterval", estimate=True),
            ]
        ),
    )

    answer = await amber.get(f"{CURRENT}?previous=2")

    assert [
        type(OfficialInterval.from_dict(record).actual_instance) for record in answer
    ] == [ForecastInterval, ActualInterval, CurrentInterval]


async def test_nothing_else_of_a_forecast_changes_when_it_is_sent_as_current(
    amber: Api,
):
    [sent] = half_hours("ForecastInterval", NOW_ENDS, 2)
    sent |= {
        "range": {"min": 1, "max": 2.5},
        "advancedPrice": {"low": 1, "predicted": 2, "high": 3, "new": None},
        "estimate": False,
        "new": [1.0],
    }
    await store(amber, prices_read([sent]))

    assert await amber.get(CURRENT) == [
        {**sent, "type": "CurrentInterval", "estimate": True}
    ]


@pytest.mark.parametrize("kind", ["ActualInterval", "CurrentInterval", "Settled"])
async def test_any_other_type_of_the_present_interval_stays_as_it_is(
    amber: Api, kind: str
):
    sent = half_hours(kind, NOW_ENDS, 2)
    await store(amber, prices_read(sent))

    assert await amber.get(CURRENT) == sent


async def test_a_settled_price_wins_over_a_longer_one_that_was_expected(amber: Api):
    five = price(NOW + timedelta(minutes=1), 5, type="CurrentInterval", estimate=False)
    await store(amber, prices_read(half_hours("ForecastInterval", NOW_ENDS, 9)))
    await store(amber, prices_read([five]))

    assert await amber.get(CURRENT) == [five]


async def test_counts_are_of_intervals_of_each_channel_whatever_their_length(
    amber: Api,
):
    sent = [
        price(end, duration, cents=cents, channelType=kind)
        for kind in ("general", "feedIn")
        for cents, end, duration in (
            (1, NOW_ENDS - 2 * HALF_HOUR, 30),
            (2, NOW_ENDS - HALF_HOUR, 30),
            (3, NOW_ENDS - timedelta(minutes=25), 5),
            (4, NOW_ENDS - timedelta(minutes=15), 5),
            (5, NOW_ENDS, 15),
            (6, NOW_ENDS + HALF_HOUR, 30),
        )
    ]
    await store(amber, prices_read(sent))

    # nothing is known of these five minutes
    assert await cents_of(amber, CURRENT) == []
    assert await cents_of(amber, f"{CURRENT}?previous=2&next=1") == [2, 3, 4] * 2
    amber.clock.advance(10 * 60)
    assert await cents_of(amber, f"{CURRENT}?previous=3") == [2, 3, 4, 5] * 2
    assert await cents_of(amber, f"{CURRENT}?next=9") == [5, 6] * 2


@pytest.mark.parametrize(
    ("second", "cents"), [(-1, [1]), (0, [2])], ids=["before the boundary", "at it"]
)
async def test_the_present_interval_holds_its_start_and_not_its_end(
    api: Api, second: int, cents: list[float]
):
    api.collecting.set_up(Source.AMBER, interval_minutes=30)
    await store(api, prices_read(half_hours("CurrentInterval", NOW_ENDS, 1, 2)))
    api.clock.advance((NOW_ENDS - NOW).total_seconds() + second)

    assert await cents_of(api, CURRENT) == cents


@pytest.mark.parametrize(
    ("minutes", "age_s", "status"),
    [(5, 600, 200), (5, 601, 503), (30, 3600, 200), (30, 3601, 503)],
)
async def test_current_prices_are_there_until_two_ticks_went_without_them(
    api: Api, minutes: int, age_s: int, status: int
):
    api.collecting.set_up(Source.AMBER, interval_minutes=minutes)
    await store(api, prices_read(half_hours("CurrentInterval", NOW_ENDS, 1)))
    api.clock.advance(age_s)

    assert (await api.ask(CURRENT)).status == status


async def test_history_read_since_does_not_make_present_prices_fresh(api: Api):
    await store(api, prices_read(half_hours("CurrentInterval", NOW_ENDS, 1)))
    api.clock.advance(1200)
    days = YESTERDAY, YESTERDAY
    await store(api, material.prices_read([], days, at=api.clock.now()))

    assert (await api.ask(CURRENT)).status == 503


async def test_stale_prices_are_reported_with_the_time_of_the_next_try(api: Api):
    api.collecting.set_up(
        Source.AMBER, next_tick_at=NOW + timedelta(seconds=1212, microseconds=5)
    )
    await store(api, prices_read(half_hours("CurrentInterval", NOW_ENDS, 1)))
    api.clock.advance(1200)

    answer = await api.ask(CURRENT)

    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (503, "stale")
    assert "since 2026-01-04T09:09:00Z" in error["message"]
    assert answer.headers["Retry-After"] == "13"


async def test_a_source_that_is_not_collected_any_more_turns_stale(api: Api):
    await store(api, prices_read(half_hours("CurrentInterval", NOW_ENDS, 1)))

    assert await cents_of(api, CURRENT) == [1]
    api.clock.advance(601)
    assert (await api.ask(CURRENT)).headers["Retry-After"] == "300"


async def test_a_site_whose_prices_were_never_read_is_not_collected(amber: Api):
    await store(amber)

    status, error = await amber.error(CURRENT)

    assert (status, error["code"]) == (503, "not_collected")


# What is asked


@pytest.mark.parametrize("path", [PRICES, CURRENT])
@pytest.mark.parametrize("resolution", ["5", "30"])
async def test_resolution_is_taken_and_ignored(amber: Api, path: str, resolution: str):
    sent = half_hours("CurrentInterval", NOW_ENDS, 1)
    await store(amber, prices_read(sent))

    assert await amber.get(f"{path}?resolution={resolution}") == sent


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{PRICES}?resolution=15", "resolution"),
        (f"{USAGE}?startDate=2026-01-01&endDate=2026-01-01&resolution=x", "resolution"),
        (f"{PRICES}?startDate=yesterday", "startDate"),
        (f"{PRICES}?endDate=2026-02-30", "endDate"),
        (f"{PRICES}?endDate=20260101", "endDate"),
        (f"{USAGE}?endDate=2026-01-01", "startDate"),
        (f"{USAGE}?startDate=2026-01-01", "endDate"),
        (f"{CURRENT}?next=-1", "next"),
        (f"{CURRENT}?previous=2049", "previous"),
        (f"{CURRENT}?hours=1", "hours"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    amber: Api, path: str, parameter: str
):
    await store(amber)

    status, error = await amber.error(path)

    assert (status, error["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{PRICES}?startDate=2026-01-05", "endDate"),
        (f"{USAGE}?startDate=2026-01-02&endDate=2026-01-01", "endDate"),
        (f"{CURRENT}?next=2000&previous=49", "next"),
    ],
)
async def test_what_contradicts_itself_is_refused_as_such(
    amber: Api, path: str, parameter: str
):
    await store(amber)

    status, error = await amber.error(path)

    assert (status, error["code"], error["parameter"]) == (
        422,
        "contradiction",
        parameter,
    )


@pytest.mark.parametrize(
    "path_of",
    [
        lambda site_id: f"{BASE}/{site_id}/prices",
        lambda site_id: f"{BASE}/{site_id}/prices/current",
        lambda site_id: f"{BASE}/{site_id}/usage?startDate={TODAY}&endDate={TODAY}",
    ],
    ids=["prices", "current", "usage"],
)
async def test_an_unknown_site_is_404_by_name(
    amber: Api, path_of: Callable[[str], str]
):
    await store(amber)

    status, error = await amber.error(path_of("01NOBODY"))

    assert (status, error["code"]) == (404, "unknown_site")
    assert "01NOBODY" in error["message"]


@pytest.mark.parametrize("path", [BASE, PRICES, CURRENT, USAGE])
async def test_the_household_needs_the_key(amber: Api, path: str):
    await store(amber)

    assert (await amber.ask(path, key=None)).status == 401


async def test_the_key_is_taken_as_the_official_client_sends_it(amber: Api):
    await store(amber)
    headers = {"Authorization": "Bearer the-key-of-the-tests-0123456789"}

    assert (await amber.ask(BASE, key=None, headers=headers)).status == 200


@pytest.mark.parametrize("path", [BASE, PRICES, CURRENT, USAGE])
async def test_a_wrong_key_is_refused_as_amber_refuses_it(amber: Api, path: str):
    await store(amber)
    wrong = {"Authorization": "Bearer psk_wrong"}

    answer = await amber.ask(path, key=None, headers=wrong)

    assert answer.status == 403
    assert (await answer.json())["error"]["code"] == "wrong_api_key"
    # Amber tells a missing token otherwise
    assert (await amber.ask(path, key=None)).status == 401


async def test_guesses_at_the_mirror_are_counted_too(amber: Api):
    await store(amber)
    for _guess in range(5):
        await amber.ask(BASE, key="wrong")

    assert (await amber.ask("/api/sites")).status == 429
