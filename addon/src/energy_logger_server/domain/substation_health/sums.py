"""The sum of an area's substations beside its load."""

from collections.abc import Sequence
from dataclasses import dataclass

from .faults import Fault, HealthRules, Holding, Subject

HOURS_IN_A_ROW = 3
_SUM = Subject(Fault.SUM_DIFFERS)


@dataclass(frozen=True, slots=True)
class HourOfArea:
    """An hour that is over, and whose load is settled.

    Attributes:
        hour: Epoch seconds // 3600.
        substations_kw: Sum of the substations' mean loads.
        loads_kw: Load of the area in the hour before, this one, and the next, as far
            as they are known: which of them a label means is not published.
        is_whole: Whether every substation was read.
    """

    hour: int
    substations_kw: float
    loads_kw: Sequence[float]
    is_whole: bool

    def excess_kw(self, share: float) -> float:
        """Return by how much the sum is off all of the loads and their margin.

        Returns:
            Above 0: more than the area; below 0: less; 0 if it fits.
        """
        low, high = min(self.loads_kw), max(self.loads_kw)
        if self.substations_kw > high * (1 + share):
            return self.substations_kw - high
        if self.substations_kw < low * (1 - share):
            return self.substations_kw - low
        return 0.0


def of_sum(
    hours: Sequence[HourOfArea], rules: HealthRules
) -> tuple[Subject, Holding | None] | None:
    """Return whether the sum differs, None in the pair if not any more; else None.

    Args:
        hours: Ascending; those in which a substation's own fault explains a difference
            are left out.
        rules: From when on something is wrong.
    """
    newest = hours[-HOURS_IN_A_ROW:]
    if len(newest) < HOURS_IN_A_ROW or not all(
        one.is_whole and one.loads_kw for one in newest
    ):
        return None
    excess = [one.excess_kw(rules.sum_share) for one in newest]
    if all(one > 0 for one in excess) or all(one < 0 for one in excess):
        return _SUM, Holding(excess[-1])
    return None if any(excess) else (_SUM, None)
