"""Prices of a site's last days: read from its source once, then kept up."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import callback
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.amber_models import Life, Price
from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.api.price_source import (
    PriceSource,
    PriceStep,
    price_step,
)

if TYPE_CHECKING:
    from .prices import PriceCoordinator

KEPT = timedelta(days=30)


class PriceHistory:
    """What a site's prices were, for entities that someone has enabled.

    Nothing is read before the first of them asks. What was missed while the source was
    away is read once it is back.
    """

    def __init__(self, coordinator: "PriceCoordinator") -> None:
        """Begin without any price.

        Args:
            coordinator: Knows the present prices, and whom to ask for older ones.
        """
        self._coordinator = coordinator
        self._steps: dict[str, dict[datetime, PriceStep]] = {}
        self._known_until: datetime | None = None
        self._is_wanted = False
        self._is_reading = False

    def steps(self, channel: str) -> Sequence[PriceStep]:
        """Return the known prices of a channel in no certain order."""
        return [*self._steps.get(channel, {}).values()]

    @callback
    def want(self) -> None:
        """Keep the history from now on."""
        if not self._is_wanted:
            self._is_wanted = True
            prices = self._coordinator
            prices.config_entry.async_on_unload(prices.async_add_listener(self._follow))
            self._follow()

    @callback
    def _follow(self) -> None:
        """Take in the present prices; read what lies between them and those before."""
        prices = self._coordinator
        present = [one.current for one in prices.data.channels.values() if one.current]
        self._take(present)
        if not present or self._is_reading:
            return
        begins = min(one.starts_at for one in present)
        if self._known_until is not None and self._known_until >= begins:
            self._known_until = max(one.ends_at for one in present)
            return
        self._is_reading = True
        prices.config_entry.async_create_background_task(
            prices.hass, self._read_missing(begins), f"{prices.name} history"
        )

    async def _read_missing(self, until: datetime) -> None:
        """Read what is not known yet, at most of the days that are kept.

        Args:
            until: Begin of the present interval.
        """
        now = utcnow()
        begin = max(self._known_until or now - KEPT, now - KEPT)
        try:
            records = await self._coordinator.fetch_between(begin, now)
        except SourceError as err:
            # tried again with the next price
            self._coordinator.logger.debug(
                "older %s cannot be read: %s", self._coordinator.name, err.reason
            )
            return
        finally:
            self._is_reading = False
        self._take(one for one in records if one.life is not Life.FORECAST)
        self._known_until = until
        self._coordinator.async_update_listeners()

    def _take(self, prices: Iterable[Price]) -> None:
        oldest = utcnow() - KEPT
        for price in prices:
            step = price_step(price, PriceSource.AEMO)
            self._steps.setdefault(price.channel_type, {})[step.starts_at] = step
        self._steps = {
            channel: {at: one for at, one in steps.items() if one.ends_at > oldest}
            for channel, steps in self._steps.items()
        }
