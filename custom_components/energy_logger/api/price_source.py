"""Which of Amber's prices a plan is made by; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from .amber_models import Life, Price


class PriceSource(StrEnum):
    """Where the price of an interval to come is taken from."""

    AEMO = "aemo"
    """The market operator's forecast, which the bill follows once it has come true."""
    ADVANCED = "advanced"
    """Amber's own forecast, which the app of Amber shows."""
    ADVANCED_LOW = "advanced_low"
    """The low edge of Amber's own forecast."""
    ADVANCED_HIGH = "advanced_high"
    """The high edge of Amber's own forecast."""


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price that holds for a span of time, see ``plan.Priced``.

    Attributes:
        starts_at: Begin, UTC.
        ends_at: End, UTC, which is not part of it.
        price_aud_per_kwh: AUD/kWh: you pay on import, you earn on feed-in.
    """

    starts_at: datetime
    ends_at: datetime
    price_aud_per_kwh: float


def price_step(price: Price, source: PriceSource) -> PriceStep:
    """Return a price by a source; without Amber's forecast it is the market's.

    Once an interval has begun its price is no forecast: it is the same by each source.
    """
    return PriceStep(price.starts_at, price.ends_at, _aud(price, source))


def price_steps(prices: Iterable[Price], source: PriceSource) -> tuple[PriceStep, ...]:
    """Return prices by a source, ascending and without overlaps.

    Where prices overlap, the one that began first counts, and of two that began
    together the shorter, as in ``plan.cheapest_window``. A time without a price stays
    without one.

    Args:
        prices: Of one channel, of any lengths and in any order.
        source: Where they are taken from.
    """
    steps: list[PriceStep] = []
    free_from = datetime.min.replace(tzinfo=UTC)
    for price in sorted(prices, key=lambda one: (one.starts_at, one.ends_at)):
        if price.ends_at > free_from:
            starts_at = max(price.starts_at, free_from)
            free_from = price.ends_at
            steps.append(PriceStep(starts_at, free_from, _aud(price, source)))
    return tuple(steps)


def _aud(price: Price, source: PriceSource) -> float:
    band = price.advanced_price_aud
    has_begun = price.life in (Life.CURRENT, Life.ACTUAL)
    if band is None or has_begun or source is PriceSource.AEMO:
        return price.price_aud_per_kwh
    return {
        PriceSource.ADVANCED: band.predicted,
        PriceSource.ADVANCED_LOW: band.low,
        PriceSource.ADVANCED_HIGH: band.high,
    }[source]
