"""How good forecasts were, as the server works it out."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant, callback

from custom_components.energy_logger.api.plan import next_tick
from custom_components.energy_logger.api.server_scores import ForecastScores
from custom_components.energy_logger.const import INTERVAL_MINUTES

from .base import AlignedCoordinator, SharedConnection

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_MINUTES = 60


class ScoresCoordinator(AlignedCoordinator[ForecastScores | None]):
    """Asks the server once an hour, from when somebody wants to know.

    It takes the server seconds, and few people enable what shows it.
    """

    offset_s = 55

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        name: str,
        ask: Callable[[], Awaitable[ForecastScores | None]],
        connection: SharedConnection,
        *,
        has_key: bool,
    ) -> None:
        """Nothing is fetched before ``start``.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            name: Of the site or area, for the log.
            ask: Asks the server; None from one that does not know.
            connection: To the server.
            has_key: Whether it asks with the key.
        """
        super().__init__(hass, entry, f"{name} forecast scores", has_key=has_key)
        self._ask = ask
        self.connection = connection

    @callback
    def start(self) -> None:
        """Ask for the first time, unless that was done."""
        if self.next_at is None:
            self._plan(None)
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), self.name
            )

    @override
    async def fetch(self, now: datetime) -> ForecastScores | None:
        """Return what the server says."""
        return await self._ask()

    @override
    def next_fetch_at(self, now: datetime, data: ForecastScores | None) -> datetime:
        """Return the next hour; soon after a failure."""
        minutes = INTERVAL_MINUTES if data is None else _MINUTES
        return next_tick(now, minutes, self.offset_s)
