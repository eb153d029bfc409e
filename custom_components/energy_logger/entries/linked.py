"""What an entry that asks our own server holds, and what keeps it up to date."""

import asyncio
from collections.abc import Collection, Iterable
from functools import partial

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.amber import AmberClient
from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.kamo import KamoClient
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.server import (
    AMBER_MIRROR,
    KAMO_MIRROR,
    ServerClient,
)
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.coordinator import (
    AnyCoordinator,
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    LinkedData,
    PeakWatchCoordinator,
    PriceCoordinator,
    RuntimeData,
    ServerCoordinator,
    SiteCoordinators,
    SubstationCoordinator,
    UsageCoordinator,
)
from custom_components.energy_logger.coordinator.server import shown_keys
from custom_components.energy_logger.devices import server_device
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.keys import area_key, site_key
from custom_components.energy_logger.sources.known_listings import KnownListings
from custom_components.energy_logger.sources.names import area_name, site_names
from custom_components.energy_logger.sources.protocol import LinkedAmber, LinkedKamo

from .conflicts import claimed_by_others
from .gone_devices import remove_gone_devices
from .live_events import listen
from .moved_site import closed_sites
from .selection import LinkedOptions, choose


def server_client(hass: HomeAssistant, url: str, key: str) -> ServerClient:
    """Return the client of a server."""
    return ServerClient(async_get_clientsession(hass), url=url, key=key, now=utcnow)


def linked_amber(hass: HomeAssistant, url: str, key: str) -> LinkedAmber:
    """Return a server's mirror of Amber."""
    client = AmberClient(
        async_get_clientsession(hass),
        token=key,
        budget=None,
        now=utcnow,
        base_url=f"{url}{AMBER_MIRROR}",
    )
    return LinkedAmber(client, None)


def linked_kamo(hass: HomeAssistant, url: str) -> LinkedKamo:
    """Return a server's mirror of KAMO."""
    session = async_get_clientsession(hass)
    return LinkedKamo(KamoClient(session, now=utcnow, base_url=f"{url}{KAMO_MIRROR}"))


