"""Which price holds now; pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from .amber_models import Life, Price

_NO_TIME = timedelta(0)
# what upstream says of an interval once it has begun goes before what it expected
_RANK = {Life.FORECAST: 0, Life.UNKNOWN: 1, Life.CURRENT: 2, Life.ACTUAL: 2}


def current_price(
    prices: Iterable[Price], now: datetime, *, tolerance: timedelta = _NO_TIME
) -> Price | None:
    """Return the price of the interval that contains ``now``, or None.

    The times of a price decide and not its type: upstream now and then goes on sending
    an interval that is over as the current one, or several as current. A forecast only
    counts where nothing better is there. Of several, the one that began last counts,
    then a settled one, then the one that upstream sent last.

    Args:
        prices: Of one channel, in upstream's order.
        now: Present instant, aware.
        tolerance: How far our clock may be behind upstream's: when no interval contains
            ``now``, one that begins at most this much later counts.
    """
    at_hand = tuple(prices)
    for moment in (now, now + tolerance):
        holding = [each for each in at_hand if each.starts_at <= moment < each.ends_at]
        if holding:
            # max() gives the first of equals
            return max(reversed(holding), key=_preference)
    return None


def _preference(price: Price) -> tuple[int, datetime, bool]:
    return _RANK[price.life], price.starts_at, price.is_settled
