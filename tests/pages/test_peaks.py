"""Peaks by month: what the page says is what the API says."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from energy_logger_server.domain.events import SubstationNotice
from energy_logger_server.domain.substation_health.faults import (
    Fault,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.watch import FaultChanges

from .conftest import EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint
from .planted_loads import CENTRAL, KAMO_ID, OZARK_ID, plant_loads


async def _peaks(entry_points: dict[str, EntryPoint], visit: Open, area: str) -> Visit:
    seen = await visit(
        entry_points["direct"],
        viewport={"width": 1440, "height": 1000},
        is_signed_in=False,
    )
    await seen.go(f"peaks?area={area}")
    await seen.settled()
    return seen


def _months(answer: dict[str, Any]) -> list[dict[str, Any]]:
    months: list[dict[str, Any]] = answer["data"]
    return months


async def test_this_months_peak_and_the_room_below_it_are_the_apis(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _peaks(entry_points, visit, "OZEC")
    told = await world.get("api/load/headroom/OZEC")
    text = await seen.text("present-card")

    assert text.count(f"{told['peak_kw'] / 1000:.1f} MW") == 1
    assert f"{told['load_share_of_peak']:.0%} of the peak" in text
    assert f"{told['load_kw'] / 1000:.1f} MW now" in text
    assert "Peak of January 2026, Ozark" in text
    room = told["headroom_kw"]
    shown = f"{room / 1000:.1f} MW" if room >= 1000 else f"{room:,.0f} kW"
    assert f"{shown} below the peak" in text


async def test_months_are_the_apis_with_load_factor_and_coincidence(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await _peaks(entry_points, visit, "OZEC")
    months = _months(await world.get("api/load/months/OZEC"))
    table = seen.page.locator("months-cards data-table")

    assert await table.get_by_role("row").count() == len(months) + 1
    for number, month in enumerate(months):
        row = await seen.text("months-cards tbody tr", number)
        assert f"{month['peak_kw'] / 1000:.1f}" in row
        assert f"{month['load_factor']:.1%}" in row
        assert f"{month['coincident_kw'] / 1000:.1f}" in row
        assert f"{month['coincident_kw'] / month['peak_kw']:.1%}" in row
        assert f"{month['hours']} h" in row

    async with seen.page.expect_download() as started:
        await seen.page.get_by_role("button", name="these months as CSV").click()
    path = tmp_path / "months.csv"
    await (await started.value).save_as(path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Month"], float(row["Peak (kW)"])) for row in rows] == [
        (month["month"], month["peak_kw"]) for month in months
    ]
    assert [row["When, Central time"] for row in rows] == [
        month["peak_at"] for month in months
    ]


async def test_two_weeks_say_how_many_days_they_are_and_how_many_it_takes(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _peaks(entry_points, visit, "OZEC")
    months = _months(await world.get("api/load/months/OZEC"))
    days = sum(month["hours"] for month in months) // 24
    text = await seen.text("months-cards")

    assert 0 < days < 30
    assert f"{days} days of load are here so far" in text
    assert "It takes 30 days" in text


async def test_a_year_is_drawn_month_by_month_with_its_own_and_kamos_peak(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, KAMO_ENABLED="false")
    await plant_loads(world, KAMO_ID, _day_of_each_month(lambda hour: 9e5 + hour))
    await plant_loads(world, OZARK_ID, _day_of_each_month(lambda hour: 7e4 - hour))
    seen = await visit(
        await entry_point_to(world), viewport={"width": 1440, "height": 1000}
    )
    await seen.go("peaks?area=OZEC")
    await seen.settled()
    chart = seen.page.locator("months-cards time-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    months = _months(await world.get("api/load/months/OZEC?months=1200"))

    assert len(months) == 12
    assert "Highest of 12 months" in await seen.text("months-cards time-chart")
    for number, month in enumerate(reversed(months)):
        row = await seen.text("time-chart tbody tr", number)
        assert f"{month['peak_kw'] / 1000:.1f} MW" in row
        assert f"{month['coincident_kw'] / 1000:.1f} MW" in row
    assert not seen.problems


def _day_of_each_month(kw: Callable[[int], float]) -> dict[datetime, float]:
    """Return a day's loads in each month of 2025; hours are Central."""
    return {
        datetime(2025, month, 15, hour, tzinfo=CENTRAL).astimezone(UTC): kw(hour * 500)
        for month in range(1, 13)
        for hour in range(24)
    }


async def test_the_sum_of_all_areas_has_no_coincidence_with_itself(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _peaks(entry_points, visit, "KAMO")
    text = await seen.text("months-cards")

    assert "Load factor" in text
    assert "Coincidence" not in text
    await seen.page.get_by_role("radio", name="Missouri").check()
    await seen.page.wait_for_url("**area=MO.")
    await seen.page.get_by_role("button", name="Coincidence").wait_for()


async def test_an_empty_store_waits_for_the_first_run(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, KAMO_ENABLED="false")
    seen = await visit(await entry_point_to(world))
    await seen.go("peaks")
    await seen.page.get_by_text("KAMO's areas are not here yet").wait_for()
    assert not seen.problems


async def test_what_was_told_stays_while_the_server_is_gone(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("peaks?area=OZEC")
    await seen.settled()
    await world.stop()
    await seen.page.get_by_text("No connection to the server").wait_for()
    assert "of the peak" in await seen.text("present-card")


async def test_days_substations_and_faults_are_the_apis(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    # what the simulated night itself has is there as well
    fault = Subject(Fault.FROZEN, "Battlefield")
    store = world.server.deps.store
    await store.save_fault_changes(OZARK_ID, FaultChanges({fault: Holding(1321.5)}, ()))
    seen = await _peaks(entry_points, visit, "OZEC")
    bill = await world.get("api/determinants/OZEC")
    newest = max(one["month"] for one in bill["substations"])
    listed = [one for one in bill["substations"] if one["month"] == newest]
    days = [day for season in bill["seasons"] for day in season["days"]]
    health = await world.get("api/substations/health/OZEC")
    faults = [one for one in health["data"] if one["ended_at"] is None]
    tables = await seen.page.locator("bill-cards data-table").all()

    rows = [await one.get_by_role("row").count() - 1 for one in tables]
    assert rows == [len(days), len(listed), len(faults)]
    highest = max(listed, key=lambda one: one["peak_kw"])
    text = await tables[1].locator("tbody tr").first.inner_text()
    assert highest["substation_name"] in text
    assert f"{highest['peak_kw']:,.0f}" in text
    said = (
        await tables[2].locator("tbody tr", has_text="Value stands still").inner_text()
    )
    assert "Battlefield" in said
    assert "1,322" in said or "1,321" in said
    async with seen.page.expect_download() as started:
        await seen.page.get_by_role("link", name="All of it as CSV").click()
    path = await (await started.value).path()
    assert path.read_text().startswith("determinant,name,period,at,kw,counts,note")
    await store.save_fault_changes(OZARK_ID, FaultChanges({}, [fault]))


async def test_a_fault_is_shown_as_soon_as_the_server_publishes_it(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("peaks?area=OZEC")
    await seen.settled()
    fault = Subject(Fault.MISSING, "Battlefield")
    deps = world.server.deps
    await deps.store.save_fault_changes(OZARK_ID, FaultChanges({fault: Holding()}, ()))

    now = world.clock.now()
    deps.events.publish(SubstationNotice(OZARK_ID, "Ozark", fault, now))

    await seen.page.get_by_text("Missing in KAMO's list").wait_for()
