"""The page of prices: what it says is what the API says, in each of its states."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.faults.fault import Fault, FaultAction

from .conftest import SYDNEY, EntryPointTo, Open, StartWorld, World
from .entry_points import EntryPoint
from .filled_store import KEY

JEMENA = "01S1MS1TEB0000000000000000"
AUSGRID = "01S1MS1TEA0000000000000000"
SPIKE_DAY = "2026-01-07"
MINUS = "\N{MINUS SIGN}"


def _price(aud_per_kwh: float) -> str:
    told = (
        f"{aud_per_kwh * 100:.1f} c/kWh"
        if abs(aud_per_kwh) < 1
        else f"{aud_per_kwh:.2f} AUD/kWh"
    )
    return told.replace("-", MINUS)


async def _prices(
    world: World, site: str, dates: str, channel: str
) -> list[float | None]:
    """Return a channel's prices in AUD, one for each point."""
    answer = await world.get(f"api/series/prices/{site}?{dates}")
    lines = {one["key"]: one["values"] for one in answer["series"]}
    nothing = [None] * len(answer["times"])
    settled = lines.get(f"{channel}/price", nothing)
    expected = lines.get(f"{channel}/expected", nothing)
    return [
        found if found is not None else other
        for found, other in zip(settled, expected, strict=True)
    ]


def _mean(prices: list[float | None]) -> float:
    known = [price for price in prices if price is not None]
    return sum(known) / len(known)


