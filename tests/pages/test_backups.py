"""The page Backups: empty, making one, what a restore would change, deleting."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.async_api import expect

from .conftest import EntryPointTo, Open, StartWorld


async def test_a_backup_is_made_shown_and_deleted(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("backups")
    page = seen.page
    await expect(page.get_by_text("There is no backup yet.")).to_be_visible()

    await page.get_by_role("button", name="Make a backup now").click()
    await expect(page.get_by_text("its day, its week, its month")).to_be_visible()

    row = await seen.text("backup-table")
    assert "by hand" in row
    assert "✓ Thu, 15 Jan, 2:09 pm" in row
    [backup] = (await world.get("api/backups"))["backups"]
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download").click()
    assert (await download.value).suggested_filename == backup["name"]
    await page.get_by_role("button", name="Pin energy").click()
    await expect(page.get_by_text("pinned, its day")).to_be_visible()

    await page.get_by_role("button", name="Delete…").click()
    await page.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_text("There is no backup yet.")).to_be_visible()
    assert seen.problems == []


async def test_a_restore_is_shown_before_it_is_done(
    start_world: StartWorld,
    entry_point_to: EntryPointTo,
    visit: Open,
    photographs: Path,
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    page = seen.page
    await seen.go("backups")
    await page.get_by_role("button", name="Make a backup now").click()
    await expect(page.get_by_text("its day, its week, its month")).to_be_visible()
    with closing(sqlite3.connect(world.data_dir / "energy-logger.db")) as connection:
        connection.execute("DELETE FROM usage")
        connection.commit()

    await page.get_by_role("button", name="Restore…").click()
    await expect(page.get_by_text("Rows that change")).to_be_visible()
    await seen.settled()
    await page.screenshot(path=photographs / "restore.png")

    assert "usage 0 " in await seen.text("restore-card")
    await page.get_by_role("button", name="Restore this backup").click()
    # this server is one of the tests, which nobody opens again
    await expect(page.get_by_text("this server cannot restore")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("Rows that change")).to_have_count(0)
