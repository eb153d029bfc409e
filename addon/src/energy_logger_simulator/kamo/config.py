"""What the simulated KAMO is asked to be."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class KamoMode(StrEnum):
    """Where its answers come from."""

    LIVE = "live"  # made up as a pure function of seed and time
    RECORDED = "recorded"  # exactly the packaged recording, whatever the time


@dataclass(frozen=True, slots=True)
class KamoConfig:
    """Choices of one simulated KAMO.

    Attributes:
        seed: Decides all invented figures.
        mode: A `KamoMode`.
        look_back_hours: Hours of measured load in an answer, the running one
            included. KAMO's own are twelve (recorded answers).
        forecast_hours: Hours ahead of the running one; 0 leaves the forecast out.
        forecast_label: Name of the forecast series. KAMO's own name is not known.
        known_load_kw: Load, kW, of an area in an hour that is over (its number, and
            the hour's beginning as epoch seconds), sent instead of an invented one;
            None leaves that hour as it is.
    """

    seed: int = 1
    mode: KamoMode = KamoMode.LIVE
    look_back_hours: int = 12
    forecast_hours: int = 24
    forecast_label: str = "Forecast"
    known_load_kw: Callable[[int, int], float | None] | None = None
