"""Settings: what the page says is what the API says, and what it saves holds."""

from typing import Any

from energy_logger_simulator.amber.config import AmberConfig
from tests.server.notify.receiver import receiver

from .conftest import EntryPointTo, Open, StartWorld, Visit, World
from .entry_points import EntryPoint
from .filled_store import BEGAN, KEY

GOOD_TOKEN = AmberConfig(start=BEGAN).token_valid
REFUSED_TOKEN = "psk_" + "0" * 32


def _field(seen: Visit, name: str) -> Any:
    return seen.page.locator(f"setting-field#{name}")


def _button(seen: Visit, name: str) -> Any:
    return seen.page.get_by_role("button", name=name, exact=True)


async def _setting(world: World, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = await world.get(f"api/settings/{name}")
    return answer


async def test_every_setting_stands_there_with_its_value_and_where_that_is_from(
    world: World, entry_points: dict[str, EntryPoint], visit: Open
):
    origins = {"default": "the default", "environment": "from the environment"}
    seen = await visit(entry_points["direct"])
    await seen.go("settings")
    await seen.page.get_by_text("Show all").click()
    told = (await world.get("api/settings"))["settings"]
    locked = await seen.text("fixed-settings")

    for name, setting in told.items():
        if not setting["is_editable"]:
            assert f"{name} " in locked
        elif name != "AMBER_API_KEY":
            value = setting["value"]
            text = "" if value is None else str(value)
            control = _field(seen, name).locator("#field")
            expected = text.lower() if isinstance(value, bool) else text
            assert await control.input_value() == expected, name
            words = await seen.text(f"setting-field#{name}")
            assert origins[setting["source"]] in words
            assert setting["description"].replace("`", "")[:40] in words
    assert KEY not in await seen.page.content()
    assert KEY not in locked
    assert GOOD_TOKEN not in await seen.text()


async def test_a_change_is_marked_saved_in_effect_and_can_be_taken_back(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("settings")
    field = _field(seen, "POLL_INTERVAL_MINUTES")
    await field.locator("select").wait_for()
    assert await _button(seen, "Save").is_disabled()

    await field.locator("select").select_option("15")
    await field.get_by_text("changed").wait_for()
    await seen.page.get_by_text("1 change").wait_for()
    await _button(seen, "Save").click()
    await field.get_by_text("saved here").wait_for()

    saved = await _setting(world, "POLL_INTERVAL_MINUTES")
    assert (saved["value"], saved["source"]) == (15, "saved")
    assert await _button(seen, "Save").is_disabled()

    await field.get_by_role("button", name="Reset").click()
    await field.get_by_text("the default").wait_for()
    assert await field.locator("select").input_value() == "5"
    assert (await _setting(world, "POLL_INTERVAL_MINUTES"))["value"] == 5


async def test_a_value_that_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("settings")
    await _field(seen, "LOG_LEVEL").locator("select").select_option("WARNING")
    hours = _field(seen, "FORECAST_HOURS_AHEAD")
    await hours.locator("input").fill("99")
    await _button(seen, "Save").click()

    await hours.get_by_text("must be a whole number from 1 to 72").wait_for()
    assert await hours.locator("input").get_attribute("aria-invalid") == "true"
    await seen.page.get_by_text("Nothing was saved").wait_for()
    is_clear = """(field) => {
      const {left, bottom} = field.getBoundingClientRect();
      const there = document.elementFromPoint(left + 5, bottom - 5);
      const within = (top) => top.shadowRoot?.elementFromPoint(left + 5, bottom - 5);
      let found = there;
      while (within(found) && within(found) !== found) found = within(found);
      return found === field;
    }"""
    assert await hours.locator("input").evaluate(is_clear)
    assert (await _setting(world, "LOG_LEVEL"))["value"] == "INFO"

    await hours.locator("input").fill("48")
    await _button(seen, "Save").click()
    await seen.page.get_by_text("Saved, and in effect.").wait_for()
    assert (await _setting(world, "FORECAST_HOURS_AHEAD"))["value"] == 48
    assert (await _setting(world, "LOG_LEVEL"))["value"] == "WARNING"


async def test_the_first_run_leads_to_a_token_that_is_tried_before_it_is_saved(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("now")
    await seen.page.get_by_role("link", name="Add your Amber token").click()
    token = seen.page.get_by_label("Token", exact=True)

    await token.fill(REFUSED_TOKEN)
    await _button(seen, "Try it").click()
    await seen.page.get_by_text("Amber does not accept this token").wait_for()
    assert await token.get_attribute("aria-invalid") == "true"
    assert await _button(seen, "Save it and collect").count() == 0
    assert not (await _setting(world, "AMBER_API_KEY"))["is_set"]

    await token.fill(GOOD_TOKEN)
    await _button(seen, "Try it").click()
    await seen.page.get_by_text("Its account has 2 sites").wait_for()
    words = await seen.text("token-card")
    assert "Ausgrid, NMI 9000000001" in words
    assert "E1 General" in words
    assert not (await _setting(world, "AMBER_API_KEY"))["is_set"]

    await _button(seen, "Save it and collect").click()
    await seen.page.get_by_text("A token is set, saved here").wait_for()
    assert "amber" in (await world.get("api/status"))["sources"]
    assert await seen.page.get_by_label("Another token").input_value() == ""


async def test_a_saved_token_is_removed_only_when_that_is_said_twice(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("settings")
    await seen.page.get_by_label("Token", exact=True).fill(GOOD_TOKEN)
    await _button(seen, "Try it").click()
    await _button(seen, "Save it and collect").click()

    await _button(seen, "Remove the token").click()
    assert (await _setting(world, "AMBER_API_KEY"))["is_set"]
    await _button(seen, "Remove").click()

    await seen.page.get_by_text("The token that was saved is removed").wait_for()
    assert "amber" not in (await world.get("api/status"))["sources"]


async def test_the_last_source_cannot_be_turned_off(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, AMBER_API_KEY="")
    seen = await visit(await entry_point_to(world))
    await seen.go("settings")
    field = _field(seen, "KAMO_ENABLED")
    await field.locator("select").select_option("false")
    await _button(seen, "Save").click()

    await field.get_by_text("nothing to collect").wait_for()
    assert (await _setting(world, "KAMO_ENABLED"))["value"] is True


async def test_a_replaced_key_leads_over_the_sign_in_back_to_what_was_written(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False, API_KEY="", AMBER_API_KEY="")
    key_file = world.data_dir / "api_key"
    seen = await visit(await entry_point_to(world), is_signed_in=False)
    await seen.sign_in(key_file.read_text().strip())
    await seen.go("settings")
    field = _field(seen, "LOG_LEVEL").locator("select")
    await field.select_option("DEBUG")
    another = "another-key-of-32-characters-0123"
    fresh = key_file.with_suffix(".new")
    fresh.write_text(f"{another}\n")
    fresh.chmod(0o600)
    fresh.replace(key_file)

    await _button(seen, "Save").click()
    await seen.page.get_by_label("API key").fill(another)
    await _button(seen, "Sign in").click()

    await seen.page.get_by_text("1 change").wait_for()
    assert seen.page.url.endswith("#/settings")
    assert await field.input_value() == "DEBUG"
    await _button(seen, "Save").click()
    await seen.page.get_by_text("Saved, and in effect.").wait_for()


async def test_a_test_message_goes_by_what_is_set_up_and_is_saved(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    async with receiver() as taking:
        world = await start_world(is_filled=False, NOTIFICATION_URLS=taking.url)
        seen = await visit(await entry_point_to(world))
        await seen.go("settings")

        await _button(seen, "Send a test message").click()
        await seen.page.get_by_text("Look whether it arrives.").wait_for()

        assert len(taking.titles) == 1
        assert taking.url not in await seen.page.content()
        await _field(seen, "SMTP_HOST").locator("input").fill("mail.example")
        assert await _button(seen, "Send a test message").is_disabled()
        assert "Save first" in await seen.text("notification-trial")


async def test_a_test_message_that_cannot_be_sent_says_why(
    start_world: StartWorld, entry_point_to: EntryPointTo, visit: Open
):
    world = await start_world(is_filled=False)
    seen = await visit(await entry_point_to(world))
    await seen.go("settings")

    await _button(seen, "Send a test message").click()
    refusal = seen.page.locator("notification-trial notice-box")
    await refusal.wait_for()

    assert "NOTIFICATION_URLS" in await seen.text("notification-trial")


async def test_colours_are_chosen_here_too(
    entry_points: dict[str, EntryPoint], visit: Open
):
    seen = await visit(entry_points["direct"])
    await seen.go("settings")
    await _button(seen, "Dark").click()

    await seen.page.get_by_role("button", name="Colours: Dark").wait_for()
    assert await _button(seen, "Dark").get_attribute("aria-pressed") == "true"
