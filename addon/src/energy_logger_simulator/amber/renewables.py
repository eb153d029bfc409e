"""What ``/state/{state}/renewables/current`` answers."""

from datetime import datetime
from typing import Any

from .config import AmberConfig
from .grid import grid_at, same_length
from .market.forecast import Forecaster
from .market.intervals import IntervalView, PriceInterval
from .market.labels import labels
from .market.spot import SpotMarket
from .records import plain

RENEWABLE_STATES = {"nsw": 0.9, "qld": 0.8, "sa": 1.3, "vic": 1.0}
"""The states that the API knows (Amber OpenAPI 2.0.0), and how green each is."""

_DESCRIPTORS = ((80.0, "best"), (60.0, "great"), (40.0, "ok"), (25.0, "notGreat"))
_WORST = "worst"


class RenewablesBook:
    """Renewable records about now, as they are answered at any instant.

    Args:
        config: How Amber behaves.
        market: Actual renewables.
    """

    def __init__(self, config: AmberConfig, market: SpotMarket) -> None:
        self._config = config
        self._market = market
        self._forecaster = Forecaster(config.seed, market)

    def around_now(
        self, state: str, counts: tuple[int, int], resolution: int, now: datetime
    ) -> list[dict[str, Any]]:
        """Return the present record of a state with so many before and after."""
        grid = grid_at(self._config, same_length(resolution), now)
        view = IntervalView(self._market, self._forecaster, self._config.seed, now)
        past, coming = grid.around(*counts)
        return [
            _renewable_record(view.at(*slice_), RENEWABLE_STATES[state])
            for slice_ in past + coming
        ]


def _renewable_record(interval: PriceInterval, greenness: float) -> dict[str, Any]:
    times = labels(interval.position, interval.fives)
    share = interval.renewables * greenness
    return {
        "type": interval.type.replace("Interval", "Renewable"),
        "duration": 5 * interval.fives,
        "date": times.date,
        "nemTime": times.nem_time,
        "startTime": times.start_time,
        "endTime": times.end_time,
        "renewables": plain(round(share, 3)),
        "descriptor": _descriptor_of(share),
    }


def _descriptor_of(share: float) -> str:
    for bound, word in _DESCRIPTORS:
        if share >= bound:
            return word
    return _WORST
