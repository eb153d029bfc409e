"""Who makes the peak: each member's load in the hour of another's monthly peak."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MemberKind(StrEnum):
    """What is part of the peak."""

    COOPERATIVE = "cooperative"
    SUBSTATION = "substation"


@dataclass(frozen=True, slots=True)
class PeakHour:
    """The hour of a month in which an area's load was greatest.

    Attributes:
        month: The first of the month.
        at: The hour, epoch seconds; of equal ones the first.
        load_kw: The area's load.
        hours_alike: How many hours of the month have this load.
    """

    month: date
    at: int
    load_kw: float
    hours_alike: int


@dataclass(frozen=True, slots=True)
class Share:
    """A member in the hour of a peak.

    Attributes:
        peak: Of which it is a part.
        kind: What it is.
        area_id: KAMO's number of the cooperative.
        name: Of the cooperative or substation.
        load_kw: Its load in that hour, of a substation the mean of its readings; None
            if it is not known.
        own_peak_kw: Its own peak of the month; None without any value.
        mean_kw: Its mean load of the month; None likewise.
    """

    peak: PeakHour
    kind: MemberKind
    area_id: int
    name: str
    load_kw: float | None
    own_peak_kw: float | None
    mean_kw: float | None

    @property
    def share(self) -> float | None:
        """Its part of the peak; None if either is not known or the peak is 0."""
        return _ratio(self.load_kw, self.peak.load_kw)

    @property
    def coincidence_factor(self) -> float | None:
        """Load in the hour of the peak, as a part of its own peak."""
        return _ratio(self.load_kw, self.own_peak_kw)

    @property
    def load_factor(self) -> float | None:
        """Mean load as a part of its own peak."""
        return _ratio(self.mean_kw, self.own_peak_kw)


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None
