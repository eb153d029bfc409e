"""What is known of the server's peak watch."""

from datetime import datetime
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.api.server_peaks import PeakWatch

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry


class PeakWatchCoordinator(AlignedCoordinator[PeakWatch | None]):
    """Asks the server for its peak watch; None where it watches no area."""

    offset_s = 40

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        client: ServerClient,
    ) -> None:
        """Nothing is fetched before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            client: Asks the server.
        """
        super().__init__(hass, entry, "peak watch", has_key=True)
        self._client = client

    @property
    def area_id(self) -> int | None:
        """KAMO's number of the area that is watched; None without any."""
        watch: PeakWatch | None = self.data
        return None if watch is None else watch.area_id

    @override
    async def fetch(self, now: datetime) -> PeakWatch | None:
        """Return the watch."""
        return await self._client.fetch_peak_watch()
