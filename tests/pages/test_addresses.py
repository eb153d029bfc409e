"""Addresses as people type them."""

import pytest

from .conftest import EntryPointTo, Open, Way, World
from .entry_points import EntryPoint, through_ingress, under_a_forwarded_prefix


@pytest.mark.parametrize("way", [under_a_forwarded_prefix, through_ingress])
async def test_a_prefix_works_without_its_last_slash(
    world: World, entry_point_to: EntryPointTo, visit: Open, way: Way
):
    entry = await entry_point_to(world, way)
    seen = await visit(entry)
    await seen.page.goto(entry.url.removesuffix("/"))
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()
    await seen.settled()
    await seen.page.get_by_role("link", name="Now").click()
    await seen.settled()

    assert seen.page.url == f"{entry.url}#/now"
    assert seen.problems == []


async def test_an_address_of_no_page_leads_home(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"])
    await seen.go("no-such-page")
    await seen.page.get_by_role("link", name="Go to the first page").click()
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()

    assert await seen.page.title() == "Now · Energy Logger"
    assert seen.problems == []


async def test_the_predecessors_address_of_backups_leads_to_their_page(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"])
    await seen.page.goto(f"{seen.entry.url}backups")
    await seen.page.get_by_role("heading", name="Backups", level=1).wait_for()
    await seen.settled()

    assert seen.page.url == f"{seen.entry.url}#/backups"
    assert "Make a backup now" in await seen.text("main")
    assert seen.problems == []


async def test_the_keyboard_reaches_the_content_first(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.settled()
    await seen.page.keyboard.press("Tab")
    await seen.page.keyboard.press("Enter")

    focused = "document.querySelector('app-shell').shadowRoot.activeElement.id"
    assert await seen.page.evaluate(focused) == "content"
