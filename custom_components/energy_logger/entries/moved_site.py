"""Moving house: another site takes over the entities of the one before."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.const import CONF_SITE_ID, DOMAIN

from .conflicts import sources_of


@callback
def is_free(hass: HomeAssistant, entry: ConfigEntry, site_id: str) -> bool:
    """Return whether no other entry holds a site, not even one that is not loaded."""
    key = f"amber_{site_id}"
    entities = er.async_get(hass).entities.values()
    device = dr.async_get(hass).async_get_device(identifiers={(DOMAIN, key)})
    if device is not None or any(
        one.platform == DOMAIN and one.unique_id.startswith(f"{key}_")
        for one in entities
    ):
        return False
    others = (
        other
        for other in hass.config_entries.async_entries(DOMAIN, include_ignore=False)
        if other.entry_id != entry.entry_id
    )
    return not any(key in sources_of(other) for other in others)


@callback
def hand_over(hass: HomeAssistant, entry: ConfigEntry, site_id: str) -> None:
    """Let the entities and the device of an entry's site be those of another one.

    Entities keep their ids, so that automations and history go on with them.

    Args:
        hass: Home Assistant.
        entry: Of the site; not loaded.
        site_id: The site that takes over; no other entry holds it.
    """
    before, after = f"amber_{entry.data[CONF_SITE_ID]}", f"amber_{site_id}"
    entities = er.async_get(hass)
    for one in er.async_entries_for_config_entry(entities, entry.entry_id):
        key = one.unique_id.removeprefix(f"{before}_")
        entities.async_update_entity(one.entity_id, new_unique_id=f"{after}_{key}")
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        devices.async_update_device(device.id, new_identifiers={(DOMAIN, after)})
