"""Addresses as people type them."""

import pytest

from .conftest import DoorOf, Open, Way, World
from .doors import Door, by_ingress, under_a_told_prefix


@pytest.mark.parametrize("way", [under_a_told_prefix, by_ingress])
async def test_a_prefix_works_without_its_last_slash(
    world: World, door_of: DoorOf, visit: Open, way: Way
):
    door = await door_of(world, way)
    seen = await visit(door)
    await seen.page.goto(door.url.removesuffix("/"))
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()
    await seen.settled()
    await seen.page.get_by_role("link", name="Now").click()
    await seen.settled()

    assert seen.page.url == f"{door.url}#/now"
    assert seen.problems == []


async def test_an_address_of_no_page_leads_home(doors: dict[str, Door], visit: Open):
    seen = await visit(doors["prefix"])
    await seen.go("no-such-page")
    await seen.page.get_by_role("link", name="Go to the first page").click()
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()

    assert await seen.page.title() == "Now · Energy Logger"
    assert seen.problems == []


async def test_the_predecessors_page_of_backups_says_where_they_are_made(
    doors: dict[str, Door], visit: Open
):
    seen = await visit(doors["prefix"])
    await seen.page.goto(f"{seen.door.url}backups")
    await seen.page.get_by_role("heading", name="Backups").wait_for()
    await seen.settled()

    assert "energy-logger backup-hold begin" in await seen.text("main")
    assert await seen.page.get_by_role("link", name="Backups").count() == 0
    assert seen.problems == []


async def test_the_keyboard_reaches_the_content_first(
    doors: dict[str, Door], visit: Open
):
    seen = await visit(doors["direct"])
    await seen.go("now")
    await seen.settled()
    await seen.page.keyboard.press("Tab")
    await seen.page.keyboard.press("Enter")

    focused = "document.querySelector('app-shell').shadowRoot.activeElement.id"
    assert await seen.page.evaluate(focused) == "content"
