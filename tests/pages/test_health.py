"""Data health: what the page says of days, gaps and runs is what the API says."""

from collections import Counter
from typing import Any

from energy_logger_simulator.faults.fault import Fault, FaultAction

from .conftest import EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint
from .filled_store import KEY

NEW_KEY = "another-key-of-32-characters-0123"
STATES = {"unavailable": "not to be had"}


def _button(seen: Visit, name: str) -> Any:
    return seen.page.get_by_role("button", name=name, exact=True)


async def test_each_series_has_as_many_days_in_each_state_as_the_ledger(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    ledger = await world.get("api/ledger/days")
    for kind in ("price", "usage", "load", "substations"):
        await seen.go(f"health?kind={kind}")
        await seen.page.locator("day-calendar").wait_for()
        await seen.settled()
        told = [one for one in ledger["series"] if one["kind"] == kind]
        rows = seen.page.locator("days-card .series a")
        assert await rows.count() == len(told) > 0
        for number, series in enumerate(told):
            text = await rows.nth(number).inner_text()
            for state, days in Counter(day["state"] for day in series["days"]).items():
                assert f"{days} {STATES.get(state, state)}" in text


async def test_a_day_says_how_much_of_it_is_there_and_stands_in_the_address(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    ledger = await world.get("api/ledger/days?kind=price")
    series = ledger["series"][0]
    day = series["days"][-1]
    key = f"price:{series['owner']}:{series['channel']}"
    await seen.go(f"health?kind=price&series={key}")
    await seen.page.locator(f"day-calendar button[data-date='{day['day']}']").click()

    minutes = f"{day['present_minutes']:,} of {day['expected_minutes']:,} minutes"
    await seen.page.get_by_text(minutes).wait_for()
    assert f"day={day['day']}" in seen.page.url
    await seen.page.reload()
    await seen.page.get_by_text(minutes).wait_for()


async def test_arrow_keys_go_from_day_to_day(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("health?kind=price&day=2026-01-14")
    await seen.page.locator("button[data-date='2026-01-14']").focus()
    await seen.page.keyboard.press("ArrowUp")
    await seen.page.keyboard.press("ArrowLeft")
    await seen.page.keyboard.press("Enter")

    await seen.page.get_by_text("6 Jan 2026: complete").wait_for()
    assert "day=2026-01-06" in seen.page.url


async def test_gaps_have_the_apis_causes_and_say_why_they_stay(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    gaps = (await world.get("api/gaps?limit=15"))["gaps"]
    seen = await visit(entry_points["direct"])
    await seen.go("health")
    await seen.page.get_by_role("region", name="Gaps").last.wait_for()
    await seen.settled()
    rows = seen.page.locator("gaps-card tbody tr")

    assert await rows.count() == len(gaps) > 0
    for number, gap in enumerate(gaps):
        text = await rows.nth(number).inner_text()
        assert STATES.get(gap["state"], gap["state"]) in text
        assert (gap["cause"] or "nobody knows") in text
        if not gap["is_marked"]:
            repair = "can be read again" if gap["can_be_repaired"] else gap["why_not"]
            assert repair in text


async def test_a_repair_says_what_cannot_be_had(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(AMBER_API_KEY="")
    gaps = (await world.get("api/gaps?kind=substations&limit=1000"))["gaps"]
    assert {gap["why_not"] for gap in gaps} == {gaps[0]["why_not"]}
    seen = await visit(await entry_point_to(world))
    await seen.go("health?kind=substations")
    await _button(seen, "Read again what can be repaired").click()

    told = f"{len(gaps)} days cannot be had: {gaps[0]['why_not']}."
    await seen.page.get_by_text(told).wait_for()


async def test_runs_are_the_apis_filtered_and_page_by_page(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    told = (await world.get("api/runs?source=kamo&limit=30"))["runs"]
    seen = await visit(entry_points["direct"])
    await seen.go("health?source=kamo")
    rows = seen.page.locator("runs-card tbody tr")
    await rows.first.wait_for()
    assert await rows.count() == 15
    for number, run in enumerate(told[:15]):
        text = await rows.nth(number).inner_text()
        counts = run["counts"].values()
        brought = sum(one["new"] + one["changed"] for one in counts)
        assert f"{brought:,}" in text
        assert run["status"] in text

    log = seen.page.locator("runs-card")
    await log.get_by_role("button", name="Next page").click()
    await seen.page.wait_for_function("location.hash.includes('runs=')")
    await seen.settled()
    requests = f"{told[15]['requests']}"
    assert requests in await rows.first.inner_text()
    await log.get_by_role("button", name="First page").click()
    await seen.page.wait_for_function("!location.hash.includes('runs=')")


async def test_half_a_history_is_told_pauses_and_survives_a_reload(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    # the clock stands still: once its calls are used up the pass waits for more
    world = await start_world(is_filled=False, HISTORICAL_START_DATE="2025-10-01")
    seen = await visit(await entry_point_to(world))
    await seen.go("health")
    await _button(seen, "Start a pass now").click()
    await seen.page.get_by_text("A pass over history is waiting.").wait_for()
    half = await world.get("api/backfill")
    windows = f"{half['windows_done']} of {half['windows_total']}"
    assert 0 < half["windows_done"] < half["windows_total"]
    await seen.page.get_by_text(windows).wait_for()
    budget = (await world.get("api/status"))["call_budget"].values()
    left = min(counter["remaining"] for counter in budget)
    await seen.page.get_by_text(f"{left} of 50", exact=True).wait_for()

    await _button(seen, "Pause").click()
    await _button(seen, "Resume").wait_for()
    assert (await world.get("api/backfill"))["is_paused"]
    await seen.page.reload()
    await seen.page.get_by_text(windows).wait_for()
    await _button(seen, "Resume").click()
    await _button(seen, "Pause").wait_for()

    await _button(seen, "Cancel").click()
    await seen.page.get_by_text("The last pass was cancelled").wait_for()
    assert not (await world.get("api/backfill"))["is_running"]


async def test_an_empty_store_says_so_in_every_card(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("health?source=amber")
    await seen.page.get_by_text("No run of this kind is in the log.").wait_for()
    await seen.settled()
    text = await seen.text()

    assert "Amber's history is read once there is a token" in text
    assert "The server has not asked for any of these days yet." in text
    assert "No day that is over lacks anything." in text


async def test_a_source_that_is_down_has_its_reason_and_is_collected_by_hand(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("health")
    await _button(seen, "Collect KAMO now").click()
    await seen.page.get_by_text("values were new or changed").wait_for()

    world.simulator.faults.add(Fault(FaultAction.FORBIDDEN, count=None))
    await _button(seen, "Collect KAMO now").click()
    await seen.page.get_by_text("Degraded: the last run was not complete.").wait_for()
    run = (await world.get("api/runs?limit=1"))["runs"][0]
    assert run["status"] == "failed"
    await seen.page.get_by_text(run["failures"][0]["message"]).first.wait_for()


async def test_a_replaced_key_leads_over_the_sign_in_back_to_the_same_days(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(API_KEY="", AMBER_API_KEY="")
    key_file = world.data_dir / "api_key"
    seen = await visit(await entry_point_to(world), is_signed_in=False)
    await seen.sign_in(key_file.read_text().strip())
    await seen.go("health?kind=load&days=30")
    await seen.page.locator("day-calendar").wait_for()
    fresh = key_file.with_suffix(".new")
    fresh.write_text(f"{NEW_KEY}\n")
    fresh.chmod(0o600)
    fresh.replace(key_file)

    await seen.page.get_by_label("Outcome").select_option("success")
    await seen.page.get_by_label("API key").fill(NEW_KEY)
    await _button(seen, "Sign in").click()

    await seen.page.locator("day-calendar").wait_for()
    assert "kind=load&days=30&outcome=success" in seen.page.url
    assert KEY not in await seen.page.content()
