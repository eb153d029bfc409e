"""The page about the integration says what is there."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from homeassistant.const import EntityCategory
from homeassistant.helpers import entity_registry as er
from homeassistant.util import yaml as yaml_util

from custom_components.energy_logger.api.price_source import PriceSource
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.keys import CHANNEL_KEYS
from tests.integration.conftest import ROOT, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry

FOLDER = ROOT / "custom_components/energy_logger"
PAGE = (ROOT / "docs/home-assistant.md").read_text()
WORDS = json.loads((FOLDER / "translations/en.json").read_text())
ACTIONS: Any = yaml_util.parse_yaml((FOLDER / "services.yaml").read_text())
COMMON_FIELDS = {"config_entry_id", "device_id"}
WORDS_OF_FIELDS = {*PriceSource}


def section(title: str) -> str:
    """Return a part of the page, up to the next of its level."""
    level, _, _ = title.partition(" ")
    found = re.search(
        rf"^{title}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def rows(text: str) -> Iterator[list[str]]:
    """Give the rows of a part's tables, without the heads."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def keys(text: str) -> list[str]:
    """Return what stands in code marks."""
    return re.findall(r"`([^`]+)`", text)


def entities(title: str = "## Entities") -> dict[str, tuple[str, str]]:
    """Return the entities of a part of the page: unit and remarks by key."""
    found = {}
    for _, key, unit, remarks in rows(section(title)):
        pattern = keys(key)[0]
        channels = CHANNEL_KEYS.values() if "{channel}" in pattern else [""]
        for channel in channels:
            found[pattern.replace("{channel}", channel)] = (unit, remarks)
    return found


def test_all_entities_are_told():
    known = [key for platform in WORDS["entity"].values() for key in platform]

    assert sorted(entities()) == sorted(known)


def test_entities_are_called_by_their_names():
    names = {
        key: one["name"]
        for platform in WORDS["entity"].values()
        for key, one in platform.items()
    }
    for name, key, *_ in rows(section("## Entities")):
        pattern = keys(key)[0].replace("{channel}", "general")
        assert name.removesuffix(", ...") == names[pattern]


async def test_what_is_off_or_diagnostic_is_told(world: World):
    # one of few substations, which shows all of them
    for entry in (
        await amber_entry(world),
        await amber_entry(world, FIVE_MINUTE_SITE),
        kamo_entry(3, substations=True),
    ):
        await world.set_up(entry)
    documented = entities()
    seen = set()
    for one in er.async_get(world.hass).entities.values():
        key = one.translation_key
        assert key is not None
        _, remarks = documented[key]
        is_off = remarks.startswith("off") and "off in areas" not in remarks
        assert is_off is (one.disabled_by is not None), key
        is_diagnostic = re.search(r"\bdiagnostic\b", remarks) is not None
        assert is_diagnostic is (one.entity_category is EntityCategory.DIAGNOSTIC), key
        seen.add(key)
    # the rest is the server's
    server = {
        key
        for title in (
            "### Server",
            "### Peak watch",
            "### KAMO area of a server",
            "### Forecasts of a server",
        )
        for key in entities(title)
    }
    assert documented.keys() - seen == server


@pytest.mark.usefixtures("all_enabled")
async def test_units_are_told(world: World):
    for entry in (
        await amber_entry(world),
        await amber_entry(world, FIVE_MINUTE_SITE),
        kamo_entry(3, substations=True),
    ):
        await world.set_up(entry)
    documented = entities()
    classes = {"timestamp": "time", "date": "date"}
    for one in er.async_get(world.hass).entities.values():
        assert one.translation_key is not None
        unit, _ = documented[one.translation_key]
        kind = classes.get(one.original_device_class or "", "")
        assert unit == (one.unit_of_measurement or kind), one.translation_key


def test_all_options_are_told():
    steps = WORDS["options"]["step"]
    known = {
        (field, label)
        for step in ("init", "server_show", "charges")
        for field, label in steps[step]["data"].items()
    }

    documented = {
        (keys(key)[0], label) for _, label, key, *_ in rows(section("### Options"))
    }

    assert documented == known
    assert steps.keys() == {
        *("init", "moved", "server_show"),
        *("charges", "energy_dashboard"),
    }


def test_all_connections_are_told():
    menu = WORDS["config"]["step"]["user"]["menu_options"]

    documented = [row[0] for row in rows(section("## Connections")) if len(row) == 3]

    assert documented == [*menu.values()]


def test_all_actions_and_their_fields_are_told():
    documented = {
        keys(action)[0]: {*keys(fields)} - WORDS_OF_FIELDS
        for action, fields, _ in rows(section("## Actions"))
    }

    assert documented == {
        f"{DOMAIN}.{name}": action["fields"].keys() - COMMON_FIELDS
        for name, action in ACTIONS.items()
    }


def test_examples_are_yaml_and_call_what_there_is():
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    called = re.findall(rf"action: {DOMAIN}\.(\w+)", PAGE)

    assert all(yaml_util.parse_yaml(block) for block in blocks)
    assert {*called} <= ACTIONS.keys()


def test_entities_of_the_dashboard_have_names_that_there_are():
    names = {
        one["name"].lower().replace(" ", "_").replace("-", "_")
        for platform in WORDS["entity"].values()
        for one in platform.values()
    }
    shown = re.findall(
        r"sensor\.(?:amber_jemena|barry_electric_cooperative)_(\w+)", PAGE
    )

    assert shown
    assert {*shown} <= names


def test_all_blueprints_are_told():
    files = (ROOT / "blueprints/automation/energy_logger").glob("*.yaml")

    documented = re.findall(r"^- `(\w+\.yaml)`", section("## Blueprints"), re.MULTILINE)

    assert sorted(documented) == sorted(file.name for file in files)


@pytest.mark.parametrize("address", re.findall(r"\]\(([^)]+)\)", PAGE))
def test_links_lead_somewhere(address: str):
    path, _, part = address.partition("#")
    if address.startswith("https://"):
        return
    assert (ROOT / "docs" / path).exists()
    if part:
        page = (ROOT / "docs" / path).read_text("utf-8") if path else PAGE
        headings = [line for line in page.splitlines() if line.startswith("#")]
        assert part in [
            line.lstrip("# ").lower().replace(" ", "-") for line in headings
        ]
