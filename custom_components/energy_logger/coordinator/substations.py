"""What the server says of an area's substations, and of what its bill is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.plan import next_tick
from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.api.server_substations import (
    Determinants,
    SubstationFault,
)
from custom_components.energy_logger.sources.names import area_name

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_MINUTES = 30


@dataclass(frozen=True, slots=True)
class AreaReport:
    """What is known of an area beside its load.

    Attributes:
        faults: What is wrong with its substations.
        determinants: What its bill is made of; None from a server that does not know.
    """

    faults: tuple[SubstationFault, ...]
    determinants: Determinants | None


class SubstationCoordinator(AlignedCoordinator[AreaReport]):
    """Asks the server twice in an hour; its events say when there is more to know."""

    offset_s = 50

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        client: ServerClient,
        area: Area,
    ) -> None:
        """Nothing is fetched before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            client: Asks the server.
            area: Whose substations.
        """
        super().__init__(
            hass, entry, f"{area_name(area)} substations' health", has_key=False
        )
        self._client = client
        self.area = area

    @override
    async def fetch(self, now: datetime) -> AreaReport:
        """Return what the server says."""
        return AreaReport(
            await self._client.fetch_faults(self.area.id),
            await self._client.fetch_determinants(self.area.id),
        )

    @override
    def next_fetch_at(self, now: datetime, data: AreaReport | None) -> datetime:
        """Return the next half hour: a bill changes by the hour at the most."""
        return next_tick(now, _MINUTES, self.offset_s)
