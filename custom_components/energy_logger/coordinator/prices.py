"""Prices of one Amber site: now, and to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.amber_words import SPIKE_STATUSES
from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.api.models import Life, Price, Site
from custom_components.energy_logger.api.plan import forecast_count, next_tick
from custom_components.energy_logger.const import INTERVAL_MINUTES
from custom_components.energy_logger.source import AmberSource

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_FORECAST_HOURS = 36
_FINEST_MINUTES = 5
_TICK = timedelta(minutes=INTERVAL_MINUTES)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelPrices:
    """Prices of one channel.

    Attributes:
        current: Of the interval that covers the moment of the fetch; None when the
            answer held none.
        forecasts: Of the intervals behind it, ascending.
    """

    current: Price | None
    forecasts: tuple[Price, ...] = ()

    @property
    def lowest_to_come(self) -> Price | None:
        """The lowest price of the next 24 hours, the first of equals."""
        if not self.forecasts:
            return None
        until = self.forecasts[0].starts_at + _DAY
        near = [one for one in self.forecasts if one.starts_at < until]
        return min(near, key=lambda one: (one.price_aud_per_kwh, one.starts_at))


@dataclass(frozen=True, slots=True)
class SitePrices:
    """Prices of one site.

    Attributes:
        channels: By channel type.
        fetched_at: Instant (UTC) at which the prices left Amber.
    """

    channels: Mapping[str, ChannelPrices]
    fetched_at: datetime

    @property
    def is_spike(self) -> bool | None:
        """Whether Amber tells of a price spike now; None when it tells nothing."""
        told = {one.spike_status for one in self._currents}
        known = told & SPIKE_STATUSES.keys()
        return "spike" in known if known else None

    @property
    def is_confirmed(self) -> bool:
        """Whether no current price may still change."""
        return bool(self.channels) and all(
            one.current is not None and one.current.is_settled
            for one in self.channels.values()
        )

    @property
    def interval_minutes(self) -> int:
        """Length of the current interval; that of the market when there is none."""
        lengths = [one.duration_minutes for one in self._currents]
        return max(lengths, default=_FINEST_MINUTES)

    def are_of(self, instant: datetime) -> bool:
        """Whether the current prices are those of an instant, not of earlier."""
        return all(one.ends_at > instant for one in self._currents)

    @property
    def _currents(self) -> Sequence[Price]:
        return [one.current for one in self.channels.values() if one.current]


class PriceCoordinator(AlignedCoordinator[SitePrices]):
    """Asks after each five-minute boundary, and again until prices are confirmed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        source: AmberSource,
        site: Site,
        site_name: str,
    ) -> None:
        """Fetch nothing yet.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            source: Who is asked.
            site: Which site.
            site_name: What it is called, see ``names``.
        """
        super().__init__(hass, entry, f"{site_name} prices", has_key=True)
        self.site = site
        self.site_name = site_name
        self.source = source
        self._forecast_at: datetime | None = None
        self._is_follow_up = False

    @override
    async def fetch(self, now: datetime) -> SitePrices:
        """Return the prices; forecasts are asked for once after each boundary."""
        known: SitePrices | None = self.data
        self._is_follow_up = (
            self.last_update_success
            and self._forecast_at is not None
            and _boundary_before(now) <= self._forecast_at <= now
        )
        if known is None or not self._is_follow_up:
            # what the site is billed by may have changed since its record was read
            length = self.site.interval_length_minutes or _FINEST_MINUTES
            if known is not None:
                length = known.interval_minutes
            prices = await self._ask(now, forecast_count(length, _FORECAST_HOURS))
            self._forecast_at = now
            return prices
        fresh = await self._ask(now, 0)
        return replace(
            fresh,
            channels={
                channel: _followed_up(prices, known.channels.get(channel), now)
                for channel, prices in fresh.channels.items()
            },
        )

    @override
    def can_do_without(self, err: SourceError) -> bool:
        """Whether the prices of this interval are known already, if not confirmed."""
        return self._is_follow_up

    @override
    def next_fetch_at(self, now: datetime, data: SitePrices | None) -> datetime:
        """Return the next poll of the plan that may learn something.

        What is not of this interval, because asking failed or because this machine's
        clock is ahead of Amber's, is asked for again as five-minute prices are.
        """
        boundary = _boundary_before(now)
        is_of_now = data is not None and data.are_of(boundary)
        length = data.interval_minutes if data and is_of_now else _FINEST_MINUTES
        is_done = data is not None and is_of_now and data.is_confirmed
        first, *follow_ups = self.source.price_polls(boundary, length)
        if first.at > now:
            return first.at
        left = [] if is_done else [poll for poll in follow_ups if poll.at > now]
        following = left or self.source.price_polls(boundary + _TICK, length)
        return following[0].at

    async def _ask(self, now: datetime, next_count: int) -> SitePrices:
        answer = await self.source.fetch_current_prices(
            self.site.id, next_count=next_count
        )
        found: dict[str, list[Price]] = {}
        for price in answer.records:
            found.setdefault(price.channel_type, []).append(price)
        return SitePrices(
            {
                channel: _channel_prices(prices, now)
                for channel, prices in found.items()
            },
            fetched_at=answer.last_modified or answer.fetched_at,
        )


def _boundary_before(now: datetime) -> datetime:
    return next_tick(now, INTERVAL_MINUTES) - _TICK


def _channel_prices(prices: Sequence[Price], now: datetime) -> ChannelPrices:
    """Sort the prices of a channel; Amber's clock says which one is current."""
    ordered = sorted(prices, key=lambda price: price.ends_at)
    # the clock of this machine may lag behind the boundary that Amber has passed
    current = next((one for one in ordered if one.life is Life.CURRENT), None)
    if current is None:
        current = next(
            (one for one in ordered if one.starts_at <= now < one.ends_at), None
        )
    return ChannelPrices(current, _after(current, ordered, now))


def _followed_up(
    fresh: ChannelPrices, known: ChannelPrices | None, now: datetime
) -> ChannelPrices:
    forecasts = () if known is None else known.forecasts
    return replace(fresh, forecasts=_after(fresh.current, forecasts, now))


def _after(
    current: Price | None, prices: Sequence[Price], now: datetime
) -> tuple[Price, ...]:
    """Return the prices of what is still to come."""
    start = now if current is None else current.ends_at
    return tuple(one for one in prices if one.starts_at >= start)
