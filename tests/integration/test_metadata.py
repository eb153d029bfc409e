"""What hassfest and HACS look at, as far as it can be looked at without them."""

import ast
import json
import re
import struct
from collections.abc import Iterator
from typing import Any

import probatio as vol
import pytest
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util

from custom_components.energy_logger.api import errors
from custom_components.energy_logger.issues import FIXABLE, Issue
from custom_components.energy_logger.sources.server_version import VersionMismatch
from custom_components.energy_logger.statistics.charges import (
    ChargeKind,
    ChargePeriod,
)
from tests.integration.conftest import ROOT, World
from tests.integration.linked import OZARK, LinkedWorld

FOLDER = ROOT / "custom_components/energy_logger"

MANIFEST_KEYS = {
    "domain",
    "name",
    "after_dependencies",
    "codeowners",
    "config_flow",
    "dependencies",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "quality_scale",
    "requirements",
    "version",
}
HACS_KEYS = {
    "domain",
    "documentation",
    "issue_tracker",
    "codeowners",
    "name",
    "version",
}
"""What HACS wants of a manifest."""

SOURCE_CODES = {
    kind.code
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, errors.SourceError)
    and kind is not errors.SourceError
}
COMMON_ATTRIBUTES = {
    *("attribution", "device_class", "friendly_name", "icon", "options"),
    *("restored", "state_class", "supported_features", "unit_of_measurement"),
    *("event_types", "event_type"),
}
"""What Home Assistant itself has names for."""

SERVER_ISSUES = {"server_too_old", "server_too_new", "app_uninstalled"}
SIZES = {
    "icon.png": (256, 256),
    "icon@2x.png": (512, 512),
    "logo.png": (599, 128),
    "logo@2x.png": (1196, 256),
}
MOST_BYTES = 20_000

RULES = [
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow-test-coverage",
    "config-flow",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery-update-info",
    "discovery",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
]


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def calls() -> Iterator[ast.Call]:
    """Give every call in the integration's code outside ``api``."""
    for path in FOLDER.rglob("*.py"):
        if "api" not in path.relative_to(FOLDER).parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from (one for one in ast.walk(tree) if isinstance(one, ast.Call))


def texts_given(keyword: str) -> set[str]:
    """Return the texts that calls give for a keyword."""
    return {
        one.value.value
        for call in calls()
        for one in call.keywords
        if one.arg == keyword
        and isinstance(one.value, ast.Constant)
        and isinstance(one.value.value, str)
    }


def bad_calls() -> dict[str, set[str]]:
    """Return what ``invalid`` is called with: keys, and placeholders of each."""
    return {
        call.args[0].value: {str(one.arg) for one in call.keywords}
        for call in calls()
        if isinstance(call.func, ast.Name)
        and call.func.id == "invalid"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.fixture
def english() -> dict[str, Any]:
    return read("translations/en.json")


@pytest.fixture
async def entities(linked: LinkedWorld) -> list[er.RegistryEntry]:
    """Every kind of entity that there is."""
    await linked.server.watch("KAMO")
    entry = linked.entry(options={"areas": [OZARK], "substations": [OZARK]})
    await linked.set_up(entry)
    registry = er.async_get(linked.hass)
    return er.async_entries_for_config_entry(registry, entry.entry_id)


def test_the_manifest_has_known_keys_in_their_order():
    manifest = read("manifest.json")

    keys = [*manifest]
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert set(keys) <= MANIFEST_KEYS
    assert set(keys) >= HACS_KEYS
    assert manifest["domain"] == FOLDER.name
    assert manifest["documentation"].startswith("https://")
    assert manifest["requirements"] == []
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])


def test_hacs_is_told_the_name_and_the_oldest_home_assistant():
    hacs = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))

    assert hacs == {"name": "Energy Logger", "homeassistant": "2026.10.0"}


def test_there_is_one_integration_without_files_of_core():
    folders = [one.name for one in FOLDER.parent.iterdir() if one.is_dir()]

    assert [one for one in folders if not one.startswith("__")] == ["energy_logger"]
    assert not (FOLDER / "strings.json").exists()
    assert "[%key:" not in (FOLDER / "translations/en.json").read_text("utf-8")


def test_every_rule_of_the_quality_scale_has_an_answer():
    rules = yaml_util.load_yaml_dict(str(FOLDER / "quality_scale.yaml"))["rules"]

    assert sorted(rules) == sorted(RULES)
    for rule, answer in rules.items():
        if answer != "done":
            assert answer["status"] in ("todo", "exempt"), rule
            assert answer["comment"], rule


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize("name", SIZES)
def test_images_have_the_right_size(theme: str, name: str):
    image = (FOLDER / "brand" / f"{theme}{name}").read_bytes()

    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == SIZES[name]
    assert len(image) < MOST_BYTES


async def test_entities_and_translations_are_the_same(
    entities: list[er.RegistryEntry], english: dict[str, Any]
):
    found: dict[str, set[str | None]] = {}
    for one in entities:
        found.setdefault(one.domain, set()).add(one.translation_key)

    assert found == {domain: set(words) for domain, words in english["entity"].items()}


