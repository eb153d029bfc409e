"""``/mirror/amber/v1/sites/{id}/prices/current``: the interval that is now."""

from datetime import timedelta
from typing import Any

import pytest
from amberelectric.models.actual_interval import ActualInterval
from amberelectric.models.current_interval import CurrentInterval
from amberelectric.models.forecast_interval import ForecastInterval
from amberelectric.models.interval import Interval as OfficialInterval

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.runs import Source
from tests.server.store import material
from tests.server.store.material import (
    YESTERDAY,
    price,
)
from tests.server.web.amber_mirror import (
    CURRENT,
    HALF_HOUR,
    NOW,
    NOW_ENDS,
    PRICES,
    cents_of,
    half_hours,
    prices_read,
    store,
    without,
)
from tests.server.web.conftest import Api


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
