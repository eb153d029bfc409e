"""What is known of our server: what it is, how it does, what it has."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import UpdateFailed

from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.errors import SourceError, SourceUnreachable
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.server import (
    ServerClient,
    ServerInfo,
    ServerStatus,
)
from custom_components.energy_logger.const import CONF_APP_SLUG, DOMAIN
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.keys import KeyKind, keys_in
from custom_components.energy_logger.sources.server_version import (
    VersionMismatch,
    mismatch_of,
)
from custom_components.energy_logger.sources.supervisor import is_uninstalled

from .base import AlignedCoordinator
from .server_alerts import show_alerts

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from custom_components.energy_logger.api.models import Answer
    from custom_components.energy_logger.sources.known_listings import KnownListings
    from custom_components.energy_logger.sources.protocol import AmberSource, KamoSource

    from . import EnergyLoggerConfigEntry

_VERSION_ISSUES = {
    VersionMismatch.TOO_OLD: Issue.SERVER_TOO_OLD,
    VersionMismatch.TOO_NEW: Issue.SERVER_TOO_NEW,
}


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is known of the server.

    Attributes:
        info: What it is.
        status: How it does.
        sites: Amber's sites, those included that only the last list lacks; empty when
            it has never read them.
        areas: KAMO's areas, likewise.
    """

    info: ServerInfo
    status: ServerStatus
    sites: tuple[Site, ...]
    areas: tuple[Area, ...]


class ServerCoordinator(AlignedCoordinator[ServerState]):
    """Asks the server for itself every five minutes, after its own runs.

    It is also the one that logs when the server is down.
    """

    offset_s = 40

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        client: ServerClient,
        amber: "AmberSource",
        kamo: "KamoSource",
        listings: "KnownListings",
    ) -> None:
        """Nothing is fetched before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            client: Asks the server for itself.
            amber: Its mirror of Amber.
            kamo: Its mirror of KAMO.
            listings: What the lists of both hold.
        """
        super().__init__(hass, entry, "Energy Logger server", has_key=True)
        self._client = client
        self._amber = amber
        self._kamo = kamo
        self._listings = listings
        self._check_lock = asyncio.Lock()

    async def is_down(self) -> bool:
        """Return whether the server does not answer us, after another try."""
        async with self._check_lock:
            if self.last_update_success:
                await self.async_refresh()
            return not self.last_update_success

    @override
    async def fetch(self, now: datetime) -> ServerState:
        """Return what the server says of itself."""
        try:
            info = await self._client.fetch_info()
            self._check_version(info.version)
            status = await self._client.fetch_status()
            await self._read_listings()
        except SourceUnreachable as err:
            await self._show_app(is_down=True)
            if err.status == HTTPStatus.SERVICE_UNAVAILABLE:
                await self._show_alerts_of_closed_store()
            raise
        await self._show_app(is_down=False)
        show_alerts(self.hass, self.config_entry, status.alerts)
        return ServerState(
            info,
            status,
            tuple(self._listings.sites.present.values()),
            tuple(self._listings.areas.present.values()),
        )

    async def _show_alerts_of_closed_store(self) -> None:
        """Show why a server that is there cannot answer, if it says so."""
        try:
            alerts = await self._client.fetch_alerts()
        except SourceError:
            # it has failed already, and that is reported
            return
        show_alerts(self.hass, self.config_entry, alerts)

    async def _read_listings(self) -> None:
        """Read the lists of sites and areas; what has never been read stays unknown."""
        own = shown_keys(self.hass, self.config_entry)
        self._listings.know(own)
        sites = await fetch_or_none(self._amber.fetch_sites())
        if sites is not None:
            self._listings.record_sites(sites, own)
        areas = await fetch_or_none(self._kamo.fetch_areas())
        if areas is not None:
            self._listings.record_areas(areas, own)

    def _check_version(self, version: str) -> None:
        mismatch = mismatch_of(version)
        for kind, issue in _VERSION_ISSUES.items():
            if kind is mismatch:
                raise_issue(self.hass, issue, self.config_entry, version=version)
            else:
                clear_issue(self.hass, issue, self.config_entry)
        if mismatch is not VersionMismatch.NONE:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=mismatch,
                translation_placeholders={"version": version},
            )

    async def _show_app(self, *, is_down: bool) -> None:
        """Show whether the app that the entry came from is no longer installed."""
        slug: str | None = self.config_entry.data.get(CONF_APP_SLUG)
        if slug is None:
            return
        if is_down and await is_uninstalled(self.hass, slug):
            raise_issue(self.hass, Issue.APP_UNINSTALLED, self.config_entry)
        else:
            clear_issue(self.hass, Issue.APP_UNINSTALLED, self.config_entry)


def shown_keys(hass: HomeAssistant, entry: "EnergyLoggerConfigEntry") -> set[str]:
    """Return the keys of the sites and areas that an entry has devices of."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {
        key
        for device in devices
        for key in keys_in(device.identifiers)
        if KeyKind.SITE.includes(key) or KeyKind.AREA.includes(key)
    }


async def fetch_or_none[Record](
    answer: "Awaitable[Answer[Record]]",
) -> "Answer[Record] | None":
    """Return a list of the mirror; None when the server has never read it."""
    try:
        return await answer
    except SourceUnreachable as err:
        if err.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None
