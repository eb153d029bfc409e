"""Sensors of sites, areas and the server."""

from collections.abc import Iterable
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    PriceCoordinator,
)
from custom_components.energy_logger.devices import (
    area_device,
    site_device,
    watch_device,
    watch_substations,
)
from custom_components.energy_logger.entity import add_as_they_appear
from custom_components.energy_logger.keys import area_key, site_key

from .determinants import determinant_sensors
from .forecast_scores import load_error_sensor, price_error_sensors
from .grid import area_sensors, substation_sensors
from .peaks import peak_sensors, shown_peak_keys
from .prices import channel_sensors, shown_channels, shown_site_keys, site_sensors
from .server import server_sensors
from .statistics import statistics_sensors
from .usage import usage_sensors

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of every site and area, and of the server."""
    linked = entry.runtime_data.linked
    if linked is not None:
        async_add_entities(server_sensors(linked.server))
        if (watch := linked.watch.data) is not None:
            device = watch_device(entry, watch)
            add_as_they_appear(
                entry,
                linked.watch,
                partial(shown_peak_keys, linked.watch),
                partial(peak_sensors, linked.watch, device),
                async_add_entities,
            )
        for report in linked.substations:
            async_add_entities(determinant_sensors(report))
    for site in entry.runtime_data.sites.values():
        async_add_entities(usage_sensors(site.usage))
        if linked is not None:
            async_add_entities(price_error_sensors(hass, entry, linked, site.prices))
        imports = entry.runtime_data.statistics[site_key(site.usage.site.id)]
        async_add_entities(statistics_sensors(imports, site_device(site.usage)))
        add_as_they_appear(
            entry,
            site.prices,
            partial(_site_keys, site.prices),
            partial(site_sensors, site.prices),
            async_add_entities,
        )
        add_as_they_appear(
            entry,
            site.prices,
            partial(_channels, site.prices),
            partial(channel_sensors, site.prices),
            async_add_entities,
        )
    devices = dr.async_get(hass)
    for area in entry.runtime_data.areas.values():
        # the device must be there before those of its substations
        parent = devices.async_get_or_create(
            config_entry_id=entry.entry_id, **area_device(area.area)
        )
        async_add_entities(area_sensors(area))
        if linked is not None:
            async_add_entities([load_error_sensor(hass, entry, linked, area)])
        imports = entry.runtime_data.statistics[area_key(area.area.id)]
        async_add_entities(statistics_sensors(imports, area_device(area.area)))
        add_as_they_appear(
            entry,
            area,
            partial(_substations, area),
            partial(substation_sensors, area, parent.id),
            async_add_entities,
        )
        watch_substations(hass, entry, area, parent.id)


def _site_keys(prices: PriceCoordinator) -> Iterable[str]:
    return shown_site_keys(prices.data)


def _channels(prices: PriceCoordinator) -> Iterable[ChannelType]:
    return shown_channels(prices.data)


def _substations(area: AreaCoordinator) -> Iterable[str]:
    return area.data.substations
