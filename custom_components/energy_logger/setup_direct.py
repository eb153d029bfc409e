"""What an entry that asks a utility itself holds."""

import asyncio

from homeassistant.const import CONF_API_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.dt import utcnow

from .api.amber import AmberClient
from .api.kamo import KamoClient
from .budgets import call_budget
from .const import CONF_AREA_ID, CONF_SITE_ID, CONF_SUBSTATIONS, DOMAIN
from .coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    PriceCoordinator,
    RuntimeData,
    SiteCoordinators,
    UsageCoordinator,
)
from .names import site_names
from .source import DirectAmber, DirectKamo


def direct_amber(hass: HomeAssistant, token: str) -> DirectAmber:
    """Return Amber for a token, with the call budget of all its clients."""
    budget = call_budget(hass, token)
    client = AmberClient(
        async_get_clientsession(hass), token=token, budget=budget, now=utcnow
    )
    return DirectAmber(client, budget)


def direct_kamo(hass: HomeAssistant) -> DirectKamo:
    """Return KAMO."""
    return DirectKamo(KamoClient(async_get_clientsession(hass), now=utcnow))


async def amber_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinators of an entry's site; nothing is fetched but the sites.

    Raises:
        SourceError: If Amber does not tell the sites.
        ConfigEntryError: If the account no longer has the site.
    """
    source = direct_amber(hass, entry.data[CONF_API_TOKEN])
    site_id: str = entry.data[CONF_SITE_ID]
    answer = await source.fetch_sites()
    site = next((one for one in answer.records if one.id == site_id), None)
    if site is None:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key="site_gone")
    name = site_names(answer.records)[site_id]
    return RuntimeData(
        sites={
            site_id: SiteCoordinators(
                PriceCoordinator(hass, entry, source, site, name),
                UsageCoordinator(hass, entry, source, site, name),
            )
        }
    )


async def kamo_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinator of an entry's area; nothing is fetched but the areas.

    Raises:
        SourceError: If KAMO does not tell the areas.
        ConfigEntryError: If KAMO no longer has the area.
    """
    source = direct_kamo(hass)
    area_id: int = entry.data[CONF_AREA_ID]
    answer = await source.fetch_areas()
    area = next((one for one in answer.records if one.id == area_id), None)
    if area is None:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key="area_gone")
    with_substations: bool = entry.options.get(CONF_SUBSTATIONS, False)
    return RuntimeData(
        areas={
            area_id: AreaCoordinator(
                hass, entry, source, area, with_substations=with_substations
            )
        }
    )


async def first_fetches(runtime: RuntimeData) -> None:
    """Fetch everything once; without usage, which is of yesterday, there is enough.

    Raises:
        ConfigEntryAuthFailed: If the key is refused.
        ConfigEntryNotReady: If prices or load cannot be told.
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