async def test_every_channel_has_the_apis_figures_with_their_sign(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("prices")
    await seen.settled()
    dates = "start=2026-01-15&end=2026-01-17"

    for number, channel in enumerate(("general", "feedIn")):
        prices = await _prices(world, AUSGRID, dates, channel)
        known = [price for price in prices if price is not None]
        text = await seen.text("channel-chart", number)
        assert f"Mean {_price(_mean(prices))}; lowest {_price(min(known))} (" in text
        assert f"highest {_price(max(known))} (" in text
        assert "Times are NEM time (UTC+10)." in text
    # feeding in costs something at times: below zero, and said to be so
    text = await seen.text("channel-chart", 1)
    assert f"lowest {MINUS}" in text
    assert "below zero feeding in costs you" in text
    assert seen.problems == []


async def test_levels_have_the_apis_words_and_a_spike_is_told(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go(f"prices?site={JEMENA}&date={SPIKE_DAY}")
    await seen.settled()
    day = f"start={SPIKE_DAY}&end={SPIKE_DAY}&channel=general"
    rows = (await world.get(f"api/prices/history/{JEMENA}?{day}"))["data"]
    spikes = [one for one in rows if one["spikeStatus"] == "spike"]
    most = max(one["price_aud_per_kwh"] for one in spikes)

    text = await seen.text("level-card")
    assert f"up to {_price(most)}" in text
    assert "Spike from Wed, 7 Jan" in text
    words = {"veryLow": "Very low", "extremelyLow": "Extremely low", "low": "Low"}
    said = {words[one["descriptor"]] for one in rows if one["descriptor"] in words}
    assert all(word in text for word in said)
    renewables = sum(one["renewables"] for one in rows) / len(rows)
    assert f"Mean {renewables:.0f}%" in text


async def test_days_lead_back_and_forward_and_the_address_keeps_them(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"])
    await seen.go("prices?channel=general")
    await seen.page.get_by_role("button", name="The day before").click()
    await seen.page.get_by_text("Wed, 14 Jan", exact=True).first.wait_for()
    assert seen.page.url.endswith("#/prices?channel=general&date=2026-01-14")

    await seen.page.reload()
    await seen.page.get_by_text("Wed, 14 Jan", exact=True).first.wait_for()
    assert await seen.page.locator("channel-chart").count() == 1

    await seen.page.get_by_role("button", name="The day after").click()
    await seen.page.get_by_text("Today and what is expected").first.wait_for()
    assert seen.page.url.endswith("#/prices?channel=general")


async def test_a_day_is_compared_with_the_one_a_week_earlier(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("prices?date=2026-01-14&channel=general")
    await seen.page.get_by_label("Compare with").select_option("week")
    await seen.page.get_by_text("against").first.wait_for()

    these = await _prices(world, AUSGRID, "start=2026-01-14&end=2026-01-14", "general")
    others = await _prices(world, AUSGRID, "start=2026-01-07&end=2026-01-07", "general")
    text = await seen.text("channel-chart")
    assert f"mean {_price(_mean(these))} against {_price(_mean(others))}" in text
    assert "compare=week" in seen.page.url


async def test_the_cheapest_spans_are_the_apis(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("prices")
    await seen.settled()
    path = f"api/prices/cheapest/{AUSGRID}?minutes=30,60,120,240&channel=general"
    windows = (await world.get(path))["windows"]

    text = await seen.text("cheapest-card")
    names = {30: "30 min", 60: "1 h", 120: "2 h", 240: "4 h"}
    for one in windows:
        assert f"{names[one['minutes']]}: {_price(one['mean_aud_per_kwh'])}" in text


async def test_table_and_csv_hold_what_is_on_the_screen(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await visit(entry_points["direct"])
    midnight = datetime(2026, 1, 13, 14, tzinfo=UTC)
    start = int(midnight.timestamp())
    # six of the day's hours
    zoom = f"{start}-{start + 6 * 3600}"
    await seen.go(f"prices?date=2026-01-14&channel=feedIn&zoom={zoom}")
    await seen.settled()
    chart = seen.page.locator("channel-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    async with seen.page.expect_download() as started:
        await chart.get_by_role("button", name="Download").click()
    download = await started.value
    await download.save_as(tmp_path / "shown.csv")

    prices = await _prices(world, AUSGRID, "start=2026-01-14&end=2026-01-14", "feedIn")
    assert await chart.locator("data-table tbody tr").count() == 12
    assert download.suggested_filename == "price-Ausgrid-2026-01-14-feedIn.csv"
    with (tmp_path / "shown.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["time", "Price (c/kWh)"]
    assert rows[1][0] == "2026-01-14T00:00:00+10:00"
    told = [float(row[1]) for row in rows[1:]]
    wanted: list[Any] = [price * 100 for price in prices[:12] if price is not None]
    assert told == pytest.approx(wanted)


@pytest.mark.parametrize("reader", [SYDNEY, "America/Chicago"])
@pytest.mark.parametrize(
    ("date", "name", "next_name"),
    [
        ("2025-10-05", "Sun, 5 Oct", "Mon, 6 Oct"),
        ("2025-04-06", "Sun, 6 Apr", "Mon, 7 Apr"),
    ],
)
async def test_a_night_of_changing_clocks_is_a_day_like_any_other(
    entry_points: dict[str, EntryPoint],
    visit: Open,
    reader: str,
    date: str,
    name: str,
    next_name: str,
):
    seen = await visit(entry_points["direct"], timezone_id=reader)
    await seen.go(f"prices?date={date}")
    await seen.page.get_by_role("heading", name=name, exact=True).wait_for()

    await seen.page.get_by_role("button", name="The day after").click()

    await seen.page.get_by_role("heading", name=next_name, exact=True).wait_for()
    assert "No prices of these dates are stored." in await seen.text()


async def test_a_utility_that_refuses_leaves_history_and_a_notice_with_the_reason(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    backfill = world.server.collecting.backfill
    assert backfill is not None
    await backfill.run()
    world.simulator.faults.add(Fault(FaultAction.FORBIDDEN, count=None))
    await world.server.collecting.collect_now(Source.AMBER)
    seen = await visit(await entry_point_to(world))
    await seen.go("prices?length=week")
    notice = seen.page.locator("prices-page notice-box")
    await notice.get_by_text("There is no forecast at present").wait_for()
    await seen.settled()

    notice_text = await seen.text("prices-page notice-box")
    assert "Amber refuses the key since" in notice_text
    assert "Mean " in await seen.text("channel-chart")


async def test_an_empty_store_says_that_it_fills_by_itself(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    seen = await visit(await entry_point_to(world))
    await seen.go("prices")
    await seen.page.get_by_text("this page fills by itself").wait_for()

    assert seen.problems == []


async def test_without_an_account_the_page_says_how_to_add_one(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("prices")
    link = seen.page.get_by_role("link", name="Add your Amber token")
    await link.wait_for()

    assert (await link.get_attribute("href") or "").endswith("#/settings")


async def test_a_session_that_has_ended_leads_back_to_the_same_view(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"], is_signed_in=False)
    view = "prices?date=2026-01-14&channel=feedIn"
    await seen.go(view)
    await seen.page.get_by_label("API key").fill(KEY)
    await seen.page.get_by_role("button", name="Sign in").click()
    await seen.page.get_by_text("Feed-in, Ausgrid").wait_for()
    await seen.settled()
    # as if 30 days were over: the next question is asked without it
    await seen.page.context.clear_cookies()
    await seen.page.get_by_role("button", name="The day before").click()
    await seen.page.get_by_label("API key").fill(KEY)
    await seen.page.get_by_role("button", name="Sign in").click()

    await seen.page.get_by_text("Feed-in, Ausgrid").wait_for()
    assert seen.page.url.endswith(view.replace("14", "13"))
