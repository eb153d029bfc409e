"""Tables: the page shows the API's rows, filtered, sorted, page by page."""

from typing import Any

from .conftest import EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint


def _button(seen: Visit, name: str) -> Any:
    return seen.page.get_by_role("button", name=name, exact=True)


def _choice(seen: Visit, name: str) -> Any:
    return seen.page.get_by_role("combobox", name=name, exact=True)


async def _cells(seen: Visit) -> list[list[str]]:
    """Return the texts of the grid's rows."""
    await seen.page.locator("table-grid tbody tr").first.wait_for()
    await seen.settled()
    rows: list[list[str]] = await seen.page.locator("table-grid tbody").evaluate(
        "(body) => [...body.rows].map((row) => "
        "[...row.cells].map((cell) => cell.textContent.trim()))"
    )
    return rows


async def test_each_table_has_a_card_with_its_rows(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    told = (await world.get("api/tables"))["tables"]
    seen = await visit(entry_points["direct"])
    await seen.go("tables")
    await seen.page.locator("table-grid").wait_for()
    cards = seen.page.locator("tables-page .cards a")

    assert await cards.count() == len(told)
    for number, table in enumerate(told):
        about = "about " if table["count_is_estimate"] else ""
        text = await cards.nth(number).inner_text()
        assert table["name"] in text
        assert f"{about}{table['count']:,} rows" in text


async def test_rows_are_the_apis_filtered_sorted_and_with_the_chosen_columns(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    asked = "area__exact=BAEC&load_kw__gte=1&columns=area,hour_at,load_kw,is_settled"
    told = await world.get(f"api/tables/loads?{asked}&sort_by=load_kw&limit=50")
    seen = await visit(entry_points["direct"])
    await seen.go("tables?table=loads")
    await _cells(seen)
    await _choice(seen, "Column").select_option("area")
    await seen.page.get_by_role("textbox", name="Value").fill("BAEC")
    await _button(seen, "Add filter").click()
    await _button(seen, "Remove the filter: area is BAEC").wait_for()
    await _choice(seen, "Column").select_option("load_kw")
    await _choice(seen, "Condition").select_option("gte")
    await seen.page.get_by_role("textbox", name="Value").fill("1")
    await _button(seen, "Add filter").click()
    await seen.page.get_by_text("Columns: 7 of 7").click()
    for name in ("area_id", "known_at", "run_id"):
        await seen.page.get_by_role("checkbox", name=name, exact=True).uncheck()
    await seen.page.get_by_role("button", name="load_kw", exact=True).click()
    await seen.page.wait_for_function("location.hash.includes('sort=-load_kw')")
    await seen.settled()

    expected = [
        [
            row["area"],
            row["hour_at"].replace("T", " ").replace("Z", " UTC"),
            f"{row['load_kw']:,.10f}".rstrip("0").rstrip("."),
            "yes" if row["is_settled"] else "no",
        ]
        for row in told["data"]
    ]
    # the rows before stay on the page until these are there
    first = seen.page.locator("tbody tr").first
    await first.get_by_text(expected[0][1]).wait_for()
    assert await _cells(seen) == expected
    address = seen.page.url
    await seen.page.reload()
    assert await _cells(seen) == expected
    assert seen.page.url == address
    csv = await seen.page.get_by_role("link", name="CSV").get_attribute("href")
    answer = await seen.page.context.request.get(csv or "")
    assert len((await answer.text()).splitlines()) == len(expected) + 1
    assert seen.problems == []


async def test_pages_follow_each_other_without_a_row_twice(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    asked = "columns=area_id,hour_at"
    told = (await world.get(f"api/tables/loads?{asked}&limit=100"))["data"]
    expected = [
        [str(row["area_id"]), row["hour_at"].replace("T", " ").replace("Z", " UTC")]
        for row in told
    ]
    seen = await visit(entry_points["prefix"])
    await seen.go(f"tables?table=loads&{asked}")
    top = seen.page.locator("table-grid tbody tr").first
    assert await _cells(seen) == expected[:50]
    await _button(seen, "Next page").click()
    await top.filter(has_text=expected[50][1]).wait_for()
    assert await _cells(seen) == expected[50:]

    await seen.page.go_back()
    await top.filter(has_text=expected[0][1]).wait_for()
    assert await _cells(seen) == expected[:50]


async def test_a_filter_that_cannot_be_is_told_with_its_reason(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("tables?table=loads&load_kw__gte=much")

    await seen.page.get_by_text("must be a number such as 12.5").wait_for()
    await _button(seen, "Remove the filter: load_kw at least much").click()
    await _cells(seen)


async def test_names_are_text_and_a_slash_leads_to_the_filter(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("tables?table=areas&name__contains=<img src=x onerror=alert(1)>")
    await seen.page.get_by_text("There is no row like that.").wait_for()
    await seen.page.keyboard.press("/")
    await seen.page.keyboard.type("b/c")

    assert await seen.page.get_by_role("textbox", name="Value").input_value() == "b/c"
    assert await seen.page.locator("img[src='x']").count() == 0
    assert seen.problems == []


async def test_an_empty_store_and_a_table_that_is_not_there_say_so(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("tables?table=prices")
    await seen.page.get_by_text("There is no row like that.").wait_for()
    await seen.go("tables?table=secrets")
    await seen.page.get_by_text("There is no table secrets").wait_for()
