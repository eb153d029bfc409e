"""What the pages say while the server is gone, and after it has come back."""

from .conftest import EntryPointTo, Open, StartWorld


async def test_a_server_that_is_gone_is_told_and_found_again(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world()
    seen = await visit(await entry_point_to(world))
    await seen.go("now")
    await seen.settled()
    price = seen.page.get_by_text("Price now, Ausgrid")
    await price.wait_for()

    port = world.server.port
    await world.stop()
    notice = seen.page.get_by_text("No connection to the server")
    await notice.wait_for()
    text = await seen.text()
    assert "What you see is as it was at" in text
    assert "Trying again at" in text
    assert await price.is_visible()

    await world.restart(port)
    await seen.page.get_by_role("button", name="Try now").first.click()
    await notice.wait_for(state="detached")
