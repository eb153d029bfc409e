"""Binary sensors of prices: spike, estimate, demand window; of server and watch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.dt import utcnow

from .api.amber_models import Price
from .api.channels import ChannelType
from .const import SOURCE_NAMES
from .coordinator import (
    EnergyLoggerConfigEntry,
    PeakWatchCoordinator,
    PriceCoordinator,
    ServerCoordinator,
    SitePrices,
)
from .coordinator.peak_announced import announced_attributes
from .devices import server_device, site_device, watch_device
from .entity import DeviceEntity, add_as_they_appear
from .keys import CHANNEL_KEYS

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SiteBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of a site.

    Attributes:
        value: Reads the state; None is unknown.
        exists: Whether Amber publishes such a thing of the site at all.
    """

    value: Callable[[SitePrices], bool | None]
    exists: Callable[[SitePrices], bool] = lambda _prices: True


def _currents(prices: SitePrices) -> Iterable[Price]:
    shown = (prices.channels.get(channel) for channel in CHANNEL_KEYS)
    return [one.current for one in shown if one and one.current]


def _estimate(prices: SitePrices) -> bool | None:
    known = [*_currents(prices)]
    return any(not one.is_settled for one in known) if known else None


def _demand_window(prices: SitePrices) -> bool | None:
    general = prices.channels.get(ChannelType.GENERAL)
    if general is None or general.current is None or general.current.tariff is None:
        return None
    return general.current.tariff.demand_window


BINARY_SENSORS = (
    SiteBinarySensorDescription(
        key="price_spike", value=lambda prices: prices.is_spike
    ),
    SiteBinarySensorDescription(
        key="price_estimated",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=_estimate,
    ),
    SiteBinarySensorDescription(
        key="demand_window",
        value=_demand_window,
        exists=lambda prices: _demand_window(prices) is not None,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of every site, and of the server."""
    linked = entry.runtime_data.linked
    if linked is not None:
        async_add_entities([CollectorProblem(linked.server)])
        if (watch := linked.watch.data) is not None:
            device = watch_device(entry, watch)
            async_add_entities([PeakLikely(linked.watch, device, "peak_likely")])
    for site in entry.runtime_data.sites.values():
        add_as_they_appear(
            entry,
            site.prices,
            partial(_descriptions, site.prices),
            partial(_entities, site.prices),
            async_add_entities,
        )


def _descriptions(
    prices: PriceCoordinator,
) -> Iterable[SiteBinarySensorDescription]:
    return [one for one in BINARY_SENSORS if one.exists(prices.data)]


def _entities(
    prices: PriceCoordinator, description: SiteBinarySensorDescription
) -> Iterable[BinarySensorEntity]:
    return [SiteBinarySensor(prices, description)]


class SiteBinarySensor(DeviceEntity[PriceCoordinator], BinarySensorEntity):
    """A binary sensor of a site."""

    entity_description: SiteBinarySensorDescription

    def __init__(
        self, coordinator: PriceCoordinator, description: SiteBinarySensorDescription
    ) -> None:
        """Show a value of a site."""
        super().__init__(coordinator, site_device(coordinator), description.key)
        self.entity_description = description

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value(self.coordinator.data)


class CollectorProblem(DeviceEntity[ServerCoordinator], BinarySensorEntity):
    """On while runs fail or a utility refuses the server's key for it."""

    _attr_device_class = BinarySensorDeviceClass.PROBLEM
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: ServerCoordinator) -> None:
        """Show what the server says of its runs."""
        device = server_device(coordinator.config_entry, coordinator.data)
        super().__init__(coordinator, device, "collector_problem")

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.data.status.has_problem

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        status = self.coordinator.data.status
        refused = [SOURCE_NAMES.get(one, one) for one in status.refused_sources]
        return {"health": status.health, "refused_by": refused}


class PeakLikely(DeviceEntity[PeakWatchCoordinator], BinarySensorEntity):
    """On from the announcement of an hour until no announced hour is left."""

    @property
    @override
    def is_on(self) -> bool | None:
        watch = self.coordinator.data
        return None if watch is None else watch.is_open

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        watch = self.coordinator.data
        return {} if watch is None else announced_attributes(watch, utcnow())
