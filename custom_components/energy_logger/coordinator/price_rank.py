"""Where a price stands among others; pure."""

from collections.abc import Iterable
from datetime import datetime

from custom_components.energy_logger.api.price_source import PriceStep


def percentile_rank(
    steps: Iterable[PriceStep], aud_per_kwh: float, begin: datetime, end: datetime
) -> float | None:
    """Return the share of a span's time, in per cent, in which the price is lower.

    Time with the same price counts half, so that a price that never changes stands at
    50. A time without a price does not count.

    Args:
        steps: Prices of one channel.
        aud_per_kwh: The price to place.
        begin: First instant of the span, aware.
        end: The one past the last.

    Returns:
        0 (the lowest) to 100 (the highest); None where the span has no price.
    """
    total_s = lower_s = 0.0
    for step in steps:
        length = min(step.ends_at, end) - max(step.starts_at, begin)
        seconds = max(length.total_seconds(), 0.0)
        total_s += seconds
        if step.price_aud_per_kwh < aud_per_kwh:
            lower_s += seconds
        elif step.price_aud_per_kwh == aud_per_kwh:
            lower_s += seconds / 2
    return 100 * lower_s / total_s if total_s else None
