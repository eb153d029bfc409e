"""Areas and substations: what the page says is what the API says, in each state."""

import csv
import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.faults.fault import Fault, FaultAction

from .conftest import SYDNEY, EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint
from .filled_store import PRESENT
from .planted_loads import CENTRAL, OZARK_ID, plant_loads

CHICAGO = "America/Chicago"
HOUR = timedelta(hours=1)
SCRIPT = "<img src=x onerror=document.title='run'>"
LINES = "First\nsecond\r\nthird"
LONG = "Long" * 75
_UNKNOWN = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"


def _megawatts(kw: float) -> str:
    return f"{kw / 1000:.1f} MW"


def _kilowatts(kw: float) -> str:
    return f"{kw:,.0f} kW"


def _factor(reading: dict[str, Any]) -> float | None:
    if reading["kvar"] is None:
        return None
    apparent = math.hypot(reading["kw"], reading["kvar"])
    return reading["kw"] / apparent if apparent else None


async def _inspector(
    entry_points: dict[str, EntryPoint],
    visit: Open,
    view: str = "area=OZEC",
    **how: Any,
) -> Visit:
    how = {"viewport": {"width": 1440, "height": 1000}, "is_signed_in": False, **how}
    seen = await visit(entry_points["direct"], **how)
    await seen.go(f"inspector?{view}")
    await seen.settled()
    return seen


async def _rows(seen: Visit) -> list[list[str]]:
    """Return the words of each row of the list of substations."""
    table = seen.page.locator("substation-list data-table")
    count = await table.get_by_role("row").count()
    rows = [
        await seen.text("substation-list data-table tbody tr", number)
        for number in range(count - 1)
    ]
    return [row.split() for row in rows]


def _with_factors(readings: Iterable[dict[str, Any]]) -> list[str]:
    """Return how rows end: load, power factor, kVAR."""
    rows = []
    for one in readings:
        factor = _factor(one)
        shown = _UNKNOWN if factor is None else f"{factor:.3f}"
        kvar = _UNKNOWN if one["kvar"] is None else f"{one['kvar']:,.0f}"
        word = "" if factor is None or round(factor, 3) >= 0.95 else "Fair "
        if factor is not None and round(factor, 3) < 0.85:
            word = "Poor "
        rows.append(
            f"{one['substation_name']} {one['kw']:,.0f} {word}{shown} "
            f"{kvar.replace('-', _MINUS)}"
        )
    return rows


async def test_an_areas_load_and_last_day_are_the_apis_without_signing_in(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit)
    current = await world.get("api/load/current/OZEC")
    stats = await world.get("api/load/stats/OZEC?hours=24")
    text = await seen.text("area-now")

    assert text.count(_megawatts(current["load_kw"])) >= 1
    words = {"min_kw": "Minimum", "avg_kw": "Mean", "max_kw": "Maximum"}
    for name, word in words.items():
        assert f"{word} {_megawatts(stats[name])}" in text


async def test_the_sum_of_all_areas_is_told_in_gigawatts(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit, "")
    current = await world.get("api/load/current/KAMO")

    assert current["load_kw"] > 1_000_000
    assert f"{current['load_kw'] / 1e6:.3f} GW" in await seen.text("area-now")
    assert "KAMO lists substations by cooperative" in await seen.text("substation-list")


async def test_substations_are_the_apis_by_load_and_by_any_column(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit)
    told = await world.get("api/substations/current/OZEC")
    readings = told["substations"]
    total = told["total"]
    text = await seen.text("substation-list")

    assert f"Substations ({len(readings)})" in text
    assert f"power factor {total['pf']:.3f}" in text
    by_load = sorted(readings, key=lambda one: -one["kw"])
    assert await _rows(seen) == [row.split() for row in _with_factors(by_load)]

    await seen.page.get_by_role("button", name="Power factor").click()
    await seen.page.wait_for_url("**&sort=-factor")
    best = max(_factor(one) or 0 for one in readings)
    assert f"{best:.3f}" in (await _rows(seen))[0]


