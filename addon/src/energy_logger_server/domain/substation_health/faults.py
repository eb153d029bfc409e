"""What can be wrong, and from when on it is said to be."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Stable names; they cross the wire.

    ``frozen``: load and reactive power stay the same to the digit, while the other
    substations of the area move.
    ``zero``: no load, where there was one.
    ``missing``: KAMO does not list the substation any more.
    ``sum_differs``: the substations together are not what the area's load is.
    ``spike``: a day so far above the others that it would be the month's peak, unless
    it is a mistake.
    ``lagging``: more reactive power is drawn than the power factor aimed at allows:
    capacitors would help.
    ``leading``: more is given back: there are too many capacitors.
    """

    FROZEN = "frozen"
    ZERO = "zero"
    MISSING = "missing"
    SUM_DIFFERS = "sum_differs"
    SPIKE = "spike"
    LAGGING = "lagging"
    LEADING = "leading"


VALUE_FAULTS = frozenset({Fault.FROZEN, Fault.ZERO, Fault.MISSING})
"""Those that make a substation's values wrong, and with them its area's sum."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fault is of.

    Attributes:
        fault: Which.
        name: Of the substation; None for the whole area.
    """

    fault: Fault
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A fault that is there.

    Attributes:
        value: Of ``frozen`` the load that stands still, of ``spike`` the load, kW; of
            ``sum_differs`` what the substations have more than the area, kW; of
            ``lagging`` and ``leading`` the reactive power to be compensated, kVAR; else
            None.
    """

    value: float | None = None


@dataclass(frozen=True, slots=True)
class HealthRules:
    """From when on something is wrong.

    Attributes:
        frozen_readings: So many equal readings in a row are no accident.
        gone_readings: So many readings in a row without load, or in which a substation
            is not listed; as many good ones end what ``VALUE_FAULTS`` are about.
        sum_share: By which the substations' sum may be off the area's load, 0 to 1.
        power_factor: That is aimed at, 0 to 1.
        least_kw: A substation that usually has less load is too small for its readings,
            which are whole kW, to say anything of it.
        least_kvar: Reactive power that is worth compensating.
    """

    frozen_readings: int = 12
    gone_readings: int = 3
    sum_share: float = 0.05
    power_factor: float = 0.95
    least_kw: float = 50.0
    least_kvar: float = 300.0

    @property
    def readings_looked_at(self) -> int:
        """How many of the newest readings it takes: whichever rule needs most."""
        return max(self.frozen_readings, self.gone_readings + 1)
