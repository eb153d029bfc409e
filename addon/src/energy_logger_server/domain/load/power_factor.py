"""The power factor of several readings together."""

from math import hypot


def power_factor_of_sums(load: float, reactive: float) -> float | None:
    """Return how much of the apparent power is real, from 0 to 1.

    Upstream signs a substation's power factor like its kVAR, so averaging them is
    meaningless: of a set it is P / sqrt(P^2 + Q^2) of the sums.

    Args:
        load: Sum of real power, any unit of power.
        reactive: Sum of reactive power in the same unit; its sign does not matter.

    Returns:
        None when there is no power at all.
    """
    apparent = hypot(load, reactive)
    return abs(load) / apparent if apparent else None