async def test_the_file_holds_the_rows_on_screen_in_their_order(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await _inspector(entry_points, visit, "area=OZEC&filter=nixa&sort=name")
    async with seen.page.expect_download() as started:
        await seen.page.get_by_role("button", name="Download these rows").click()
    path = tmp_path / "substations.csv"
    await (await started.value).save_as(path)
    told = await world.get("api/substations/current/OZEC")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    loads = {one["substation_name"]: one["kw"] for one in told["substations"]}
    shown = [" ".join(row) for row in await _rows(seen)]
    assert len(rows) == len(shown) == sum("Nixa" in name for name in loads) > 1
    for row, words in zip(rows, shown, strict=True):
        name = row["Substation"]
        assert float(row["Load (kW)"]) == loads[name]
        assert words.startswith(f"{name} {loads[name]:,.0f} ")
        assert row["time"] == told["snapshot_time"]


async def test_a_substation_opens_by_keyboard_and_escape_leads_back_to_its_row(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit)
    page = seen.page
    await page.keyboard.press("/")
    await page.keyboard.type("battlefield")
    row = page.get_by_role("link", name="Battlefield")
    await page.get_by_role("link", name="Nixa 2").wait_for(state="detached")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**&substation=Battlefield")
    dialog = page.get_by_role("dialog", name="Battlefield")
    await dialog.wait_for()
    await seen.settled()
    stats = await world.get("api/substations/stats/OZEC/Battlefield?hours=24")
    text = await seen.text("substation-dialog")

    assert f"Minimum {_kilowatts(stats['min_kw'])}" in text
    assert f"Mean {_kilowatts(stats['avg_kw'])}" in text
    assert f"Maximum {_kilowatts(stats['max_kw'])}" in text
    assert f"{stats['avg_pf']:.3f}" in text

    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await page.wait_for_url(lambda url: "substation=" not in url)
    await page.wait_for_function(
        "(row) => row.getRootNode().activeElement === row",
        arg=await row.element_handle(),
        polling=50,
    )


async def test_arrows_choose_the_span_and_the_points_are_the_apis(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit, "area=OZEC&substation=Battlefield")
    dialog = seen.page.get_by_role("dialog", name="Battlefield")
    await dialog.get_by_role("radio", name="24 h").focus()
    await seen.page.keyboard.press("ArrowRight")
    await seen.page.wait_for_url("**&span=48")
    await seen.settled()
    await dialog.get_by_role("button", name="Show as a table").click()
    told = await world.get("api/series/substations/OZEC/Battlefield?hours=48")
    loads = next(one for one in told["series"] if one["key"] == "load")["values"]

    await dialog.get_by_role("row").nth(len(told["times"])).wait_for()
    last = await seen.text("substation-dialog tbody tr", len(loads) - 1)
    assert _kilowatts(loads[-1]) in last


async def test_other_areas_stand_in_the_chart_and_in_its_file(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await _inspector(entry_points, visit, "area=OZEC&hours=48")
    await seen.page.get_by_label("Compare with").select_option("BAEC")
    await seen.page.wait_for_url("**&with=BAEC")
    chart = seen.page.locator("area-history time-chart")
    await chart.get_by_text("Load, Barry Electric Cooperative").wait_for()
    async with seen.page.expect_download() as started:
        await chart.get_by_role("button", name="CSV").click()
    path = tmp_path / "load.csv"
    await (await started.value).save_as(path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))

    for area, name in (("OZEC", "Ozark"), ("BAEC", "Barry")):
        told = await world.get(f"api/series/load/{area}?hours=48")
        actual = next(one for one in told["series"] if one["key"] == "actual")
        column = f"Load, {name} Electric Cooperative (MW)"
        shown = [round(float(row[column]) * 1000, 1) for row in rows if row[column]]
        assert shown == [kw for kw in actual["values"] if kw is not None]


@pytest.mark.parametrize("reader", [SYDNEY, CHICAGO])
async def test_loads_are_told_on_kamos_clock_wherever_the_browser_is(
    world: World, entry_points: dict[str, EntryPoint], visit: Open, reader: str
):
    seen = await _inspector(entry_points, visit, timezone_id=reader)
    current = await world.get("api/load/current/OZEC")
    at = datetime.fromisoformat(current["timestamp"]).astimezone(ZoneInfo(CHICAGO))
    text = (await seen.text("area-now")).replace("\N{NARROW NO-BREAK SPACE}", " ")

    half = "am" if at.hour < 12 else "pm"
    assert f"{(at.hour - 1) % 12 + 1}:{at:%M} {half} Central" in text


@pytest.mark.parametrize("reader", [SYDNEY, CHICAGO])
@pytest.mark.parametrize(("day", "hours"), [((2025, 3, 9), 23), ((2025, 11, 2), 25)])
async def test_each_hour_of_a_night_of_changing_clocks_has_a_time_of_its_own(
    start_world: StartWorld,
    entry_point_to: EntryPointTo,
    visit: Open,
    reader: str,
    day: tuple[int, int, int],
    hours: int,
):
    world = await start_world(is_filled=False, KAMO_ENABLED="false")
    year, month, date = day
    start = datetime(year, month, date, tzinfo=CENTRAL).astimezone(UTC)
    loads = {start + number * HOUR: 60_000.0 + number for number in range(hours)}
    await plant_loads(world, OZARK_ID, loads)
    seen = await visit(await entry_point_to(world), timezone_id=reader)
    await seen.go("inspector?area=OZEC&hours=876000")
    await seen.settled()
    chart = seen.page.locator("area-history time-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    rows = chart.get_by_role("row")
    await rows.nth(hours).wait_for()
    times = [
        await seen.text("area-history tbody td:first-child", number)
        for number in range(hours)
    ]

    assert await rows.count() == hours + 1
    assert len(set(times)) == hours
    assert all(f"{date} " in time for time in times)
    assert times[0].split(", ")[-1].startswith("12:00")
    assert times[-1].split(", ")[-1].startswith("11:00")


async def test_names_from_upstream_are_text_and_the_page_keeps_its_width(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(KAMO_SUBSTATION_AREAS="OZEC")
    for name in (SCRIPT, LINES, LONG):
        world.simulator.faults.clear()
        world.simulator.faults.add(_renamed(name))
        world.clock.advance(5 * 60)
        await world.server.collecting.collect_now(Source.KAMO)
        told = await world.get("api/substations/current/OZEC")
        stored = {one["substation_name"] for one in told["substations"]}
        (kept,) = [one for one in stored if one.split()[0] == name.split()[0]]

        seen = await visit(
            await entry_point_to(world), viewport={"width": 320, "height": 800}
        )
        await seen.go("inspector?area=OZEC")
        await seen.settled()
        link = seen.page.get_by_role("link", name=" ".join(kept.split()), exact=True)
        await link.click()
        dialog = seen.page.get_by_role("dialog")
        await dialog.get_by_role("heading", level=2).wait_for()
        await seen.settled()

        heading = await dialog.get_by_role("heading", level=2).inner_text()
        assert heading.split() == kept.split()
        assert await seen.page.title() == "Inspector · Energy Logger"
        wide = "document.documentElement.scrollWidth"
        assert await seen.page.evaluate(wide) == 320
        assert await dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
        assert not seen.problems


def _renamed(name: str) -> Fault:
    return Fault(
        FaultAction.WRONG_TYPE,
        endpoint="kamo.arealoadtable",
        owner="1",
        count=None,
        options={"field": "name", "value": name},
    )


async def test_an_area_whose_substations_are_not_collected_says_so(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit, "area=INEC")
    text = await seen.text("substation-list")

    assert "No substations of Indian Electric Cooperative have been" in text


async def test_an_area_that_is_not_there_leaves_the_choice(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _inspector(entry_points, visit, "area=NONE")

    assert "There is no area NONE." in await seen.text()
    await seen.page.get_by_role("radio", name="Missouri").check()
    await seen.page.get_by_role("heading", name="Load now, MO. Region").wait_for()
    assert not seen.problems


async def test_an_empty_store_fills_the_page_with_the_first_run(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, KAMO_ENABLED="false")
    seen = await visit(await entry_point_to(world))
    await seen.go("inspector")
    await seen.page.get_by_text("KAMO's areas are not here yet").wait_for()
    assert not seen.problems


async def test_a_utility_that_fails_is_told_above_what_it_said_before(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    fault = Fault(FaultAction.FORBIDDEN, count=None)
    world.simulator.faults.add(fault)
    await world.server.collecting.collect_now(Source.KAMO)
    current = await world.get("api/load/current/OZEC")
    run = (await world.get("api/status"))["last_import"]
    seen = await visit(await entry_point_to(world))
    await seen.page.clock.set_fixed_time(PRESENT + 5 * HOUR)
    await seen.go("inspector?area=OZEC")
    await seen.settled()
    await seen.page.get_by_text("The newest load began").wait_for()
    text = await seen.text("area-now")

    assert "The newest load began 5 hrs ago" in text
    assert run["source"] == "kamo"
    assert run["error_message"] in text
    assert _megawatts(current["load_kw"]) in text


async def test_a_new_run_renews_the_page_and_a_lost_server_leaves_what_it_said(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("inspector?area=OZEC")
    await seen.settled()
    before = await world.get("api/substations/current/OZEC")
    world.clock.advance(30 * 60)
    await world.server.collecting.collect_now(Source.KAMO)
    after = await world.get("api/substations/current/OZEC")
    assert after["total"] != before["total"]
    total = seen.page.get_by_text(f"Together {_megawatts(after['total']['kw'])}")
    await total.wait_for()

    port = world.server.port
    await world.stop()
    notice = seen.page.get_by_text("No connection to the server")
    await notice.wait_for()
    assert await total.is_visible()
    await world.restart(port)
    await seen.page.get_by_role("button", name="Try now").first.click()
    await notice.wait_for(state="detached")
