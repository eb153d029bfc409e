"""Which forecast to trust: what the pages say is what the API says."""

from .conftest import Open, StartWorld, World
from .entry_points import EntryPoint, direct

AUSGRID = "01S1MS1TEA0000000000000000"
CARD = "forecast-scores-card"


async def test_prices_have_the_scores_of_each_of_ambers_forecasts(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    answer = await world.get(f"api/forecasts/scores/prices/{AUSGRID}")
    seen = await visit(entry_points["direct"])
    await seen.go(f"prices?site={AUSGRID}")
    await seen.page.locator(CARD).get_by_text("1 h").first.wait_for()

    await seen.page.locator(CARD).get_by_text("All figures").click()
    text = await seen.text(CARD)

    scores = [one for one in answer["data"] if one["channel"] == "general"]
    here = [
        one
        for one in scores
        if one["horizon_minutes"] == 60 and one["forecast"] in {"spot", "predicted"}
    ]
    best = min(here, key=lambda one: one["mae"])
    name = {"spot": "Spot", "predicted": "Predicted"}[best["forecast"]]
    assert f"1 h ahead “{name}” was off by {best['mae']:.2f} c/kWh" in text
    assert "As it was" in text
    assert f"of {best['count']:,} intervals on {best['days']} days" in text
    rows = await seen.page.locator(f"{CARD} data-table tbody tr").count()
    assert rows == len(scores)
    for one in here:
        assert f"{one['mae']:.2f}" in text
        assert f"{one['count']:,}" in text
    assert seen.problems == []


async def test_an_area_has_the_scores_of_kamos_forecast(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    answer = await world.get("api/forecasts/scores/load/OZEC")
    seen = await visit(entry_points["direct"])
    await seen.go("inspector?area=OZEC")
    await seen.page.locator(CARD).get_by_text("1 h").first.wait_for()

    rows = await seen.page.locator(f"{CARD} data-table tbody tr").count()

    assert rows == len(answer["data"]) > 0
    assert "Pinball" not in await seen.text(f"{CARD} data-table thead")
    assert seen.problems == []


async def test_a_site_without_kept_forecasts_says_so(
    start_world: StartWorld, visit: Open
):
    world = await start_world()
    async with direct(world.server) as entry:
        seen = await visit(entry)
        await seen.go(f"prices?site={AUSGRID}")
        await seen.page.locator(CARD).get_by_text("can be scored yet").wait_for()
        assert seen.problems == []
