"""Moving house: another site takes over the entities of the one before."""

from datetime import date

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.api.amber_models import Site, SiteStatus
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.coordinator import (
    EnergyLoggerConfigEntry,
    LinkedData,
)
from custom_components.energy_logger.coordinator.server import shown_keys
from custom_components.energy_logger.keys import (
    identifiers_of,
    is_part_of,
    keys_in,
    site_key,
    with_owner,
)

from .conflicts import sources_of


@callback
def is_free(hass: HomeAssistant, entry: ConfigEntry, site_id: str) -> bool:
    """Return whether no other entry holds a site, not even one that is not loaded."""
    key = site_key(site_id)
    entities = er.async_get(hass).entities.values()
    device = dr.async_get(hass).async_get_device(identifiers=identifiers_of(key))
    if device is not None or any(
        one.platform == DOMAIN and is_part_of(one.unique_id, key) for one in entities
    ):
        return False
    others = (
        other
        for other in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if other.entry_id != entry.entry_id
    )
    return not any(key in sources_of(other) for other in others)


@callback
def hand_over(
    hass: HomeAssistant, entry: ConfigEntry, old_id: str, new_id: str
) -> None:
    """Let the entities and the device of an entry's site be those of another one.

    Entities keep their ids, so that automations and history go on with them. What the
    entry has of the other one by now goes.

    Args:
        hass: Home Assistant.
        entry: Of the site; not loaded.
        old_id: The site that is over.
        new_id: The site that takes over; no other entry holds it.
    """
    before, after = site_key(old_id), site_key(new_id)
    entities = er.async_get(hass)
    devices = dr.async_get(hass)
    own = er.async_entries_for_config_entry(entities, entry.entry_id)
    for one in own:
        if is_part_of(one.unique_id, after):
            entities.async_remove(one.entity_id)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        if after in keys_in(device.identifiers):
            devices.async_remove_device(device.id)
    for one in own:
        if is_part_of(one.unique_id, before):
            unique_id = with_owner(one.unique_id, before, after)
            entities.async_update_entity(one.entity_id, new_unique_id=unique_id)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        if before in keys_in(device.identifiers):
            devices.async_update_device(
                device.id, new_identifiers=identifiers_of(after)
            )


@callback
def closed_sites(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, linked: LinkedData
) -> list[Site]:
    """Return the closed sites that a linked entry has a device of."""
    present = linked.listings.sites.present
    return [
        present[key]
        for key in sorted(shown_keys(hass, entry) - linked.keys)
        if key in present and present[key].status == SiteStatus.CLOSED
    ]


@callback
def linked_moves(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> dict[str, tuple[Site, Site]]:
    """Return the closed sites that a linked entry has a device of, with successors.

    A successor is an active site that the entry shows, and that opened after the
    closed one did. Keys hold both ids.
    """
    if entry.state is not ConfigEntryState.LOADED or entry.runtime_data.linked is None:
        return {}
    linked = entry.runtime_data.linked
    return {
        f"{old.id} {new.id}": (old, new)
        for old in closed_sites(hass, entry, linked)
        for key, new in linked.listings.sites.present.items()
        if key in linked.keys
        and (old.active_from or date.min) <= (new.active_from or date.max)
    }
