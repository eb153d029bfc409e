"""The billed figures of a year, from its peak days and its substations' peaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from .peak_days import SeasonDays

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Rates:
    """What a kW costs in a year, in any currency.

    Attributes:
        peak: Of the billed peak.
        base: Of the base demand.
    """

    peak: float
    base: float


@dataclass(frozen=True, slots=True)
class Bill:
    """A year's demand, as Ozark Electric's was reported to be billed (2024).

    Attributes:
        peak_kw: Mean load of the billed days of both seasons.
        base_kw: Sum of all substations' own monthly peaks, over twelve.
    """

    peak_kw: float
    base_kw: float

    @property
    def billed_kw(self) -> float:
        """What is billed as the peak: what is above the base."""
        return self.peak_kw - self.base_kw

    def money(self, rates: Rates) -> float:
        """Return what it costs."""
        return self.billed_kw * rates.peak + self.base_kw * rates.base


@dataclass(frozen=True, slots=True)
class OneKilowattLess:
    """What a kW less changes the billed peak by, kW.

    Attributes:
        on_a_billed_day: In its highest hour, as long as that stays the highest and
            the day counted.
        in_a_substations_peak: Of a month; it lowers the base, and so raises this.
    """

    on_a_billed_day: float
    in_a_substations_peak: float


def bill(seasons: Sequence[SeasonDays], month_sums_e1: Sequence[float]) -> Bill | None:
    """Return the figures; None as long as a season has no day.

    Args:
        seasons: The days of each.
        month_sums_e1: Sum of all substations' peaks for each month, tenths of kW; a
            month that is not there adds nothing.
    """
    days = [day.load_e1 for season in seasons for day in season.counted]
    if not all(season.counted for season in seasons):
        return None
    return Bill(
        peak_kw=sum(days) / len(days) / 10,
        base_kw=sum(month_sums_e1) / MONTHS_OF_YEAR / 10,
    )


def one_kilowatt_less(seasons: Sequence[SeasonDays]) -> OneKilowattLess:
    """Return what a kW less is worth."""
    wanted = sum(season.wanted for season in seasons)
    return OneKilowattLess(-1 / wanted, 1 / MONTHS_OF_YEAR)
