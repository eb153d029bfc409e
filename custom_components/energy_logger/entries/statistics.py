"""The statistics of an entry's sites and areas: what they are made of, and their start.

Without a recorder there are none, and nothing is asked for them.
"""

import asyncio
from functools import partial

from homeassistant.core import HomeAssistant, callback

from custom_components.energy_logger.api.server_hours import (
    load_feed,
    price_feed,
    usage_feed,
)
from custom_components.energy_logger.const import CONF_CONNECTION, DOMAIN
from custom_components.energy_logger.coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    LinkedData,
    SiteCoordinators,
    StatisticsCoordinator,
)
from custom_components.energy_logger.keys import area_key, site_key
from custom_components.energy_logger.sources.names import area_name
from custom_components.energy_logger.statistics.charges import (
    ChargesFeed,
    charges_of,
)
from custom_components.energy_logger.statistics.direct_feeds import (
    DirectLoadFeed,
    direct_prices,
    direct_usage,
)
from custom_components.energy_logger.statistics.feeds import (
    LinkedFeed,
    StatisticsFeed,
    linked_substations,
)
from custom_components.energy_logger.statistics.hours import (
    load_hours,
    price_hours,
    usage_hours,
)
from custom_components.energy_logger.statistics.importing import StatisticsImport
from custom_components.energy_logger.statistics.kept_progress import KeptProgress
from custom_components.energy_logger.statistics.recorded import has_recorder


@callback
def add_statistics(hass: HomeAssistant, entry: EnergyLoggerConfigEntry) -> None:
    """Make the coordinators of statistics; call it before the platforms are set up."""
    runtime = entry.runtime_data
    kept = KeptProgress(hass, entry.entry_id)
    for site_id, site in runtime.sites.items():
        key, name = site_key(site_id), site.prices.site_name
        runtime.statistics[key] = StatisticsCoordinator(
            hass,
            entry,
            name,
            StatisticsImport(hass, key, name, _site_feeds(entry, site), kept),
            has_key=True,
        )
    for area_id, area in runtime.areas.items():
        key, name = area_key(area_id), area_name(area.area)
        runtime.statistics[key] = StatisticsCoordinator(
            hass,
            entry,
            name,
            StatisticsImport(hass, key, name, _area_feeds(area, runtime.linked), kept),
            has_key=area.source.has_key,
        )
    if has_recorder(hass):
        start = partial(_start, entry, kept)
        entry.async_create_background_task(
            hass, start(), f"{DOMAIN} statistics", eager_start=False
        )


async def forget_statistics(hass: HomeAssistant, entry_id: str) -> None:
    """Forget how far statistics are imported; they themselves stay."""
    await KeptProgress(hass, entry_id).remove()


async def _start(entry: EnergyLoggerConfigEntry, kept: KeptProgress) -> None:
    """Bring in what is new, and go on with that."""
    runtime = entry.runtime_data
    linked = runtime.linked
    await kept.load(
        entry.data[CONF_CONNECTION]
        if linked is None
        else linked.server.data.info.instance_id
    )
    for one in runtime.statistics.values():
        one.connection = None if linked is None else linked.server
        # so that it goes on even if its sensor is disabled
        entry.async_on_unload(one.async_add_listener(lambda: None))
    await asyncio.gather(*(one.async_refresh() for one in runtime.statistics.values()))


def _site_feeds(
    entry: EnergyLoggerConfigEntry, site: SiteCoordinators
) -> list[StatisticsFeed]:
    own = site.statistics
    charges = ChargesFeed(own, charges_of(entry.options, own.site_id))
    linked = entry.runtime_data.linked
    if linked is None:
        return [
            direct_usage(site.usage.source, own),
            direct_prices(site.prices.source, own),
            charges,
        ]
    client = linked.client
    return [
        charges,
        LinkedFeed("usage", client, usage_feed(own.site_id), partial(usage_hours, own)),
        LinkedFeed("price", client, price_feed(own.site_id), partial(price_hours, own)),
    ]


def _area_feeds(
    area: AreaCoordinator, linked: LinkedData | None
) -> list[StatisticsFeed]:
    own = area.area
    if linked is None:
        return [DirectLoadFeed(area.source, own)]
    client = linked.client
    feeds: list[StatisticsFeed] = [
        LinkedFeed("load", client, load_feed(own.id), partial(load_hours, own))
    ]
    if area.with_substations:
        feeds.append(linked_substations(client, own))
    return feeds
