"""When to poll current prices within one cycle, and when that is enough; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from energy_logger_server.api.amber_models import Life, Price
from energy_logger_server.api.current import current_price
from energy_logger_server.api.errors import SourceError, SourceRateLimited
from energy_logger_server.api.models import Answer
from energy_logger_server.api.plan import next_tick, price_polls
from energy_logger_server.collect.temporary import TEMPORARY

FIRST_POLL_S = 12
"""Seconds from the begin of an interval to its first poll."""

GRID_MINUTES = 5
"""The market's interval."""

_SPARE = timedelta(seconds=20)
_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PriceCycle:
    """One tick's time for polling.

    Attributes:
        boundary: Instant (UTC) at which the present five minutes began.
        ends_at: Instant (UTC) after which nothing new is begun.
    """

    boundary: datetime
    ends_at: datetime

    @classmethod
    def at(
        cls, now: datetime, interval_minutes: int, *, is_manual: bool = False
    ) -> "PriceCycle":
        """Return the cycle of a run that begins at an instant.

        Args:
            now: Present instant.
            interval_minutes: Minutes between runs.
            is_manual: Whether the run may take an interval from now, whenever the
                next tick is; otherwise it ends before that.
        """
        boundary = next_tick(now, GRID_MINUTES) - timedelta(minutes=GRID_MINUTES)
        if is_manual:
            return cls(boundary, now + timedelta(minutes=interval_minutes))
        return cls(boundary, next_tick(now, interval_minutes, FIRST_POLL_S) - _SPARE)

    def follow_up_at(self, now: datetime, duration_minutes: int) -> datetime | None:
        """Return when to look again for a price that is not confirmed, if at all.

        Args:
            now: Instant of the answer.
            duration_minutes: Length of the present interval.
        """
        polls = price_polls(self.boundary, duration_minutes)
        at = next((poll.at for poll in polls if poll.at > now), None)
        return None if at is None or self._is_of_another_time(now) else at

    def retry_at(self, now: datetime, error: SourceError) -> datetime | None:
        """Return when to try again within the cycle what failed, if at all."""
        if not isinstance(error, TEMPORARY) or self._is_of_another_time(now):
            return None
        earliest = now + _PAUSE
        if isinstance(error, SourceRateLimited):
            earliest = max(earliest, error.retry_at)
        polls = price_polls(self.boundary, GRID_MINUTES)
        at = next((poll.at for poll in polls if poll.at >= earliest), None)
        if at is None and isinstance(error, SourceRateLimited):
            at = earliest
        return at if at is not None and at < self.ends_at else None

    def _is_of_another_time(self, now: datetime) -> bool:
        """Whether the clock has been set back since the cycle began."""
        return now < self.boundary - timedelta(minutes=GRID_MINUTES)


def has_present_price(answer: Answer[Price], now: datetime) -> bool:
    """Return whether an answer has the present price of all channels that it has.

    Times decide and not types: now and then Amber goes on calling an interval current
    that is over (reports of users). A forecast is no present price. The present is
    ours or Amber's own, whichever the answer fits.

    Args:
        answer: Of current prices.
        now: Present instant, by our clock.
    """
    by_channel: dict[str, list[Price]] = {}
    for price in answer.records:
        by_channel.setdefault(price.channel_type, []).append(price)
    moments = {now, answer.server_time or now}
    return bool(by_channel) and any(
        all(_is_known(current_price(prices, moment)) for prices in by_channel.values())
        for moment in moments
    )


def _is_known(price: Price | None) -> bool:
    return price is not None and price.life is not Life.FORECAST


def is_confirmed(
    prices: Sequence[Price], channels: Collection[str], now: datetime
) -> bool:
    """Return whether every channel's price at an instant is settled.

    Args:
        prices: An answer.
        channels: Channel types that the site has.
        now: The instant, by our clock.
    """
    settled = {
        price.channel_type
        for price in prices
        if price.is_settled and price.starts_at <= now < price.ends_at
    }
    return bool(settled) and settled.issuperset(channels)


def present_duration(prices: Sequence[Price], now: datetime) -> int | None:
    """Return the length in minutes of the interval at an instant, None without one."""
    return min(
        (
            price.duration_minutes
            for price in prices
            if price.starts_at <= now < price.ends_at
        ),
        default=None,
    )
