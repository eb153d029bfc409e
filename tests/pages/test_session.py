"""Signing in, staying signed in, and being signed out."""

from .conftest import EntryPointTo, Open, StartWorld
from .entry_points import EntryPoint
from .filled_store import KEY


async def test_the_key_is_asked_for_once_and_leads_back(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["prefix"], is_signed_in=False)
    await seen.go("now?area=OZEC")
    await seen.page.get_by_role("link", name="Sign in").first.click()
    await seen.page.get_by_label("API key").fill(KEY)
    await seen.page.get_by_role("button", name="Sign in").click()
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()

    assert seen.page.url == f"{seen.entry.url}#/now?area=OZEC"
    await seen.page.reload()
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()
    kept = "JSON.stringify([document.cookie, localStorage, sessionStorage])"
    assert KEY not in await seen.page.evaluate(kept)
    assert seen.problems == []


async def test_a_wrong_key_is_told_beside_the_field(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    seen = await visit(await entry_point_to(world), is_signed_in=False)
    await seen.go("login")
    await seen.page.get_by_label("API key").fill("not-the-key")
    await seen.page.keyboard.press("Enter")
    told = seen.page.get_by_role("alert").filter(has_text="key")
    await told.wait_for()

    assert await seen.page.get_by_label("API key").get_attribute("aria-invalid")


async def test_signing_out_takes_the_household_off_the_page(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("now")
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()
    await seen.page.get_by_role("button", name="Sign out").click()

    await seen.page.get_by_text("sign in with the server's API key").wait_for()
    assert "Ausgrid" not in await seen.text()


async def test_home_assistant_has_signed_its_user_in(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["ingress"])
    await seen.go("now")
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()

    assert await seen.page.get_by_role("button", name="Sign out").count() == 0


async def test_a_replaced_key_asks_for_the_new_one(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(API_KEY="")
    key_file = world.data_dir / "api_key"
    seen = await visit(await entry_point_to(world), is_signed_in=False)
    await seen.sign_in(key_file.read_text().strip())
    await seen.go("now")
    await seen.page.get_by_text("Price now, Ausgrid").wait_for()

    fresh = key_file.with_suffix(".new")
    fresh.write_text("another-key-of-32-characters-0123\n")
    fresh.chmod(0o600)
    fresh.replace(key_file)
    # any question meets it; this one is asked by hand
    await seen.page.evaluate("dispatchEvent(new Event('focus'))")
    await seen.page.reload()

    await seen.page.get_by_text("sign in with the server's API key").wait_for()
