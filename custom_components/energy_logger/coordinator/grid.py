"""Load of one KAMO area, and what its substations show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.errors import SourceError, SourceMissing
from custom_components.energy_logger.api.kamo_models import (
    Area,
    AreaGrid,
    LoadPoint,
    SubstationReading,
    SubstationTable,
)
from custom_components.energy_logger.sources.names import area_name
from custom_components.energy_logger.sources.protocol import KamoSource

from .base import AlignedCoordinator
from .peak_today import DayHours, hours_of_today

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry


@dataclass(frozen=True, slots=True)
class AreaState:
    """What is known of an area.

    Attributes:
        newest: The newest measured hour, a running one included; None without any, and
            where it is of the past.
        today: The hours of the running Central day that were seen.
        forecast_peak: The highest forecast hour to come; None without a forecast.
        substations: By name, in KAMO's order; empty when they are not wanted, or when
            KAMO does not publish them.
        lists_all_substations: Whether one that is not among them is missing at KAMO.
        fetched_at: Instant (UTC) at which the load left KAMO.
    """

    newest: LoadPoint | None
    today: DayHours
    forecast_peak: LoadPoint | None
    substations: Mapping[str, SubstationReading]
    lists_all_substations: bool
    fetched_at: datetime


class AreaCoordinator(AlignedCoordinator[AreaState]):
    """Asks for an area's load and, if wanted, its substations every five minutes.

    Attributes:
        lacks_substations: Whether who is asked says that it has none of the area.
    """

    offset_s = 5

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        source: KamoSource,
        area: Area,
        *,
        with_substations: bool,
    ) -> None:
        """Nothing is fetched before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            source: Who is asked.
            area: Which area.
            with_substations: Whether its substations are wanted.
        """
        super().__init__(hass, entry, f"{area_name(area)} load", has_key=source.has_key)
        self._is_behind = False
        self.area = area
        self.with_substations = with_substations and not area.is_aggregate
        self.source = source
        self._are_substations_lost = False
        self.lacks_substations = False

    @property
    def is_behind(self) -> bool:
        """Whether the newest hour that KAMO has measured is of the past."""
        return self._is_behind

    def remember(self, hours: DayHours) -> None:
        """Take in the hours that were known before a restart.

        Hours that were fetched since win over them.
        """
        state = self.data
        if hours.day != state.today.day:
            return
        today = DayHours(hours.day, {**hours.loads_kw, **state.today.loads_kw})
        self.async_set_known(replace(state, today=today))

    def async_set_known(self, state: AreaState) -> None:
        """Publish a state that no fetch brought; the next one stays due."""
        self.data = state
        self.async_update_listeners()

    @override
    async def fetch(self, now: datetime) -> AreaState:
        """Return the area's state."""
        grid = await self.source.fetch_area_grid(self.area.id)
        table = await self._fetch_substations() if self.with_substations else None
        readings = () if table is None else table.readings
        known: AreaState | None = self.data
        self._record_behind(grid, now)
        return AreaState(
            newest=None if self._is_behind else grid.newest,
            today=hours_of_today(
                None if known is None else known.today, grid.actual, now
            ),
            forecast_peak=_forecast_peak(grid, now),
            substations={reading.name: reading for reading in readings},
            lists_all_substations=bool(readings) and not (table and table.rejected),
            fetched_at=grid.last_modified or grid.fetched_at,
        )

    def _record_behind(self, grid: AreaGrid, now: datetime) -> None:
        """Log once that KAMO sends only the past, and once that it is over.

        A clock that is ahead does not make the past of an answer that states its time.
        """
        moment = now if grid.server_time is None else min(now, grid.server_time)
        is_behind = grid.is_behind(moment)
        name = area_name(self.area)
        if is_behind and not self._is_behind and grid.newest is not None:
            self.logger.warning(
                "KAMO's newest load of %s is that of %s; its present load is unknown",
                name,
                grid.newest.hour_at.isoformat(),
            )
        elif self._is_behind and not is_behind:
            self.logger.info("KAMO gives the present load of %s again", name)
        self._is_behind = is_behind

    async def _fetch_substations(self) -> SubstationTable | None:
        """Return the table; None without one, which leaves the area's load be."""
        name = area_name(self.area)
        try:
            table = await self.source.fetch_substations(self.area.id)
        except SourceError as err:
            self.lacks_substations = isinstance(err, SourceMissing)
            if not self._are_substations_lost:
                self.logger.warning(
                    "Error fetching %s substations: %s", name, err.reason
                )
            self._are_substations_lost = True
            return None
        if self._are_substations_lost:
            self.logger.info("Fetching %s substations recovered", name)
        self._are_substations_lost = False
        self.lacks_substations = False
        return table


def _forecast_peak(grid: AreaGrid, now: datetime) -> LoadPoint | None:
    """Return the highest hour to come of the first forecast, the first of equals."""
    if not grid.forecasts:
        return None
    to_come = [point for point in grid.forecasts[0].points if point.hour_at > now]
    return min(to_come, key=lambda point: (-point.load_kw, point.hour_at), default=None)
