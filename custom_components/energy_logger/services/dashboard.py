"""The action that returns a dashboard of an entry's own entities."""

from typing import Final

import probatio as vol
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .targets import ENTRY_FIELD, entry_of
from .views import ShownDevice, ShownEntity, dashboard

LOVELACE_SCHEMA: Final = vol.Schema({**ENTRY_FIELD})


async def get_dashboard(call: ServiceCall) -> ServiceResponse:
    """Return a dashboard's configuration, as its raw configuration editor takes it.

    It has what is enabled and visible of the entry, by the entity ids and the names of
    devices that hold now. Substations are left out: some areas have dozens.
    """
    entry = entry_of(call)
    entities = er.async_entries_for_config_entry(
        er.async_get(call.hass), entry.entry_id
    )
    devices = dr.async_entries_for_config_entry(dr.async_get(call.hass), entry.entry_id)
    shown = [
        ShownDevice(
            device.name_by_user or device.name or entry.title,
            [
                ShownEntity(
                    one.entity_id,
                    one.translation_key,
                    one.name or one.original_name or one.entity_id,
                )
                for one in entities
                if one.device_id == device.id
                and one.translation_key is not None
                and one.disabled_by is None
                and one.hidden_by is None
            ],
        )
        for device in devices
    ]
    return dashboard(entry.title, sorted(shown, key=lambda one: one.name))
