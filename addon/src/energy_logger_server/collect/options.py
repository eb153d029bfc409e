"""What the settings say about collecting."""

from dataclasses import dataclass
from datetime import date

from energy_logger_server.domain.area_choice import ALL_AREAS, AreaChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class AmberOptions:
    """Collecting from Amber.

    Attributes:
        interval_minutes: Minutes between runs: 5, 10, 15 or 30.
        collect_forecasts: Whether to ask for the prices to come as well.
        forecast_hours_ahead: How far; Amber may know less.
        historical_start_on: First NEM date of backfill; None: only gaps behind the
            first day that was ever read.
        reread_mark: Has every day read once more when it, or the start, has changed;
            None: none is.
    """

    interval_minutes: int = 5
    collect_forecasts: bool = True
    forecast_hours_ahead: float = 36
    historical_start_on: date | None = None
    reread_mark: str | None = None

    def asks_same_history(self, other: "AmberOptions") -> bool:
        """Return whether backfill has the same to read by both."""
        return (self.historical_start_on, self.reread_mark) == (
            other.historical_start_on,
            other.reread_mark,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KamoOptions:
    """Collecting from KAMO.

    Attributes:
        interval_minutes: Minutes between runs: 5, 10, 15 or 30.
        substation_areas: Cooperatives whose substations are read.
            Load is read of every area.
    """

    interval_minutes: int = 5
    substation_areas: AreaChoice = ALL_AREAS
