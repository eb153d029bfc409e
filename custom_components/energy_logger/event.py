"""Events: of prices, of the server's alerts and peak watch, of substations."""

from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.dt import utcnow

from .api.server import ServerAlert
from .api.server_peaks import AnnouncedHour
from .api.server_substations import SubstationFault
from .const import SOURCE_NAMES
from .coordinator import (
    EnergyLoggerConfigEntry,
    PeakWatchCoordinator,
    PriceCoordinator,
    ServerCoordinator,
    SitePrices,
    SubstationCoordinator,
)
from .coordinator.peak_events import PeakEvent, peak_news
from .coordinator.price_events import PriceEvent, PriceMoment
from .coordinator.server_alerts import AlertEvent, news_between
from .coordinator.substation_events import fault_news
from .devices import area_device, server_device, site_device, watch_device
from .entity import DeviceEntity
from .keys import CHANNEL_KEYS

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of every site, and of the server."""
    linked = entry.runtime_data.linked
    if linked is not None:
        async_add_entities([AlertEventEntity(linked.server)])
        if (watch := linked.watch.data) is not None:
            device = watch_device(entry, watch)
            async_add_entities([PeakEventEntity(linked.watch, device)])
        async_add_entities(SubstationEventEntity(one) for one in linked.substations)
    async_add_entities(
        PriceEventEntity(site.prices) for site in entry.runtime_data.sites.values()
    )


class PriceEventEntity(DeviceEntity[PriceCoordinator], EventEntity):
    """Fires for what happened to the prices of a site.

    What Home Assistant finds when it starts is where it begins, not an event.
    """

    def __init__(self, coordinator: PriceCoordinator) -> None:
        """Begin with the prices that are known."""
        super().__init__(coordinator, site_device(coordinator), "price")
        self._attr_event_types = [*PriceEvent]
        self._seen = PriceMoment.of(coordinator.data)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        now = PriceMoment.of(self.coordinator.data)
        happened, self._seen = self._seen.events(now), self._seen.followed_by(now)
        for event in happened:
            self._trigger_event(event, _interval(self.coordinator.data))
            self.async_write_ha_state()
        if not happened:
            super()._handle_coordinator_update()


class AlertEventEntity(DeviceEntity[ServerCoordinator], EventEntity):
    """Fires for what began to be wrong with the server, and what is over.

    What Home Assistant finds when it starts is where it begins, not an event.
    """

    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: ServerCoordinator) -> None:
        """Begin with what holds."""
        device = server_device(coordinator.config_entry, coordinator.data)
        super().__init__(coordinator, device, "alert")
        self._attr_event_types = [*AlertEvent]
        self._seen = coordinator.data.status.alerts

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        now = self.coordinator.data.status.alerts
        happened, self._seen = news_between(self._seen, now), now
        for event, alert in happened:
            self._trigger_event(event, _alert_data(alert))
            self.async_write_ha_state()
        if not happened:
            super()._handle_coordinator_update()


class PeakEventEntity(DeviceEntity[PeakWatchCoordinator], EventEntity):
    """Fires for what the peak watch announces and withdraws, and for the all-clear.

    What Home Assistant finds when it starts is where it begins, not an event.
    """

    def __init__(self, coordinator: PeakWatchCoordinator, device: DeviceInfo) -> None:
        """Begin with what was announced before."""
        super().__init__(coordinator, device, "peak")
        self._attr_event_types = [*PeakEvent]
        self._seen = coordinator.data

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        now = self.coordinator.data
        happened, self._seen = peak_news(self._seen, now, utcnow()), now
        for event, hour in happened:
            self._trigger_event(event, {} if hour is None else _hour(hour))
            self.async_write_ha_state()
        if not happened:
            super()._handle_coordinator_update()


class SubstationEventEntity(DeviceEntity[SubstationCoordinator], EventEntity):
    """Fires for what began to be wrong with an area's substations, and what is over.

    What Home Assistant finds when it starts is where it begins, not an event.
    """

    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: SubstationCoordinator) -> None:
        """Begin with what holds."""
        super().__init__(coordinator, area_device(coordinator.area), "substation_fault")
        self._attr_event_types = [*AlertEvent]
        self._seen = coordinator.data.faults

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        now = self.coordinator.data.faults
        happened, self._seen = fault_news(self._seen, now), now
        for event, fault in happened:
            self._trigger_event(event, _fault(fault))
            self.async_write_ha_state()
        if not happened:
            super()._handle_coordinator_update()


def _fault(fault: SubstationFault) -> dict[str, Any]:
    """Return what an event says of a fault."""
    return {
        "fault": fault.fault,
        "substation": fault.substation,
        "load": fault.kw,
        "reactive_power": fault.kvar,
        "since": fault.began_at.isoformat(),
    }


def _hour(hour: AnnouncedHour) -> dict[str, Any]:
    """Return what an event says of an hour."""
    return {
        "start_time": hour.starts_at.isoformat(),
        "end_time": hour.ends_at.isoformat(),
        "likelihood": hour.likelihood,
        "probability": hour.probability_percent,
    }


def _alert_data(alert: ServerAlert) -> dict[str, Any]:
    """Return what an event says of a condition."""
    return {
        "code": alert.code,
        "source": SOURCE_NAMES.get(alert.subject),
        "message": alert.message,
        "since": None if alert.since is None else alert.since.isoformat(),
    }


def _interval(prices: SitePrices) -> dict[str, Any]:
    """Return the prices of the interval, AUD/kWh, and its span."""
    current = {
        key: prices.channels[channel].current
        for channel, key in CHANNEL_KEYS.items()
        if channel in prices.channels
    }
    known = {key: price for key, price in current.items() if price is not None}
    data: dict[str, Any] = {
        f"{key}_price": price.price_aud_per_kwh for key, price in known.items()
    }
    if known:
        latest = max(known.values(), key=lambda price: price.ends_at)
        data["start_time"] = latest.starts_at.isoformat()
        data["end_time"] = latest.ends_at.isoformat()
    return data
