"""What an entry that asks a utility itself holds."""

import asyncio

from homeassistant.const import CONF_API_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.amber import AmberClient
from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.kamo import KamoClient
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.const import (
    CONF_AREA_ID,
    CONF_CONNECTION,
    CONF_SITE_ID,
    CONF_SUBSTATIONS,
    DOMAIN,
    SOURCE_NAMES,
)
from custom_components.energy_logger.coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    PriceCoordinator,
    RuntimeData,
    SiteCoordinators,
    UsageCoordinator,
)
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.keys import area_key, site_key
from custom_components.energy_logger.sources.budgets import call_budget
from custom_components.energy_logger.sources.known_listings import KnownListings
from custom_components.energy_logger.sources.listing import Listing
from custom_components.energy_logger.sources.names import site_names
from custom_components.energy_logger.sources.protocol import DirectAmber, DirectKamo

from .listing_watch import ListingWatch, show_closed


def direct_amber(hass: HomeAssistant, token: str) -> DirectAmber:
    """Return Amber for a token, with the call budget of all its clients."""
    budget = call_budget(hass, token)
    client = AmberClient(
        async_get_clientsession(hass), token=token, budget=budget, now=utcnow
    )
    return DirectAmber(client, budget)


def direct_kamo(hass: HomeAssistant) -> DirectKamo:
    """Return KAMO itself, which needs no key."""
    return DirectKamo(KamoClient(async_get_clientsession(hass), now=utcnow))


async def amber_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinators of an entry's site; nothing is fetched but the sites.

    A list that lacks the site is no reason to lose it.

    Raises:
        SourceError: If Amber does not list the sites.
        ConfigEntryNotReady: If the site has never been listed, or is believed gone.
    """
    source = direct_amber(hass, entry.data[CONF_API_TOKEN])
    site_id: str = entry.data[CONF_SITE_ID]
    key = site_key(site_id)
    listings = KnownListings(hass, entry, "amber")
    listings.know({key})

    async def read() -> bool:
        return listings.record_sites(await source.fetch_sites(), {key})

    was_odd = not listings.is_due(key) or await read()
    site = _known(hass, entry, listings.sites, key)
    # a closed site may have no prices: it must be shown as closed all the same
    show_closed(hass, entry, site)
    watch = ListingWatch(
        hass, entry, read, lambda: listings.sites.present.get(key) != site
    )
    watch.start(was_odd=was_odd)
    name = site_names(listings.sites.records.values())[site_id]
    return RuntimeData(
        sites={
            site_id: SiteCoordinators(
                PriceCoordinator(hass, entry, source, site, name),
                UsageCoordinator(hass, entry, source, site, name),
            )
        },
    )


async def kamo_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinator of an entry's area; nothing is fetched but the areas.

    A list that lacks the area is no reason to lose it.

    Raises:
        SourceError: If KAMO does not list the areas.
        ConfigEntryNotReady: If the area has never been listed, or is believed gone.
    """
    source = direct_kamo(hass)
    area_id: int = entry.data[CONF_AREA_ID]
    key = area_key(area_id)
    listings = KnownListings(hass, entry, "kamo")
    listings.know({key})

    async def read() -> bool:
        return listings.record_areas(await source.fetch_areas(), {key})

    was_odd = not listings.is_due(key) or await read()
    area = _known(hass, entry, listings.areas, key)
    watch = ListingWatch(
        hass, entry, read, lambda: listings.areas.present.get(key) != area
    )
    watch.start(was_odd=was_odd)
    with_substations: bool = entry.options.get(CONF_SUBSTATIONS, False)
    return RuntimeData(
        areas={
            area_id: AreaCoordinator(
                hass, entry, source, area, with_substations=with_substations
            )
        },
    )


def _known[Record: (Site, Area)](
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    listing: Listing[Record],
    key: str,
) -> Record:
    """Return the site or area of an entry.

    Raises:
        ConfigEntryNotReady: If it has never been listed, or is believed gone: it may be
            listed again, and is looked for again and again.
    """
    source = SOURCE_NAMES[entry.data[CONF_CONNECTION]]
    if listing.is_gone(key):
        raise_issue(hass, Issue.GONE, entry, source=source)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="gone",
            translation_placeholders={"source": source},
        )
    clear_issue(hass, Issue.GONE, entry)
    record = listing.present.get(key)
    if record is None:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="not_listed",
            translation_placeholders={"source": source},
        )
    return record


async def first_fetches(runtime: RuntimeData) -> None:
    """Fetch everything once; without usage, which is of yesterday, there is enough.

    Raises:
        ConfigEntryAuthFailed: If the key is refused.
        ConfigEntryNotReady: If prices or load cannot be fetched.
    """
    for site in runtime.sites.values():
        prices, _usage = await asyncio.gather(
            site.prices.async_config_entry_first_refresh(),
            site.usage.async_refresh(),
            # or the usage would still be asked for when the set-up has ended
            return_exceptions=True,
        )
        if prices is not None:
            raise prices
    for area in runtime.areas.values():
        await area.async_config_entry_first_refresh()
