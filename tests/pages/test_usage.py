"""The page of usage and cost: what it says is what the API says."""

import csv
from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Source

from .conftest import EntryPointTo, Open, StartWorld, World
from .entry_points import EntryPoint
from .filled_store import KEY

AUSGRID = "01S1MS1TEA0000000000000000"
JEMENA = "01S1MS1TEB0000000000000000"
MINUS = "\N{MINUS SIGN}"


def _money(aud: float) -> str:
    sign = MINUS if round(aud, 2) < 0 else ""
    return f"{sign}${abs(aud):,.2f}"


async def test_a_months_sums_are_the_apis_with_their_sign(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("usage")
    await seen.settled()
    asked = "start=2026-01-01&end=2026-01-31&period=month"
    (month,) = (await world.get(f"api/costs/daily/{AUSGRID}?{asked}"))["data"]

    text = await seen.text("usage-totals")
    assert f"{_money(month['net_cost_aud'])} Net cost" in text
    assert f"Drawn {month['import_kwh']:.1f} kWh" in text
    assert f"Cost {_money(month['import_cost_aud'])}" in text
    assert f"Fed in {month['export_kwh']:.1f} kWh" in text
    # midday prices are below zero: feeding in cost something
    assert month["export_credit_aud"] < 0
    assert f"Earned {_money(month['export_credit_aud'])}" in text
    assert "Earnings below zero are what feeding in cost you." in text
    mean = month["import_cost_aud"] / month["import_kwh"] * 100
    assert f"Mean price drawn {mean:.1f} c/kWh" in text
    whole = await seen.text()
    assert "Usage arrives on the next day, about 3 am NEM time." in whole
    assert "NEM time (UTC+10)" in whole
    assert seen.problems == []


async def test_a_week_is_compared_with_as_much_of_the_week_before(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("usage?length=week")
    await seen.settled()

    async def net(start: str, end: str) -> float:
        asked = f"start={start}&end={end}"
        days = (await world.get(f"api/costs/daily/{AUSGRID}?{asked}"))["data"]
        total: float = sum(day["net_cost_aud"] for day in days)
        return total

    # what is here of this week ends with Wednesday
    this, before = (
        await net("2026-01-12", "2026-01-18"),
        await net("2026-01-05", "2026-01-07"),
    )
    way = "less" if this < before else "more"
    wanted = f"{_money(abs(this - before))} {way} than as much of the week before"
    assert f"{wanted} ({_money(before)})." in await seen.text("usage-totals")


async def test_periods_of_the_tariff_have_the_apis_figures(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go(f"usage?site={JEMENA}")
    await seen.settled()
    asked = "start=2026-01-01&end=2026-01-31"
    periods = (await world.get(f"api/costs/tariff/{JEMENA}?{asked}"))["data"]
    general = [one for one in periods if one["channel_type"] == "general"]
    assert len(general) > 1

    text = await seen.text("tariff-periods")

    for one in general:
        digits = 1 if one["energy_kwh"] >= 100 else 2
        assert f"{one['energy_kwh']:,.{digits}f} kWh" in text
        assert _money(one["cost_aud"]) in text
    whole = sum(one["energy_kwh"] for one in general)
    assert f"{general[0]['energy_kwh'] / whole:.0%}" in text
    # feed-in has no periods
    assert "Feed-in" not in text
    assert seen.problems == []


async def test_a_bar_opens_its_day_and_the_address_keeps_it(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"])
    await seen.go("usage?channel=general&measure=cost")
    chart = seen.page.get_by_role("application")
    await chart.focus()
    await seen.page.keyboard.press("Home")
    await seen.page.get_by_text("Thu, 1 Jan: drawn").wait_for()
    await seen.page.keyboard.press("Enter")
    await seen.page.get_by_text("Thu, 1 Jan, Ausgrid").wait_for()
    await seen.settled()

    assert seen.page.url.endswith(
        "#/usage?channel=general&measure=cost&date=2026-01-01&length=day"
    )
    day = "start=2026-01-01&end=2026-01-01"
    (one,) = (await world.get(f"api/costs/daily/{AUSGRID}?{day}"))["data"]
    general = next(
        register
        for register in one["registers"]
        if register["channel_type"] == "general"
    )
    text = await seen.text("usage-page")
    assert f"Drawn {general['energy_kwh']:.2f} kWh" in text
    assert f"{_money(general['cost_aud'])} Net cost" in text


async def test_csv_holds_the_dates_that_are_on_the_screen(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await visit(entry_points["direct"])
    await seen.go("usage?length=week&date=2026-01-05")
    await seen.settled()
    async with seen.page.expect_download() as started:
        await seen.page.get_by_role("button", name="Download").click()
    download = await started.value
    await download.save_as(tmp_path / "shown.csv")

    asked = "start=2026-01-05&end=2026-01-11"
    days = (await world.get(f"api/costs/daily/{AUSGRID}?{asked}"))["data"]
    with (tmp_path / "shown.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["time"] for row in rows] == [
        f"{day['date']}T00:00:00+10:00" for day in days
    ]
    for row, day in zip(rows, days, strict=True):
        assert float(row["drawn_kwh"]) == pytest.approx(day["import_kwh"])
        assert float(row["earned_aud"]) == pytest.approx(day["export_credit_aud"])
        assert float(row["net_aud"]) == pytest.approx(day["net_cost_aud"])


async def test_today_has_no_usage_and_the_page_says_when_it_comes(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("usage?length=day")
    await seen.page.get_by_text("No usage of these dates is stored.").wait_for()

    assert "Usage arrives on the next day" in await seen.text()


async def test_half_a_backfill_is_told_where_usage_may_be_missing(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    await world.server.collecting.collect_now(Source.AMBER)
    entry = await entry_point_to(world)
    seen = await visit(entry)
    for step in ("pause", "start"):
        answer = await seen.page.context.request.post(
            f"{entry.url}api/backfill/{step}", headers={"X-API-Key": KEY}
        )
        assert answer.ok, await answer.text()
    await seen.go("usage")
    await seen.page.get_by_text("what is missing here may still come").wait_for()

    told = await world.get("api/backfill")
    assert told["is_paused"]
    share = f"{told['percent'] or 0:.0f}%"
    await seen.page.get_by_text(f"History is being read, {share} so far").wait_for()


async def test_an_empty_store_says_that_it_fills_by_itself(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    seen = await visit(await entry_point_to(world))
    await seen.go("usage")
    await seen.page.get_by_text("this page fills by itself").wait_for()

    assert seen.problems == []


async def test_a_session_that_has_ended_leads_back_to_the_same_view(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"], is_signed_in=False)
    view = "usage?length=week&date=2026-01-05&measure=cost"
    await seen.go(view)
    await seen.page.get_by_label("API key").fill(KEY)
    await seen.page.get_by_role("button", name="Sign in").click()

    await seen.page.get_by_text("Cost, AUD").wait_for()
    assert seen.page.url.endswith(view)
