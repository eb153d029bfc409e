"""The attributes of entities of the peak watch; pure."""

from datetime import datetime
from typing import Any

from custom_components.energy_logger.api.server_peaks import PeakWatch


def announced_attributes(watch: PeakWatch, now: datetime) -> dict[str, Any]:
    """Return the announced hours that are not over, and what is left.

    Args:
        watch: What the server announces.
        now: Present instant.
    """
    ahead = [one for one in watch.standing if one.ends_at > now]
    likely = [
        one.probability_percent for one in ahead if one.probability_percent is not None
    ]
    return {
        "next_hour": ahead[0].starts_at.isoformat() if ahead else None,
        "hours": [one.starts_at.isoformat() for one in ahead],
        "probability": max(likely, default=None),
        "hours_left": watch.hours_left,
    }
