"""The one chart: by keyboard, by mouse, as a table and as a file."""

from pathlib import Path
from typing import Any

from .conftest import Open, Visit, World
from .entry_points import EntryPoint


async def _load_chart(
    entry_points: dict[str, EntryPoint], visit: Open, **how: Any
) -> Visit:
    viewport = {"width": 1440, "height": 1100}
    seen = await visit(entry_points["direct"], viewport=viewport, **how)
    await seen.go("now?area=OZEC")
    await seen.settled()
    return seen


async def test_the_cursor_moves_by_arrow_keys_and_is_spoken(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _load_chart(entry_points, visit)
    chart = seen.page.locator("load-card time-chart")
    await chart.get_by_role("application").focus()
    await seen.page.keyboard.press("ArrowLeft")
    await seen.page.keyboard.press("ArrowLeft")
    spoken = (await chart.locator("[aria-live]").inner_text()).replace("\u00a0", " ")
    told = await world.get("api/series/load/OZEC?hours=24")
    loads = next(one for one in told["series"] if one["key"] == "actual")["values"]

    assert any(f"Load {kw / 1000:.1f} MW" in spoken for kw in loads if kw is not None)


async def test_zooming_in_shortens_table_and_file_to_what_is_seen(
    entry_points: dict[str, EntryPoint], visit: Open, tmp_path: Path
):
    seen = await _load_chart(entry_points, visit)
    chart = seen.page.locator("load-card time-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    rows = chart.get_by_role("row")
    everything = await rows.count()
    await chart.get_by_role("application").focus()
    await seen.page.keyboard.press("+")
    await seen.page.wait_for_function(
        "([chart, before]) => chart.shadowRoot.querySelector('data-table')"
        ".shadowRoot.querySelectorAll('tr').length < before",
        arg=[await chart.element_handle(), everything],
    )
    seen_rows = await rows.count() - 1  # the header

    async with seen.page.expect_download() as started:
        await chart.get_by_role("button", name="CSV").click()
    path = tmp_path / "load.csv"
    await (await started.value).save_as(path)

    lines = path.read_text().splitlines()
    assert lines[0].startswith("time,Load (MW)")
    assert lines[1].split(",")[0].endswith("-06:00")
    assert len(lines) - 1 == seen_rows < everything - 1

    await chart.get_by_role("application").focus()
    await seen.page.keyboard.press("0")
    await rows.nth(everything - 1).wait_for()


async def test_dragging_chooses_the_span_that_is_seen(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _load_chart(entry_points, visit)
    chart = seen.page.locator("load-card time-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    before = await chart.get_by_role("row").count()
    box = await chart.locator(".u-over").bounding_box()
    assert box is not None
    await seen.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    await seen.page.mouse.down()
    await seen.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=4)
    await seen.page.mouse.up()

    await chart.get_by_role("row").nth(before - 1).wait_for(state="detached")
    after = await chart.get_by_role("row").count()
    assert abs(after - 1 - (before - 1) / 4) <= 2


async def test_two_fingers_zoom_and_one_moves(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await _load_chart(entry_points, visit, has_touch=True)
    chart = seen.page.locator("load-card time-chart")
    await chart.get_by_role("button", name="Show as a table").click()
    rows = chart.get_by_role("row")
    before = await rows.count()
    box = await chart.locator(".u-over").bounding_box()
    assert box is not None
    hand = await seen.page.context.new_cdp_session(seen.page)

    async def touch(kind: str, *shares: float) -> None:
        points = [
            {"id": number, "x": box["x"] + box["width"] * share, "y": box["y"] + 50}
            for number, share in enumerate(shares)
        ]
        await hand.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )

    await touch("touchStart", 0.4, 0.6)
    await touch("touchMove", 0.35, 0.65)
    await touch("touchMove", 0.3, 0.7)
    await touch("touchEnd")
    await rows.nth(before - 1).wait_for(state="detached")
    zoomed = await rows.count()
    assert abs(zoomed - 1 - (before - 1) / 2) <= 2
    first = await rows.nth(1).inner_text()

    await touch("touchStart", 0.5)
    await touch("touchMove", 0.6)
    await touch("touchMove", 0.7)
    await touch("touchEnd")
    await seen.page.wait_for_function(
        "([row, before]) => row.innerText !== before",
        arg=[await rows.nth(1).element_handle(), first],
        polling=50,
    )
    assert abs(await rows.count() - zoomed) <= 1
