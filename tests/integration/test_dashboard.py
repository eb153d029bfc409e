"""A dashboard that is made of what an entry has."""

from collections.abc import Iterator
from typing import Any

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.services.views import (
    ShownDevice,
    ShownEntity,
    dashboard,
)
from tests.integration.actions import act
from tests.integration.conftest import World
from tests.integration.entries import (
    FIVE_MINUTE_SITE,
    OZARK_LOAD,
    amber_entry,
    kamo_entry,
)
from tests.integration.linked import LinkedWorld

OWN_CARDS = {"heading", "gauge", "tile", "statistics-graph"}


def sections(answer: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the cards below every heading."""
    (view,) = answer["views"]
    found = {}
    for section in view["sections"]:
        heading, *cards = section["cards"]
        assert {heading["type"], *(one["type"] for one in cards)} <= OWN_CARDS
        found[heading["heading"]] = cards
    return found


def entity_ids(cards: list[dict[str, Any]]) -> Iterator[str]:
    for card in cards:
        yield from (one["entity"] for one in card.get("entities", []))
        if "entity" in card:
            yield card["entity"]


async def test_a_site_shows_its_prices_and_yesterday(world: World):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)

    answer = await act(world, "get_dashboard", entry)

    assert answer["title"] == entry.title
    ((name, cards),) = sections(answer).items()
    assert name == "Amber Jemena"
    assert [one["entity"] for one in cards if one["type"] == "gauge"] == [
        "sensor.amber_jemena_general_price",
        "sensor.amber_jemena_feed_in_price",
    ]
    (graph,) = [one for one in cards if one["type"] == "statistics-graph"]
    assert graph["entities"] == [
        {"entity": "sensor.amber_jemena_general_price", "name": "General price"},
        {
            "entity": "sensor.amber_jemena_controlled_load_price",
            "name": "Controlled load price",
        },
        {"entity": "sensor.amber_jemena_feed_in_price", "name": "Feed-in price"},
    ]
    shown = set(entity_ids(cards))
    assert "sensor.amber_jemena_cost_yesterday" in shown
    # a site without a demand tariff
    assert "binary_sensor.amber_jemena_demand_window" not in shown
    assert all(world.hass.states.get(one) is not None for one in shown)


async def test_names_of_the_user_are_taken(world: World):
    entry = kamo_entry()
    await world.set_up(entry)
    entities, devices = er.async_get(world.hass), dr.async_get(world.hass)
    entities.async_update_entity(
        OZARK_LOAD, new_entity_id="sensor.our_load", name="Ours"
    )
    (device,) = dr.async_entries_for_config_entry(devices, entry.entry_id)
    devices.async_update_device(device.id, name_by_user="Our cooperative")
    await world.settle()

    ((name, cards),) = sections(await act(world, "get_dashboard", entry)).items()

    assert name == "Our cooperative"
    assert {"entity": "sensor.our_load", "name": "Ours", "type": "tile"}.items() <= (
        cards[0].items()
    )
    assert OZARK_LOAD not in set(entity_ids(cards))


async def test_what_is_disabled_or_hidden_is_left_out(world: World):
    entry = kamo_entry(substations=True)
    await world.set_up(entry)
    entities = er.async_get(world.hass)
    peak = OZARK_LOAD.replace("_load", "_peak_today")
    entities.async_update_entity(peak, hidden_by=er.RegistryEntryHider.USER)
    entities.async_update_entity(OZARK_LOAD, disabled_by=er.RegistryEntryDisabler.USER)
    await world.settle()

    assert sections(await act(world, "get_dashboard", entry)) == {}


async def test_a_linked_entry_shows_its_areas_and_the_peak_watch(linked: LinkedWorld):
    await linked.server.watch("OZEC")
    entry = linked.entry()
    await linked.set_up(entry)

    found = sections(await act(linked, "get_dashboard", entry))

    assert OZARK_LOAD in set(entity_ids(found["Ozark Electric Cooperative"]))
    (watch,) = [name for name in found if name.startswith("Peak watch")]
    shown = set(entity_ids(found[watch]))
    assert any(one.endswith("_headroom") for one in shown)
    assert any(one.endswith("_peak_likely") for one in shown)
    assert "Energy Logger" in found
    assert all(
        linked.hass.states.get(one) is not None
        for cards in found.values()
        for one in entity_ids(cards)
    )


def test_a_device_with_nothing_to_graph_has_no_graph():
    made = dashboard(
        "Mine",
        [
            ShownDevice(
                "Server", [ShownEntity("sensor.size", "database_size", "Size")]
            ),
            ShownDevice("Empty", [ShownEntity("sensor.other", "updated", "Updated")]),
        ],
    )

    assert sections(made) == {
        "Server": [
            {
                "type": "tile",
                "entity": "sensor.size",
                "name": "Size",
                "color": "blue-grey",
            }
        ]
    }