async def linked_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinators of all that the entry shows, which have fetched.

    A site or an area of which the server has no answer now keeps no other away.

    Raises:
        ConfigEntryAuthFailed: If the server refuses the key.
        ConfigEntryNotReady: If it does not answer, or its version does not fit.
    """
    url, key = entry.data[CONF_URL], entry.data[CONF_API_KEY]
    client = server_client(hass, url, key)
    amber, kamo = linked_amber(hass, url, key), linked_kamo(hass, url)
    listings = KnownListings(hass, entry, "server")
    server = ServerCoordinator(hass, entry, client, amber, kamo, listings)
    await server.async_config_entry_first_refresh()
    options = LinkedOptions.of(entry.options)
    choice = choose(
        server.data,
        options,
        claimed=claimed_by_others(hass, entry),
        shown=shown_keys(hass, entry),
    )
    names = site_names(listings.sites.records.values())
    sites = {
        site.id: SiteCoordinators(
            PriceCoordinator(hass, entry, amber, site, names[site.id]),
            UsageCoordinator(hass, entry, amber, site, names[site.id]),
        )
        for site in server.data.sites
        if site_key(site.id) in choice.keys
    }
    areas = {
        area.id: AreaCoordinator(
            hass, entry, kamo, area, with_substations=area.id in options.substations
        )
        for area in server.data.areas
        if area_key(area.id) in choice.keys
    }
    watch = PeakWatchCoordinator(hass, entry, client)
    substations = [
        SubstationCoordinator(hass, entry, client, area.area)
        for area in areas.values()
        if area.with_substations
    ]
    every: list[AnyCoordinator] = [
        *_of_sites(sites.values()),
        *areas.values(),
        watch,
        *substations,
    ]
    for one in every:
        one.connection = server
    await asyncio.gather(*(one.async_refresh() for one in every))
    ready_sites = {
        id_: site
        for id_, site in sites.items()
        if all(one.last_update_success for one in _of_sites([site]))
    }
    ready_areas = {id_: area for id_, area in areas.items() if area.last_update_success}
    return RuntimeData(
        sites=ready_sites,
        areas=ready_areas,
        skipped=choice.skipped,
        linked=LinkedData(
            client=client,
            server=server,
            watch=watch,
            substations=tuple(
                one
                for one in substations
                if one.last_update_success and one.area.id in ready_areas
            ),
            waiting=tuple(one for one in every if not one.last_update_success),
            keys=choice.keys,
            listings=listings,
        ),
    )


@callback
def start_linked(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, linked: LinkedData
) -> None:
    """Follow what the server has and what happens there, until the entry is unloaded.

    Call it when the platforms are set up.
    """
    remove_gone_devices(hass, entry, linked)
    _show_closed(hass, entry, linked)
    show_substations = partial(_show_substations, hass, entry)
    show_substations()
    for area in entry.runtime_data.areas.values():
        entry.async_on_unload(area.async_add_listener(show_substations))
    check = partial(_check, hass, entry, linked)
    entry.async_on_unload(linked.server.async_add_listener(check))
    _follow_watch(hass, entry, linked.watch)
    set_up_again = partial(hass.config_entries.async_schedule_reload, entry.entry_id)
    for one in linked.waiting:
        entry.async_on_unload(
            # it has failed: what it reports next is that it does no longer
            one.async_add_listener(set_up_again)
        )
    entry.async_create_background_task(
        hass, listen(entry, linked), f"{DOMAIN} live events", eager_start=False
    )


@callback
def _follow_watch(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, watch: PeakWatchCoordinator
) -> None:
    """Set the entry up again when another area is watched, or none."""
    shown = watch.area_id

    @callback
    def check() -> None:
        if watch.last_update_success and watch.area_id != shown:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    if watch.last_update_success:
        entry.async_on_unload(watch.async_add_listener(check))


@callback
def _show_substations(hass: HomeAssistant, entry: EnergyLoggerConfigEntry) -> None:
    """Show of which areas substations are wanted that the server does not collect."""
    names = sorted(
        area_name(area.area)
        for area in entry.runtime_data.areas.values()
        if area.lacks_substations
    )
    if names:
        raise_issue(
            hass, Issue.SUBSTATIONS_NOT_COLLECTED, entry, areas=", ".join(names)
        )
    else:
        clear_issue(hass, Issue.SUBSTATIONS_NOT_COLLECTED, entry)


@callback
def _show_closed(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, linked: LinkedData
) -> None:
    """Show which closed sites have a device that a new one can go on with."""
    closed = closed_sites(hass, entry, linked)
    if closed:
        names = site_names(linked.listings.sites.records.values())
        raise_issue(
            hass,
            Issue.LINKED_SITE_CLOSED,
            entry,
            names=", ".join(names[site.id] for site in closed),
        )
    else:
        clear_issue(hass, Issue.LINKED_SITE_CLOSED, entry)


def _of_sites(sites: Iterable[SiteCoordinators]) -> list[AnyCoordinator]:
    return [one for site in sites for one in (site.prices, site.usage)]


@callback
def _check(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, linked: LinkedData
) -> None:
    """Set the entry up again when there is more or less to show than there was."""
    if not linked.server.last_update_success:
        return
    state = linked.server.data
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **server_device(entry, state)
    )
    choice = choose(
        state,
        LinkedOptions.of(entry.options),
        claimed=claimed_by_others(hass, entry),
        shown=shown_keys(hass, entry),
    )
    runtime = entry.runtime_data
    if (
        (choice.keys, choice.skipped) != (linked.keys, runtime.skipped)
        or _are_others(state.sites, (one.prices.site for one in runtime.sites.values()))
        or _are_others(state.areas, (one.area for one in runtime.areas.values()))
    ):
        hass.config_entries.async_schedule_reload(entry.entry_id)
    else:
        # a closed site that is not even listed any more
        remove_gone_devices(hass, entry, linked)
        _show_closed(hass, entry, linked)


def _are_others[Record: Site | Area](
    listed: Collection[Record], shown: Iterable[Record]
) -> bool:
    """Return whether something that is shown has other channels, or another name."""
    return any(one not in listed for one in shown)
