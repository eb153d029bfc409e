"""What ``/sites/{id}/prices`` and ``/prices/current`` answer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from energy_logger_server.api.nem import day_number, nem_day_start
from energy_logger_simulator.keyed_hash import draw

from .config import AmberConfig, ResolutionMode
from .grid import Grid, Slice, fives_rule, grid_at
from .market.forecast import Forecaster
from .market.intervals import IntervalView
from .market.labels import day_at, labels
from .market.spot import SpotMarket
from .market.tariff import TariffSlot
from .records import Seen, price_record
from .sites import SimulatedSite

_REVISION_CENTS = 1.0
_REVISED_AFTER = timedelta(days=4)
"""From the start of the revised date: three days after its end."""
_FLAKY_SHARE = 0.25


class PriceBook:
    """Price records of any time, as they are answered at any instant.

    Args:
        config: How Amber behaves.
        market: Actual spot prices.
    """

    def __init__(self, config: AmberConfig, market: SpotMarket) -> None:
        self._config = config
        self._market = market
        self._forecaster = Forecaster(config.seed, market)
        self._flaky = draw(config.seed, "previous")

    def of_days(
        self,
        site: SimulatedSite,
        days: tuple[date, date],
        resolution: int | None,
        now: datetime,
    ) -> list[dict[str, Any]]:
        """Return the records of NEM dates, first and last included, by channel."""
        grid = self._grid(site, resolution, now)
        return self._records(site, grid.between(*days), now)

    def around_now(
        self,
        site: SimulatedSite,
        counts: tuple[int, int],
        resolution: int | None,
        now: datetime,
    ) -> list[dict[str, Any]]:
        """Return the present record with so many before and after, by channel."""
        grid = self._grid(site, resolution, now)
        past, coming = grid.around(*counts)
        if self._config.previous_flaky and self._flaky(2 * grid.here) < _FLAKY_SHARE:
            past = past[int(self._flaky(2 * grid.here + 1) * (len(past) + 1)) :]
        return self._records(site, past + coming, now)

    def _grid(self, site: SimulatedSite, resolution: int | None, now: datetime) -> Grid:
        if self._config.resolution_mode is ResolutionMode.IGNORE:
            resolution = None
        return grid_at(self._config, fives_rule(site, resolution), now)

    def _records(
        self, site: SimulatedSite, slices: list[Slice], now: datetime
    ) -> list[dict[str, Any]]:
        view = IntervalView(self._market, self._forecaster, self._config.seed, now)
        tariff_at = tariffs(self._config, site, now)
        seen = [
            Seen(view.at(position, fives), labels(position, fives), tariff_at(position))
            for position, fives in slices
        ]
        return [
            price_record(interval, channel)
            for channel in dict.fromkeys(site.channel_types)
            for interval in seen
        ]


def tariffs(
    config: AmberConfig, site: SimulatedSite, now: datetime
) -> Callable[[int], TariffSlot]:
    """Return how to find the tariff at a position, late revision included."""
    revised = config.late_price_revision
    if revised is None or now < nem_day_start(revised) + _REVISED_AFTER:
        return site.tariff_at
    revised_day = day_number(revised)

    def tariff_at(position: int) -> TariffSlot:
        slot = site.tariff_at(position)
        return slot.raised(_REVISION_CENTS) if day_at(position) == revised_day else slot

    return tariff_at