async def test_states_and_attributes_have_names(
    linked: LinkedWorld, entities: list[er.RegistryEntry], english: dict[str, Any]
):
    for one in entities:
        told = english["entity"][one.domain][one.translation_key]
        capabilities = one.capabilities or {}
        assert sorted(told.get("state", {})) == sorted(capabilities.get("options", []))
        if one.domain == "event":
            types = told["state_attributes"]["event_type"]["state"]
            assert sorted(types) == sorted(capabilities["event_types"])
        state = linked.hass.states.get(one.entity_id)
        own = set(state.attributes) - COMMON_ATTRIBUTES if state else set()
        assert own <= set(told.get("state_attributes", {})), one.entity_id


async def test_entities_without_device_class_have_an_icon(
    entities: list[er.RegistryEntry],
):
    icons = read("icons.json")["entity"]

    every = {(one.domain, one.translation_key) for one in entities}
    plain = {
        (one.domain, one.translation_key)
        for one in entities
        if one.original_device_class in (None, "enum")
    }
    assert plain <= {(key, one) for key, told in icons.items() for one in told} <= every


async def test_actions_are_told_in_every_file(world: World, english: dict[str, Any]):
    assert await async_setup_component(world.hass, "energy_logger", {})
    registered = world.hass.services.async_services_for_domain("energy_logger")
    described = yaml_util.load_yaml_dict(str(FOLDER / "services.yaml"))

    assert set(described) == set(registered)
    assert set(english["services"]) == set(registered)
    assert set(read("icons.json")["services"]) == set(registered)
    for name, action in registered.items():
        assert isinstance(action.schema, vol.Schema)
        fields = {str(key) for key in action.schema.schema}
        assert set(described[name]["fields"]) == fields
        assert set(english["services"][name]["fields"]) == fields


async def test_home_assistant_reads_the_descriptions_of_actions(world: World):
    assert await async_setup_component(world.hass, "energy_logger", {})

    told = (await async_get_all_descriptions(world.hass))["energy_logger"]

    assert {name for name, one in told.items() if one["response"]["optional"]} == {
        "add_to_energy_dashboard",
        "import_history",
    }


def test_choices_of_actions_and_forms_have_names(english: dict[str, Any]):
    described = yaml_util.load_yaml_dict(str(FOLDER / "services.yaml"))
    found = {
        choice["translation_key"]: set(choice["options"])
        for action in described.values()
        for field in action["fields"].values()
        if (choice := field["selector"].get("select"))
    }

    found |= {"charge_kind": {*ChargeKind}, "charge_period": {*ChargePeriod}}

    assert found == {
        key: set(told["options"]) for key, told in english["selector"].items()
    }


def test_exceptions_and_translations_are_the_same(english: dict[str, Any]):
    told = {key: one["message"] for key, one in english["exceptions"].items()}
    raised = texts_given("translation_key") | set(bad_calls())
    raised |= {f"source_{code}" for code in SOURCE_CODES} | {"server_stale"}
    raised |= {VersionMismatch.TOO_OLD.value, VersionMismatch.TOO_NEW.value}

    assert set(told) == raised


def test_errors_of_bad_calls_fill_their_placeholders(english: dict[str, Any]):
    for key, given in bad_calls().items():
        assert placeholders(english["exceptions"][key]["message"]) == given, key


def test_steps_of_flows_have_words(english: dict[str, Any]):
    steps = {*english["config"]["step"], *english["options"]["step"]}
    steps |= {
        step
        for one in english["issues"].values()
        for step in one.get("fix_flow", {}).get("step", {})
    }

    assert texts_given("step_id") <= steps


def test_fields_of_flows_are_explained(english: dict[str, Any]):
    for flow in ("config", "options"):
        for step, told in english[flow]["step"].items():
            explained = told.get("data_description", {})
            assert set(told.get("data", {})) == set(explained), step


def test_flows_that_end_say_why(english: dict[str, Any]):
    assert texts_given("reason") <= {
        *english["config"]["abort"],
        *english["options"]["abort"],
    }


@pytest.mark.parametrize("source", ["amber", "kamo"])
def test_every_error_of_a_utility_has_words_in_the_flow(
    source: str, english: dict[str, Any]
):
    assert {f"{source}_{code}" for code in SOURCE_CODES} <= set(
        english["config"]["error"]
    )


def test_issues_and_translations_are_the_same(english: dict[str, Any]):
    assert set(english["issues"]) == {*Issue, *SERVER_ISSUES}


def test_issues_that_can_be_fixed_say_how(english: dict[str, Any]):
    for key, told in english["issues"].items():
        is_fixable = key in FIXABLE
        assert ("fix_flow" in told, "description" in told) == (
            is_fixable,
            not is_fixable,
        )


def test_system_health_has_words_for_all_it_tells(english: dict[str, Any]):
    connections = ("amber", "kamo", "server")

    assert set(english["system_health"]["info"]) == {
        f"{one}_entries" for one in connections
    } | {f"can_reach_{one}" for one in connections}
