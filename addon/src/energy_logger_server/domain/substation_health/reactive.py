"""Reactive power: how much of it there is, and how much would have to be compensated.

Upstream signs it: positive is drawn by motors and lines (lagging), negative is given
by capacitors (leading).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import acos, tan

from energy_logger_server.domain.load.power_factor import power_factor_of_sums

from .faults import Fault, HealthRules, Holding, Subject

_HOURS_IN_A_ROW = 6
HOURS_LOOKED_AT = 24


@dataclass(frozen=True, slots=True)
class HourOfSubstation:
    """Means of an hour; only readings with reactive power are in them.

    Attributes:
        load_kw: Load.
        reactive_kvar: Reactive power, with upstream's sign.
    """

    load_kw: float
    reactive_kvar: float

    @property
    def power_factor(self) -> float | None:
        """Share of the apparent power that is real, 0 to 1; None without any."""
        return power_factor_of_sums(self.load_kw, self.reactive_kvar)


def kvar_needed(load_kw: float, reactive_kvar: float, power_factor: float) -> float:
    """Return what must be compensated to reach a power factor, kVAR.

    Args:
        load_kw: Load; of power that flows back its amount counts.
        reactive_kvar: Reactive power, with upstream's sign.
        power_factor: That is aimed at, above 0 to 1.

    Returns:
        Above 0 what capacitors must give; below 0 what is given too much by them; 0 if
        the power factor is reached.
    """
    allowed = abs(load_kw) * tan(acos(power_factor))
    if reactive_kvar > 0:
        return max(reactive_kvar - allowed, 0.0)
    return min(reactive_kvar + allowed, 0.0)


def of_reactive_power(
    hours: Mapping[str, Sequence[HourOfSubstation | None]], rules: HealthRules
) -> Mapping[Subject, Holding | None]:
    """Return what is there, and None for what is over; the rest stays as it was.

    A side is short if so much would have to be compensated in each of the last six
    hours, as a day has hours of either side; it is over after a day without any.

    Args:
        hours: The last 24 that are over, ascending, by substation; None where there
            was no reading.
        rules: From when on something is wrong.
    """
    found: dict[Subject, Holding | None] = {}
    for name, of_day in hours.items():
        needed = [
            None
            if one is None
            else kvar_needed(one.load_kw, one.reactive_kvar, rules.power_factor)
            for one in of_day
        ]
        for fault, sign in ((Fault.LAGGING, 1), (Fault.LEADING, -1)):
            short = [
                None if one is None else one * sign >= rules.least_kvar
                for one in needed
            ]
            in_a_row = short[-_HOURS_IN_A_ROW:]
            if len(in_a_row) == _HOURS_IN_A_ROW and all(in_a_row):
                known = [abs(one) for one in needed[-_HOURS_IN_A_ROW:] if one]
                found[Subject(fault, name)] = Holding(max(known))
            elif True not in short and False in short:
                found[Subject(fault, name)] = None
    return found
