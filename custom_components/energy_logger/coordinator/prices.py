"""Prices of one Amber site: now, and to come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.amber_models import Life, Price, Site
from custom_components.energy_logger.api.current import current_price
from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.api.plan import forecast_count, next_tick
from custom_components.energy_logger.const import INTERVAL_MINUTES
from custom_components.energy_logger.sources.nem_weeks import nem_weeks
from custom_components.energy_logger.sources.protocol import AmberSource

from .base import AlignedCoordinator
from .price_history import PriceHistory
from .shapes import SPIKE_STATUSES

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_FORECAST_HOURS = 36
_FINEST_MINUTES = 5
_TICK = timedelta(minutes=INTERVAL_MINUTES)
# whoever dates the answer may be behind whoever makes the prices
_BEHIND = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelPrices:
    """Prices of one channel.

    Attributes:
        current: Of the interval that covers the moment of the fetch, by its times and
            not by what Amber calls it; a forecast where nothing better is known, None
            where nothing is.
        forecasts: Of the intervals behind it, ascending.
    """

    current: Price | None
    forecasts: tuple[Price, ...] = ()

    @property
    def known(self) -> tuple[Price, ...]:
        """The present price and those to come."""
        return (*(() if self.current is None else (self.current,)), *self.forecasts)

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
        lacks_forecasts: Whether Amber failed to send any although it was asked.
    """

    channels: Mapping[str, ChannelPrices]
    fetched_at: datetime
    lacks_forecasts: bool = False

    @property
    def is_spike(self) -> bool | None:
        """Whether Amber reports a price spike now; None when it says nothing."""
        statuses = {one.spike_status for one in self._currents}
        known = statuses & SPIKE_STATUSES.keys()
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
        """Whether the prices are of an instant, neither older nor forecasts."""
        return all(
            one.ends_at > instant and one.life is not Life.FORECAST
            for one in self._currents
        )

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
        """Nothing is fetched before the first refresh.

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
        self.history = PriceHistory(self)
        self._forecast_at: datetime | None = None
        self._is_follow_up = False
        self._is_behind = False

    @property
    def is_behind(self) -> bool:
        """Whether Amber calls an interval that is long over the current one."""
        return self._is_behind

    @override
    async def fetch(self, now: datetime) -> SitePrices:
        """Return the prices; forecasts are asked for once after each boundary."""
        known: SitePrices | None = self.data
        self._is_follow_up = (
            self.last_update_success
            and self._forecast_at is not None
            and _boundary_before(now) <= self._forecast_at <= now
        )
        if known is None:
            known = SitePrices({}, now)
        if self._is_follow_up:
            answer = await self._ask(0)
            lacks_forecasts = known.lacks_forecasts
        else:
            answer = await self._ask(self._forecast_count())
            self._forecast_at = now
            lacks_forecasts = answer.forecast_error is not None
            self._record_forecasts(answer.forecast_error)
        moment = self._moment_of(answer, now)
        self._record_behind(answer.records, moment)
        by_channel: dict[str, list[Price]] = {}
        for price in answer.records:
            by_channel.setdefault(price.channel_type, []).append(price)
        return SitePrices(
            {
                channel: _channel_prices(
                    prices,
                    known.channels.get(channel, ChannelPrices(None)),
                    moment,
                    with_forecasts=not self._is_follow_up,
                )
                for channel, prices in by_channel.items()
            },
            fetched_at=answer.last_modified or answer.fetched_at,
            lacks_forecasts=lacks_forecasts,
        )

    @override
    def keep_data_on(self, err: SourceError) -> bool:
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

    async def fetch_between(self, start: datetime, end: datetime) -> list[Price]:
        """Return the prices of the NEM days that a span touches.

        Args:
            start: First instant, aware.
            end: The one past the last.

        Raises:
            SourceError: If the source does not send them.
        """
        records: list[Price] = []
        for first, last in nem_weeks(start, end):
            answer = await self.source.fetch_prices(self.site.id, first, last)
            records += answer.records
        return records

    async def _ask(self, next_count: int) -> Answer[Price]:
        return await self.source.fetch_current_prices(
            self.site.id, next_count=next_count
        )

    def _moment_of(self, answer: Answer[Price], now: datetime) -> datetime:
        """Return the instant by which an answer's prices are past, current or to come.

        A machine without a battery starts with a clock that is behind Amber's. What a
        cache gives out is dated by when it was made, so the later one is right. Our own
        server, often on the same machine, has looked after that itself.
        """
        if self._is_linked or answer.server_time is None:
            return now
        return max(now, answer.server_time)

    def _forecast_count(self) -> int:
        known: SitePrices | None = self.data
        # what the site is billed by may have changed since its record was read
        length = self.site.interval_length_minutes or _FINEST_MINUTES
        if known is not None:
            length = known.interval_minutes
        return forecast_count(length, _FORECAST_HOURS)

    def _record_forecasts(self, error: SourceError | None) -> None:
        """Log once that forecasts are missing, and once that they are back."""
        were_lacking = self.data is not None and self.data.lacks_forecasts
        if error is not None and not were_lacking:
            self.logger.warning(
                "Amber gives no forecasts of %s (%s); its present price is shown",
                self.site_name,
                error.reason,
            )
        elif error is None and were_lacking:
            self.logger.info("Amber gives forecasts of %s again", self.site_name)

    def _record_behind(self, prices: Iterable[Price], moment: datetime) -> None:
        """Log once that Amber calls a past price current, and once that it is over."""
        ends = [one.ends_at for one in prices if one.life is Life.CURRENT]
        is_behind = bool(ends) and min(ends) + _TICK <= moment
        if is_behind and not self._is_behind:
            self.logger.warning(
                "Amber calls a price of %s current that ended at %s; a price counts by "
                "its times, and where only a forecast is of now, it is an estimate",
                self.site_name,
                min(ends).isoformat(),
            )
        elif self._is_behind and not is_behind:
            self.logger.info("Amber gives current prices of %s again", self.site_name)
        self._is_behind = is_behind


def _boundary_before(now: datetime) -> datetime:
    return next_tick(now, INTERVAL_MINUTES) - _TICK


def _channel_prices(
    prices: Sequence[Price],
    known: ChannelPrices,
    moment: datetime,
    *,
    with_forecasts: bool,
) -> ChannelPrices:
    """Sort the prices of a channel by their times.

    Args:
        prices: Of an answer.
        known: Of the answer before, for what this one lacks.
        moment: Which one is the current one.
        with_forecasts: Whether the answer was to hold them; those before count if not.
    """
    current = current_price(prices, moment, tolerance=_BEHIND)
    if current is None or current.life is Life.FORECAST:
        before = () if known.current is None else (known.current,)
        better = current_price([*before, *known.forecasts, *prices], moment)
        current = better or current
    start = moment if current is None else current.ends_at
    forecasts = prices if with_forecasts else known.forecasts
    to_come = {one.starts_at: one for one in forecasts if one.starts_at >= start}
    return ChannelPrices(current, tuple(to_come[at] for at in sorted(to_come)))
