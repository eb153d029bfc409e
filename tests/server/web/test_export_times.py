"""``/api/export``: time zones, spans, and what has not begun."""

from datetime import UTC, datetime, timedelta

from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
)
from tests.server.web.amber_answers import (
    day_of_usage,
    forecast,
    store,
    store_odd_prices,
)
from tests.server.web.answers import areas, grid, recording
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_export

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def test_both_hours_of_the_autumn_night_and_the_gap_of_spring_are_kept_apart(
    api: Api,
):
    autumn = datetime(2026, 11, 1, 5, tzinfo=UTC)
    spring = datetime(2026, 3, 8, 7, tzinfo=UTC)
    hours = [night + number * HOUR for night in (spring, autumn) for number in range(4)]
    for night in (spring, autumn):
        loads = {night + number * HOUR: float(number) for number in range(4)}
        await api.collector.run(areas(), grid(1, loads))

    central = await csv_export(api, "load/1")
    utc = await csv_export(api, "load/1?tz=UTC")
    whole_night = await csv_export(api, "load/1?start=2026-11-01&end=2026-11-01")
    in_utc = await csv_export(api, "load/1?start=2026-11-01&end=2026-11-01&tz=Etc/UTC")

    assert [row["timestamp"] for row in central] == [
        "2026-03-08T01:00:00-06:00",
        "2026-03-08T03:00:00-05:00",
        "2026-03-08T04:00:00-05:00",
        "2026-03-08T05:00:00-05:00",
        "2026-11-01T00:00:00-05:00",
        "2026-11-01T01:00:00-05:00",
        "2026-11-01T01:00:00-06:00",
        "2026-11-01T02:00:00-06:00",
    ]
    assert [row["timestamp"] for row in utc] == [at.isoformat() for at in hours]
    assert len(whole_night) == len(in_utc) == 4


async def test_without_tz_the_setting_of_that_name_holds_and_at_once(api: Api):
    noon = datetime(2026, 1, 4, 12, tzinfo=UTC)
    await api.collector.run(areas(), grid(1, {noon: 1.0}))
    sydney_day = "load/1?start=2026-01-04&end=2026-01-04"
    own = await csv_export(api, sydney_day)

    await api.get("/api/settings/TZ", method="PUT", json={"value": "Australia/Sydney"})
    configured = await csv_export(api, sydney_day)
    asked = await csv_export(api, f"{sydney_day}&tz=UTC")
    await api.get("/api/settings/TZ", method="DELETE")
    reset = await csv_export(api, sydney_day)

    assert [row["timestamp"] for row in own] == ["2026-01-04T06:00:00-06:00"]
    assert [row["timestamp"] for row in configured] == ["2026-01-04T23:00:00+11:00"]
    assert [row["timestamp"] for row in asked] == ["2026-01-04T12:00:00+00:00"]
    assert reset == own


async def test_days_of_costs_are_nem_dates_whatever_tz_says(api: Api):
    await store(api, *(day_of_usage(day) for day in (YESTERDAY, TODAY)))
    before = await csv_export(api, f"costs/{SITE_ID}?start=2026-01-03&end=2026-01-03")

    await api.get("/api/settings/TZ", method="PUT", json={"value": "America/Chicago"})
    after = await csv_export(api, f"costs/{SITE_ID}?start=2026-01-03&end=2026-01-03")

    assert {row["date"] for row in before} == {"2026-01-03"}
    assert after == before


async def test_nem_time_has_no_summer_and_sydney_has(api: Api):
    ends = [
        *(datetime(2025, 10, 4, 15, 30, tzinfo=UTC) + n * HOUR for n in range(2)),
        *(datetime(2026, 4, 4, 15, 30, tzinfo=UTC) + n * HOUR for n in range(2)),
    ]
    api.clock.set(datetime(2026, 5, 1, tzinfo=UTC))
    await store(api, prices_read([price(end) for end in ends]))

    nem = await csv_export(api, f"prices/{SITE_ID}")
    sydney = await csv_export(api, f"prices/{SITE_ID}?tz=Australia/Sydney")
    day = await csv_export(
        api, f"prices/{SITE_ID}?tz=Australia/Sydney&start=2026-04-05&end=2026-04-05"
    )

    assert [row["starts_at"] for row in nem] == [
        "2025-10-05T01:00:00+10:00",
        "2025-10-05T02:00:00+10:00",
        "2026-04-05T01:00:00+10:00",
        "2026-04-05T02:00:00+10:00",
    ]
    assert [row["starts_at"] for row in sydney] == [
        "2025-10-05T01:00:00+10:00",
        "2025-10-05T03:00:00+11:00",
        "2026-04-05T02:00:00+11:00",
        "2026-04-05T02:00:00+10:00",
    ]
    assert [row["nem_time"] for row in sydney] == [row["nem_time"] for row in nem]
    assert len(day) == 2


async def test_the_span_of_an_export_can_be_chosen(api: Api):
    hours = {RECORDED_AT.replace(minute=0) - n * HOUR: float(n) for n in range(60)}
    await api.collector.run(areas(), grid(1, hours, at=RECORDED_AT))

    last_day = await csv_export(api, "load/1?days=1&start=1999-01-01")
    until = await csv_export(api, "load/1?end=2026-01-02T00:00:00-06:00")
    of_day = await csv_export(api, "load/1?start=2026-01-03&end=2026-01-03")

    assert [row["load_kw"] for row in last_day] == [
        f"{n}.0" for n in reversed(range(24))
    ]
    assert until[-1]["timestamp"] == "2026-01-02T00:00:00-06:00"
    assert len(of_day) == 24


async def test_one_channel_and_one_substation_can_be_chosen(api: Api):
    await api.collector.run(*recording())
    await store_odd_prices(api)

    battlefield = await csv_export(api, "substations/1?substation=Battlefield")
    feed_in = await csv_export(api, f"prices/{SITE_ID}?channel=feedIn")

    assert [row["kw"] for row in battlefield] == ["5182.0"]
    assert [row["price_cents_per_kwh"] for row in feed_in] == ["-20.5"]


async def test_prices_of_intervals_that_have_not_begun_are_no_prices_yet(api: Api):
    ends = ends_of_day(TODAY, 30)
    api.clock.set(ends[1] + MINUTE)
    await store(api, prices_read([forecast(end, 9.5) for end in ends]))

    begun = await csv_export(api, f"prices/{SITE_ID}")
    asked = await csv_export(api, f"prices/{SITE_ID}?end=2026-01-04")

    assert len(begun) == 3
    assert len(asked) == 48
