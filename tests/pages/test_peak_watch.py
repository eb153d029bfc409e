"""The peak watch on the page of peaks: what it says is what the API says."""

from datetime import datetime
from typing import Any

from .conftest import EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint
from .planted_loads import CENTRAL
from .planted_watch import WATCHED, plant_watch

OUTCOMES = {
    "pending": "not known yet",
    "withdrawn": "withdrawn",
    "highest": "highest so far",
    "caught": "caught",
    "false_alarm": "false alarm",
}


async def _seen(entry: EntryPoint, visit: Open, **how: Any) -> Visit:
    seen = await visit(entry, viewport={"width": 1440, "height": 1000}, **how)
    await seen.go("peaks?area=KAMO")
    await seen.settled()
    return seen


def _clock(text: str) -> str:
    """Return a time as the reader's language writes it, such as ``9:00 pm``."""
    at = datetime.fromisoformat(text).astimezone(CENTRAL)
    return at.strftime("%I:%M %p").lstrip("0").lower()


async def test_what_the_watch_says_is_the_apis(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _seen(entry_points["direct"], visit)
    told = await world.get("api/peaks/watch")
    text = await seen.text("watch-card")

    risk = told["outlook"]["probability_percent"]
    assert f"{risk:.0f}%".replace(" ", "") in text.replace(" ", "")
    assert told["outlook"]["likelihood"].capitalize() in text
    assert f"{told['hours_left']} of {told['budget_hours']} hours left" in text
    assert f"{told['headroom_kw'] / 1000:.1f} MW below the month's peak" in text
    for one in told["announced"][-2:]:
        assert f"{_clock(one['starts_at'])} to {_clock(one['ends_at'])}" in text
    assert not seen.problems


async def test_the_next_day_is_drawn_with_announced_hours_in_the_table(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _seen(entry_points["direct"], visit)
    hours = (await world.get("api/peaks/watch"))["outlook"]["hours"]
    chart = seen.page.locator("watch-card time-chart")
    await chart.get_by_role("button", name="Show as a table").click()

    rows = chart.locator("tbody tr")
    assert await rows.count() == len(hours) == 24
    loads = [f"{one['load_kw'] / 1e6:.3f} GW" for one in hours]
    marked = []
    for number, load in enumerate(loads):
        row = await seen.text("watch-card time-chart tbody tr", number)
        assert load in row
        marked.append(row.count(load) == 2)
    # the hour that runs is not announced, the two behind it are
    assert marked[:4] == [False, True, True, False]


async def test_the_log_tells_what_each_hour_was_worth(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _seen(entry_points["direct"], visit)
    log = await world.get("api/peaks/announcements")
    [month] = log["months"]

    assert {one["outcome"] for one in month["announced"]} == {*OUTCOMES} - {"caught"}
    for number, one in enumerate(reversed(month["announced"])):
        row = await seen.text("announcement-log tbody tr", number)
        assert OUTCOMES[one["outcome"]] in row
        load = one["load_kw"]
        assert load is None or f"{load / 1e6:.3f}" in row
    assert "No month is over since" in await seen.text("announcement-log")


async def test_only_who_is_signed_in_sees_the_watch(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _seen(entry_points["direct"], visit, is_signed_in=False)

    assert await seen.page.locator("watch-card").count() == 0
    assert not seen.problems


async def test_without_an_area_the_page_says_where_to_name_one(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(KAMO_ENABLED="false")
    seen = await _seen(await entry_point_to(world), visit)

    assert "No area is watched yet. Name one under" in await seen.text("watch-cards")
    await seen.page.get_by_role("link", name="PEAK_WATCH_AREA").click()
    await seen.page.wait_for_url("**settings")
    assert not seen.problems


async def test_a_watch_without_a_look_says_what_it_waits_for_and_since_when(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(**WATCHED)
    entry = await entry_point_to(world)
    seen = await _seen(entry, visit)
    assert "has not looked since the server started" in await seen.text("watch-card")

    world.clock.set(world.clock.now().replace(day=18))
    await seen.page.context.clock.set_fixed_time(world.clock.now())
    await seen.page.reload()
    await seen.settled()
    text = await seen.text("watch-card")
    newest = (await world.get("api/peaks/watch"))["load_at"]
    assert f"the newest load is that of Wed 14 Jan, {_clock(newest)}, 3 days ago" in (
        text.replace("Wed, ", "Wed ")
    )
    assert "looks again with the next one" in text
    assert "No hour has been announced yet" in await seen.text("announcement-log")


async def test_a_look_renews_what_is_shown(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(**WATCHED)
    await plant_watch(world.server, world.clock.now(), announces=False)
    seen = await _seen(await entry_point_to(world), visit)
    assert "No announced hour lies ahead" in await seen.text("watch-card")

    await plant_watch(world.server, world.clock.now())
    look = world.server.collecting.kamo.peak_watcher.newest
    assert look is not None
    world.server.deps.events.publish(look)

    await seen.page.get_by_text("Shed load if you can").wait_for()
