"""Histories of prices and usage: formats, beliefs, pages while rows are added."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.prices import PRICES as PRICE_COLUMNS
from energy_logger_server.web.datasets.usage import USAGE as USAGE_COLUMNS
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    price,
    prices_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import (
    FEED_IN,
    HALF_HOUR,
    day_of_usage,
    forecast,
    get_checked,
    store,
    values,
)
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_rows

NOON = datetime(2026, 1, 4, 2, tzinfo=UTC)
PRICES = f"/api/prices/history/{SITE_ID}"
USAGE = f"/api/usage/history/{SITE_ID}"
CURRENT = f"/api/prices/current/{SITE_ID}"
MINUTE = timedelta(minutes=1)


async def test_a_price_as_csv_has_every_column_under_its_name(api: Api):
    sent = forecast(
        NOON,
        -10.5,
        channelType="feedIn",
        range={"min": 1.5, "max": 2.5},
        advancedPrice={"low": -5.0, "predicted": -10.0, "high": -20.25},
        tariffInformation={
            "period": "peak",
            "season": "summer",
            "block": 2,
            "demandWindow": True,
        },
    )
    await store(api, prices_read([sent]))

    [row] = await csv_rows(api, f"{PRICES}?format=csv")

    assert tuple(row) == names_of(PRICE_COLUMNS)
    assert row == {
        "nem_time": "2026-01-04T12:00:00+10:00",
        "starts_at": "2026-01-04T11:30:00+10:00",
        "ends_at": "2026-01-04T12:00:00+10:00",
        "duration_minutes": "30",
        "channel_type": "feedIn",
        "type": "ForecastInterval",
        "price_cents_per_kwh": "-10.5",
        "spot_cents_per_kwh": "8.25",
        "price_aud_per_kwh": "0.105",
        "renewables_percent": "41.5",
        "spike_status": "none",
        "descriptor": "veryLow",
        "estimate": "",
        "tariff_period": "peak",
        "tariff_season": "summer",
        "tariff_block": "2",
        "demand_window": "true",
        "range_min_cents_per_kwh": "1.5",
        "range_max_cents_per_kwh": "2.5",
        "advanced_low_cents_per_kwh": "-5",
        "advanced_predicted_cents_per_kwh": "-10",
        "advanced_high_cents_per_kwh": "-20.25",
        "is_settled": "false",
    }


async def test_what_upstream_did_not_say_is_an_empty_cell(api: Api):
    sent = price(NOON)
    del sent["tariffInformation"]
    await store(api, prices_read([sent]))

    [row] = await csv_rows(api, f"{PRICES}?format=csv")

    empty = [name for name, cell in row.items() if not cell]
    assert empty == [
        "estimate",
        "tariff_period",
        "tariff_season",
        "tariff_block",
        "demand_window",
        "range_min_cents_per_kwh",
        "range_max_cents_per_kwh",
        "advanced_low_cents_per_kwh",
        "advanced_predicted_cents_per_kwh",
        "advanced_high_cents_per_kwh",
    ]


async def test_usage_as_csv_has_every_column_under_its_name(api: Api):
    sent = usage(NOON, kwh=1.5, cost=-7.5125, quality="estimated", **FEED_IN)
    await store(api, usage_read([sent], (TODAY, TODAY)))

    [row] = await csv_rows(api, f"{USAGE}?format=csv")

    assert tuple(row) == names_of(USAGE_COLUMNS)
    assert row == {
        "nem_time": "2026-01-04T12:00:00+10:00",
        "starts_at": "2026-01-04T11:30:00+10:00",
        "ends_at": "2026-01-04T12:00:00+10:00",
        "duration_minutes": "30",
        "channel_identifier": "B1",
        "channel_type": "feedIn",
        "energy_kwh": "1.5",
        "cost_cents": "-7.5125",
        "cost_aud": "0.075125",
        "price_cents_per_kwh": "20.5",
        "spot_cents_per_kwh": "8.25",
        "renewables_percent": "41.5",
        "quality": "estimated",
        "spike_status": "none",
        "descriptor": "veryLow",
        "tariff_period": "",
        "tariff_season": "",
        "tariff_block": "",
        "demand_window": "false",
    }


async def test_the_csv_is_that_of_the_export(api: Api):
    ends = [NOON + number * HALF_HOUR for number in range(3)]
    settled = [price(end, cents=number) for number, end in enumerate(ends)]
    settled += [price(end, cents=-0.12345, channelType="feedIn") for end in ends]
    expected = forecast(ends[-1] + HALF_HOUR, 7.5, range={"min": -1, "max": 2.5})
    await store(api, prices_read([*settled, expected]), day_of_usage(YESTERDAY))

    for history, export in [
        (PRICES, f"/api/export/prices/{SITE_ID}"),
        (USAGE, f"/api/export/usage/{SITE_ID}"),
        (f"/api/costs/daily/{SITE_ID}", f"/api/export/costs/{SITE_ID}"),
    ]:
        page = await (await api.ask(f"{history}?format=csv")).text()
        whole = await (await api.ask(f"{export}?format=csv")).text()
        assert page == whole
        assert page.count("\r\n") > 2


@pytest.mark.parametrize("path", [PRICES, USAGE])
async def test_ndjson_has_the_rows_of_the_json_one_a_line(api: Api, path: str):
    await store(
        api,
        prices_read([price(NOON), price(NOON + HALF_HOUR)]),
        usage_read([usage(NOON), usage(NOON + HALF_HOUR)], (TODAY, TODAY)),
    )

    answer = await api.ask(f"{path}?format=ndjson")

    assert answer.content_type == "application/x-ndjson"
    lines = (await answer.text()).splitlines()
    assert [json.loads(line) for line in lines] == (await get_checked(api, path))[
        "data"
    ]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_pages_of_every_format_are_linked(api: Api, form: str):
    sent = [price(NOON + number * HALF_HOUR) for number in range(3)]
    await store(api, prices_read(sent))

    first = await api.ask(f"{PRICES}?format={form}&limit=2")
    second = await api.follow(first)

    assert second is not None
    assert second.content_type == first.content_type
    assert await api.follow(second) is None
    lines = [(await page.text()).splitlines() for page in (first, second)]
    header = form == "csv"
    assert [len(of_page) - header for of_page in lines] == [2, 1]


async def test_a_format_that_is_not_there_is_named(api: Api):
    status, error = await api.error(f"{PRICES}?format=xml")

    assert (status, error["parameter"]) == (400, "format")


async def settle(api: Api, cents: float, at: datetime, *ends: datetime) -> None:
    await store(api, prices_read([price(end, cents=cents) for end in ends], at=at))


async def test_a_history_can_be_asked_as_of_an_instant(api: Api):
    fetched = NOON + MINUTE
    await settle(api, 1, fetched, NOON)
    await settle(api, 2, fetched + MINUTE, NOON)
    query = f"{PRICES}?as_of={fetched:%Y-%m-%dT%H:%M:%S}Z"

    believed = await get_checked(api, query)
    present = await get_checked(api, PRICES)

    assert values(believed["data"], "perKwh") == [1]
    assert values(present["data"], "perKwh") == [2]
    [row] = await csv_rows(api, f"{query}&format=csv")
    assert row["price_cents_per_kwh"] == "1"


async def test_hours_count_back_from_the_instant_asked_about(api: Api):
    await settle(api, 1, NOON, NOON - 3 * HALF_HOUR, NOON)
    api.clock.set(NOON + timedelta(days=3))

    answer = await get_checked(api, f"{PRICES}?hours=1&as_of=2026-01-04T12:00")

    assert values(answer["data"], "nemTime") == ["2026-01-04T12:00:00+10:00"]


async def test_a_date_as_of_means_its_end(api: Api):
    await settle(api, 1, NOON + MINUTE, NOON)
    api.clock.set(NOON + timedelta(days=3))
    await settle(api, 2, NOON + timedelta(days=2), NOON)

    days = [f"{PRICES}?as_of=2026-01-0{number}" for number in (3, 4, 6)]

    assert [
        values((await get_checked(api, day))["data"], "perKwh") for day in days
    ] == [
        [],
        [1],
        [2],
    ]


async def test_as_of_the_future_is_as_of_now(api: Api):
    await settle(api, 1, NOON, NOON)

    for far in ("2026-01-09", "9999-12-31", "9999-12-31T23:59:59Z"):
        answer = await get_checked(api, f"{PRICES}?as_of={far}")
        assert values(answer["data"], "perKwh") == [1]


async def test_pages_as_of_an_instant_stay_with_it(api: Api):
    ends = [NOON + number * HALF_HOUR for number in range(3)]
    fetched = ends[-1] + MINUTE
    await settle(api, 1, fetched, *ends)
    await settle(api, 2, fetched + MINUTE, *ends)

    pages = await api.pages(f"{PRICES}?limit=1&as_of={fetched:%Y-%m-%dT%H:%M:%S}Z")

    assert [values(page["data"], "perKwh") for page in pages] == [[1], [1], [1]]


async def test_usage_can_be_asked_as_of_an_instant(api: Api):
    before = usage(NOON, kwh=1, quality="estimated")
    after = usage(NOON, kwh=2)
    await store(api, usage_read([before], (TODAY, TODAY), at=NOON + MINUTE))
    await store(api, usage_read([after], (TODAY, TODAY), at=NOON + 2 * MINUTE))

    believed = await get_checked(api, f"{USAGE}?as_of=2026-01-04T12:01:30%2B10:00")

    assert values(believed["data"], "kwh", "is_estimated") == [(1, True)]
    assert values((await get_checked(api, USAGE))["data"], "kwh") == [2]


async def test_the_current_price_can_be_that_of_another_moment_as_believed_then(
    api: Api,
):
    expected = [
        forecast(NOON + HALF_HOUR, 7),
        forecast(NOON + HALF_HOUR, -3, channelType="feedIn"),
        forecast(NOON + 2 * HALF_HOUR, 8),
    ]
    await settle(api, 6, NOON, NOON)
    await store(api, prices_read(expected, at=NOON))
    await settle(api, 9, NOON + HALF_HOUR, NOON + HALF_HOUR)

    answer = await get_checked(api, f"{CURRENT}?as_of=2026-01-04T12:10")

    assert answer["timestamp"] == "2026-01-04T12:10:00+10:00"
    assert values(answer["prices"], "channelType", "perKwh") == [
        ("general", 7),
        ("feedIn", -3),
    ]


async def test_before_anything_was_known_there_is_no_current_price(api: Api):
    await settle(api, 9, NOON, NOON)

    status, error = await api.error(f"{CURRENT}?as_of=2026-01-04T11:40")

    assert (status, error["code"]) == (404, "no_data")


def rows_of(kind: str, numbers: list[int]) -> list[Part]:
    """Return half hours by number, of two channels each."""
    ends = [NOON + number * HALF_HOUR for number in numbers]
    make: Any = price if kind == "prices" else usage
    sent: list[Any] = [make(end) for end in ends]
    sent += [make(end, **FEED_IN) for end in ends]
    if kind == "prices":
        return [prices_read(sent)]
    return [usage_read(sent, (TODAY, TODAY))]


def key(row: dict[str, Any]) -> tuple[str, str]:
    return row["endTime"], row["channelType"]


@pytest.mark.parametrize("kind", ["prices", "usage"])
@pytest.mark.parametrize("limit", [1, 3, 4])
async def test_following_cursors_while_rows_are_added_yields_every_row_once(
    api: Api, kind: str, limit: int
):
    await store(api, *rows_of(kind, [0, 2, 4, 6]))
    api.clock.set(NOON + timedelta(days=1))
    there = (await get_checked(api, f"/api/{kind}/history/{SITE_ID}"))["data"]

    seen: list[tuple[str, str]] = []
    page: Any = await api.ask(f"/api/{kind}/history/{SITE_ID}?limit={limit}")
    for added in ([1, 7], [-2], [3, 8], [], [5], [-1], [9]) * 9:
        seen += map(key, (await page.json())["data"])
        await api.collector.run(*rows_of(kind, added), source=Source.AMBER)
        api.clock.advance(60)
        page = await api.follow(page)
        if page is None:
            break

    assert page is None
    assert len(seen) == len(set(seen))
    assert set(map(key, there)) <= set(seen)


async def test_a_history_of_usage_refuses_the_cursor_of_prices(api: Api):
    """Their series have other numbers, so rows would be left out in silence."""
    await store(api, *rows_of("prices", [0, 2, 4]), *rows_of("usage", [0, 2, 4]))
    api.clock.set(NOON + timedelta(days=1))
    following = await api.follow(await api.ask(f"{PRICES}?limit=1"))
    assert following is not None

    cursor = following.url.query["cursor"]
    status, error = await api.error(f"{USAGE}?limit=1&cursor={cursor}")

    assert (status, error["parameter"]) == (422, "cursor")
