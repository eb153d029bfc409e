"""What an hour's intervals add up to; pure."""

from collections.abc import Sequence
from itertools import compress
from math import sumprod

type HourSums = tuple[int, ...]


def price_sums(
    minutes: Sequence[int],
    prices_e5: Sequence[int],
    spots_e5: Sequence[int | None],
    _estimated_minutes: Sequence[int],
) -> HourSums:
    """Return what ``price_hour`` holds, from intervals to price_max_e5.

    An interval without spot price counts as nothing there.
    """
    return (
        len(minutes),
        sum(minutes),
        int(sumprod(prices_e5, minutes)),
        int(sumprod([spot_e5 or 0 for spot_e5 in spots_e5], minutes)),
        min(prices_e5),
        max(prices_e5),
    )


def usage_sums(
    minutes: Sequence[int],
    energies_e3: Sequence[int],
    costs_e4: Sequence[int | None],
    estimated_minutes: Sequence[int],
) -> HourSums:
    """Return what ``usage_hour`` holds, from intervals to unpriced_energy_e3.

    The cost is that of the intervals of which it is known.
    """
    priced = [cost_e4 for cost_e4 in costs_e4 if cost_e4 is not None]
    unpriced_minutes = unpriced_e3 = 0
    if len(priced) < len(costs_e4):
        is_unpriced = [cost_e4 is None for cost_e4 in costs_e4]
        unpriced_minutes = sum(compress(minutes, is_unpriced))
        unpriced_e3 = sum(compress(energies_e3, is_unpriced))
    return (
        len(minutes),
        sum(minutes),
        sum(estimated_minutes),
        sum(energies_e3),
        sum(priced),
        unpriced_minutes,
        unpriced_e3,
    )
