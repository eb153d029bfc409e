"""What the registries of an existing Home Assistant hold must be found again there.

``identifiers.json`` is what version 0.1 has made. An identifier that changes loses an
entity, its history and all automations that use it.
"""

import json
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from tests.integration.conftest import World
from tests.integration.entries import (
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    amber_entry,
    kamo_entry,
)
from tests.integration.linked import LAKE, OZARK, LinkedWorld

KEPT = json.loads(Path(__file__).with_name("identifiers.json").read_text())


def registered(hass: HomeAssistant) -> dict[str, object]:
    """Return the entity ids by unique id, and the devices' identifiers."""
    entities = er.async_get(hass).entities.values()
    devices = dr.async_get(hass)
    parents = [
        device
        for entry in hass.config_entries.async_entries("energy_logger")
        for device in dr.async_entries_for_config_entry(devices, entry.entry_id)
    ]
    substations = [
        device
        for parent in parents
        for device in dr.async_entries_for_parent_device(devices, parent.id)
    ]
    return {
        "entities": {
            one.unique_id: one.entity_id
            for one in sorted(entities, key=lambda one: one.unique_id)
            if one.platform == "energy_logger"
        },
        "devices": sorted(
            ":".join(identifier)
            for one in [*parents, *substations]
            for identifier in one.identifiers
        ),
    }


async def test_a_household_that_asks_the_utilities_finds_its_entities_again(
    world: World,
):
    await world.set_up(await amber_entry(world, HALF_HOUR_SITE))
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await world.set_up(kamo_entry(substations=True))

    assert registered(world.hass) == KEPT["direct"]


async def test_a_linked_household_finds_its_entities_again(linked: LinkedWorld):
    entry = linked.entry(options={"areas": [OZARK, LAKE], "substations": [OZARK]})
    await linked.set_up(entry)

    assert registered(linked.hass) == KEPT["linked"]
