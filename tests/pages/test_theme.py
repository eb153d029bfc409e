"""Light, dark, the reader's choice, and the colours of Home Assistant."""

from .conftest import Open, Visit
from .entry_points import EntryPoint


async def _background(visit: Visit) -> str:
    colour: str = await visit.page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
    return colour


async def test_a_choice_wins_over_the_system_and_survives_a_reload(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"], color_scheme="light")
    await seen.go("now")
    await seen.settled()
    light = await _background(seen)
    button = seen.page.get_by_role("button", name="Colours")
    await button.click()  # light
    await button.click()  # dark
    dark = await _background(seen)
    await seen.page.reload()
    await seen.settled()

    assert light != dark
    assert await _background(seen) == dark


async def test_inside_home_assistant_its_colours_are_taken(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["ingress"], color_scheme="light")
    await seen.page.goto(seen.entry.outside)
    frame = seen.page.frame_locator("iframe")
    await frame.get_by_text("of this month's peak").wait_for()
    style = "getComputedStyle(document.documentElement)"
    inner = seen.page.frames[1]

    assert await inner.evaluate(f"{style}.backgroundColor") == "rgb(17, 17, 17)"
    assert await inner.evaluate(f"{style}.color") == "rgb(225, 225, 225)"

    # the household changes its theme while the page is open
    await seen.page.evaluate(
        """const style = document.documentElement.style;
        style.setProperty('--primary-background-color', '#fafafa');
        style.setProperty('--card-background-color', '#ffffff');
        style.setProperty('--primary-text-color', '#212121');"""
    )
    await inner.wait_for_function(f"{style}.backgroundColor === 'rgb(250, 250, 250)'")
    assert await inner.evaluate(f"{style}.color") == "rgb(33, 33, 33)"
    assert seen.problems == []
