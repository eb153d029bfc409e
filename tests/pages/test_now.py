"""The first page: what it says is what the API says, in each of its states."""

from datetime import datetime
from zoneinfo import ZoneInfo

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.faults.fault import Fault, FaultAction

from .conftest import EntryPointTo, Open, StartWorld, World
from .entry_points import EntryPoint

CENTRAL = ZoneInfo("America/Chicago")


def _price(aud_per_kwh: float) -> str:
    return f"{aud_per_kwh * 100:.1f} c/kWh".replace("-", "\N{MINUS SIGN}")


async def test_prices_are_the_apis_with_their_sign(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.settled()
    sites = (await world.get("api/sites"))["sites"]
    cards = seen.page.locator("price-card")

    assert await cards.count() == len(sites) == 2
    for number, site in enumerate(sites):
        told = (await world.get(f"api/prices/current/{site['id']}"))["prices"]
        text = await seen.text("price-card", number)
        assert site["network"] in text
        by_channel = {one["channelType"]: one["price_aud_per_kwh"] for one in told}
        assert _price(by_channel["general"]) in text
        assert _price(by_channel["feedIn"]) in text


async def test_the_cheapest_hours_are_the_apis_in_nem_time(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.settled()
    site = (await world.get("api/sites"))["sites"][0]["id"]
    told = await world.get(f"api/prices/cheapest/{site}?hours=24&minutes=60,180")
    text = await seen.text("price-card")

    for window in told["windows"]:
        assert _price(window["mean_aud_per_kwh"]) in text
        start = datetime.fromisoformat(window["starts_at"])
        start = start.astimezone(ZoneInfo("Etc/GMT-10"))
        assert f"{start:%-I:%M %p}".lower() in text


async def test_the_load_of_the_area_in_the_address_stands_against_its_peak(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now?area=OZEC")
    await seen.settled()
    told = await world.get("api/load/headroom/OZEC")
    text = await seen.text("load-card")
    peak_at = datetime.fromisoformat(told["peak_at"]).astimezone(CENTRAL)

    assert "Ozark Electric Cooperative" in text
    assert f"{told['load_kw'] / 1000:.1f}" in text
    assert f"{told['peak_kw'] / 1000:.1f} MW" in text
    assert f"{told['load_share_of_peak']:.0%} of this month's peak" in text
    assert f"{peak_at:%-I:%M %p}".lower() + " Central" in text


async def test_choosing_an_area_changes_the_address_and_is_kept(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.page.get_by_label("Area").select_option("BAEC")
    await seen.page.get_by_role("heading", name="Load, Barry").wait_for()
    assert seen.page.url.endswith("#/now?area=BAEC")

    await seen.go("now")
    await seen.page.reload()
    await seen.page.get_by_role("heading", name="Load, Barry").wait_for()


async def test_collecting_says_what_the_status_says(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.settled()
    status = await world.get("api/status")
    text = await seen.text("collecting-card")

    stats = status["database_stats"]
    kinds = ("load", "substation", "price", "usage")
    records = sum(stats[f"total_{kind}_records"] for kind in kinds)
    assert f"{status['imports_last_24h']} runs in 24 hours" in text
    assert f"{records:,} values stored" in text


async def test_without_the_key_loads_are_there_and_prices_ask_for_it(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"], is_signed_in=False)
    await seen.go("now")
    await seen.page.get_by_text("of this month's peak").first.wait_for()
    await seen.settled()

    assert "sign in with the server's API key" in await seen.text()
    assert seen.problems == []


async def test_a_first_run_says_what_to_do_and_fills_by_itself(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("now")
    await seen.page.get_by_role("heading", name="Welcome").wait_for()
    link = seen.page.get_by_role("link", name="Add your Amber token")
    assert (await link.get_attribute("href") or "").endswith("#/settings")
    await seen.page.get_by_text("this fills by itself").wait_for()

    await world.server.collecting.collect_now(Source.KAMO)

    await seen.page.get_by_text("of this month's peak").first.wait_for()
    assert seen.problems == []


async def test_what_is_wrong_with_a_source_is_told_with_its_reason(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(KAMO_SUBSTATION_AREAS="OZEC,NOWHERE")
    world.simulator.faults.add(Fault(FaultAction.FORBIDDEN, count=None))
    await world.server.collecting.collect_now(Source.AMBER)
    world.simulator.faults.clear()
    await world.server.collecting.collect_now(Source.KAMO)
    seen = await visit(await entry_point_to(world))
    await seen.go("now")
    await seen.settled()
    sources = (await world.get("api/status"))["sources"]
    text = await seen.text()

    assert sources["kamo"]["problems"][0]["message"] in text
    assert sources["amber"]["refused_since"] is not None
    assert "The key is refused since" in text
    assert "Something wants a look." in text


async def test_a_new_run_changes_the_page_by_itself(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("now")
    await seen.settled()
    before = await world.get("api/status")
    runs = before["imports_last_24h"]
    await seen.page.get_by_text(f"{runs} runs in 24 hours").wait_for()

    await world.server.collecting.collect_now(Source.KAMO)

    await seen.page.get_by_text(f"{runs + 1} runs in 24 hours").wait_for()
