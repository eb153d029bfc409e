"""What is known of our server: what it is, how it does, what it has."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import UpdateFailed

from custom_components.energy_logger.api.errors import SourceUnreachable
from custom_components.energy_logger.api.models import Answer, Area, Site
from custom_components.energy_logger.api.server import (
    ServerClient,
    ServerInfo,
    ServerStatus,
)
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.server_issues import (
    show_app_issue,
    show_version_issue,
)
from custom_components.energy_logger.server_version import Misfit, misfit_of

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from custom_components.energy_logger.source import AmberSource, KamoSource

    from . import EnergyLoggerConfigEntry


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is known of the server.

    Attributes:
        info: What it is.
        status: How it does.
        sites: Amber's sites; None when it has never read them.
        areas: KAMO's areas; None when it has never read them.
    """

    info: ServerInfo
    status: ServerStatus
    sites: tuple[Site, ...] | None
    areas: tuple[Area, ...] | None


class ServerCoordinator(AlignedCoordinator[ServerState]):
    """Asks the server for itself every five minutes, after its own runs.

    It is also the one that tells the log when the server is down.
    """

    offset_s = 40

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        client: ServerClient,
        amber: "AmberSource",
        kamo: "KamoSource",
    ) -> None:
        """Fetch nothing yet.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            client: Asks the server for itself.
            amber: Its mirror of Amber.
            kamo: Its mirror of KAMO.
        """
        super().__init__(hass, entry, "Energy Logger server", has_key=True)
        self._client = client
        self._amber = amber
        self._kamo = kamo
        self._look = asyncio.Lock()

    async def is_down(self) -> bool:
        """Return whether the server does not answer us, after another try."""
        async with self._look:
            if self.last_update_success:
                await self.async_refresh()
            return not self.last_update_success

    @override
    async def fetch(self, now: datetime) -> ServerState:
        """Return what the server says of itself."""
        try:
            info = await self._client.fetch_info()
            self._check_version(info.version)
            state = ServerState(
                info,
                await self._client.fetch_status(),
                await listed(self._amber.fetch_sites()),
                await listed(self._kamo.fetch_areas()),
            )
        except SourceUnreachable:
            await show_app_issue(self.hass, self.config_entry, is_down=True)
            raise
        await show_app_issue(self.hass, self.config_entry, is_down=False)
        return state

    def _check_version(self, version: str) -> None:
        misfit = misfit_of(version)
        show_version_issue(self.hass, self.config_entry, misfit, version)
        if misfit is not Misfit.NONE:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=misfit,
                translation_placeholders={"version": version},
            )


async def listed[Record](
    answer: "Awaitable[Answer[Record]]",
) -> tuple[Record, ...] | None:
    """Return a list of the mirror; None when the server has never read it."""
    try:
        return (await answer).records
    except SourceUnreachable as err:
        if err.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return None
