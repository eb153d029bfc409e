"""What a site's registers cost, day by day and added up; pure.

Import and export go by the register's channel, not by the sign of a number: a negative
price turns the money of either direction around.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from energy_logger_server.api.channels import (
    aud_of_cents,
    directed_aud,
    directed_money,
    is_feed_in,
)
from energy_logger_server.api.nem import MINUTES_PER_DAY
from energy_logger_server.domain.load.peaks import Period

_E3, _E4 = 1_000, 10_000


@dataclass(frozen=True, slots=True)
class RegisterCost:
    """Energy and money of one register over some time.

    Attributes:
        identifier: The register, such as ``E1``.
        channel_type: A ``ChannelType``, or a text that is not known yet.
        intervals: How many were metered.
        minutes: What they cover.
        estimated_minutes: Of these, how many may still be revised.
        energy_e3: Wh, positive in the register's normal direction.
        cost_e4: Upstream's sign (negative is a credit), cents times 10^4: of the
            intervals whose cost is known.
        unpriced_minutes: What those cover whose cost is unknown.
        unpriced_energy_e3: Their energy.
    """

    identifier: str
    channel_type: str
    intervals: int
    minutes: int
    estimated_minutes: int
    energy_e3: int
    cost_e4: int
    unpriced_minutes: int = 0
    unpriced_energy_e3: int = 0

    def __add__(self, other: "RegisterCost") -> "RegisterCost":
        """Return what the same register has over both times."""
        return replace(
            self,
            intervals=self.intervals + other.intervals,
            minutes=self.minutes + other.minutes,
            estimated_minutes=self.estimated_minutes + other.estimated_minutes,
            energy_e3=self.energy_e3 + other.energy_e3,
            cost_e4=self.cost_e4 + other.cost_e4,
            unpriced_minutes=self.unpriced_minutes + other.unpriced_minutes,
            unpriced_energy_e3=self.unpriced_energy_e3 + other.unpriced_energy_e3,
        )

    @property
    def is_feed_in(self) -> bool:
        """Whether the register measures export."""
        return is_feed_in(self.channel_type)

    @property
    def energy_kwh(self) -> float:
        """Energy drawn or fed in; negative where import was taken back."""
        return self.energy_e3 / _E3

    @property
    def is_priced(self) -> bool:
        """Whether the cost of any interval is known."""
        return self.unpriced_minutes < self.minutes

    @property
    def cost_cents(self) -> float | None:
        """Money with upstream's sign: negative is a credit; None when all unknown."""
        return self.cost_e4 / _E4 if self.is_priced else None

    @property
    def cost_aud(self) -> float | None:
        """AUD, positive in the register's normal direction (cost, or earnings)."""
        cents = self.cost_cents
        return None if cents is None else directed_aud(cents, self.channel_type)


@dataclass(frozen=True, slots=True)
class Money:
    """What registers amount to together.

    Money is that of the intervals whose cost is known, and None where that is none of
    them; ``unpriced_share`` says how much is left out.

    Attributes:
        import_e3: Energy drawn, Wh.
        export_e3: Energy fed in, Wh.
        import_e4: What the drawn energy costs, cents times 10^4; negative prices make
            it negative.
        export_e4: What the fed in energy earns, likewise; negative when one pays to
            export.
        priced_import_e3: Energy drawn whose cost is known, Wh.
        priced_export_e3: Energy fed in likewise.
    """

    import_e3: int
    export_e3: int
    import_e4: int | None
    export_e4: int | None
    priced_import_e3: int
    priced_export_e3: int

    @classmethod
    def of(cls, registers: Iterable[RegisterCost]) -> "Money":
        """Return the sums of import and of export."""
        listed = [*registers]
        imported = [one for one in listed if not one.is_feed_in]
        exported = [one for one in listed if one.is_feed_in]
        return cls(
            sum(one.energy_e3 for one in imported),
            sum(one.energy_e3 for one in exported),
            _known_money(imported),
            _known_money(exported),
            _priced_energy(imported),
            _priced_energy(exported),
        )

    @property
    def net_e4(self) -> int | None:
        """What is to be paid in the end; negative when there is a credit."""
        if self.import_e4 is None or self.export_e4 is None:
            return None
        return self.import_e4 - self.export_e4


def _known_money(registers: Sequence[RegisterCost]) -> int | None:
    """Return money in the registers' direction; None when there is none that is known.

    Where nothing was metered there is nothing to pay.
    """
    if registers and not any(one.is_priced for one in registers):
        return None
    return sum(directed_money(one.cost_e4, one.channel_type) for one in registers)


def _priced_energy(registers: Iterable[RegisterCost]) -> int:
    return sum(one.energy_e3 - one.unpriced_energy_e3 for one in registers)


@dataclass(frozen=True, slots=True)
class CostDay:
    """One NEM date of a site.

    Attributes:
        day: The date.
        registers: Those with usage, at least one.
        is_complete: Whether no register of the site lacks a minute.
    """

    day: date
    registers: tuple[RegisterCost, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class PeriodCost:
    """What a site has of some NEM dates.

    Attributes:
        first: First date of the calendar period, or of the span.
        registers: Those with usage.
        days: Dates that were asked for.
        days_with_usage: Of these, how many have usage of any register.
        days_complete: Of these, how many lack no minute of any register.
    """

    first: date
    registers: tuple[RegisterCost, ...]
    days: int
    days_with_usage: int
    days_complete: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that was asked for."""
        return self.days_complete == self.days


type Dates = tuple[date, date]
"""First and last NEM date, both included."""


def costs_by_period(
    days: Iterable[CostDay], period: Period, asked: Dates
) -> list[PeriodCost]:
    """Return the sums of each calendar period with usage.

    Args:
        days: Ascending, at most one for a date.
        period: Of NEM dates.
        asked: Where the days come from: periods at its edges may be cut.
    """
    return [
        added_up(first, [*of_period], _days_in(first, period, asked))
        for first, of_period in groupby(
            days, key=lambda one: _first_of_period(one.day, period)
        )
    ]


def added_up(first: date, found: Iterable[CostDay], days: int) -> PeriodCost:
    """Return the sum of the days found of so many asked for."""
    totals: dict[str, RegisterCost] = {}
    with_usage = complete = 0
    for one in found:
        with_usage += 1
        complete += one.is_complete
        for register in one.registers:
            known = totals.get(register.identifier)
            totals[register.identifier] = (
                register if known is None else known + register
            )
    return PeriodCost(first, tuple(totals.values()), days, with_usage, complete)


def days_between(dates: Dates) -> int:
    """Return how many dates there are, none when the last lies before the first."""
    return max((dates[1] - dates[0]).days + 1, 0)


def _first_of_period(day: date, period: Period) -> date:
    if period is Period.DAY:
        return day
    return day.replace(day=1) if period is Period.MONTH else day.replace(month=1, day=1)


def _days_in(first: date, period: Period, asked: Dates) -> int:
    last = first
    if period is Period.MONTH:
        last = last_of_month(first)
    elif period is Period.YEAR:
        last = first.replace(month=12, day=31)
    return days_between((max(first, asked[0]), min(last, asked[1])))


def last_of_month(day: date) -> date:
    """Return the last date of a date's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def estimated_share(registers: Iterable[RegisterCost]) -> float | None:
    """Return the share of the covered time that may still be revised, 0 to 1.

    None when nothing is covered.
    """
    return _share(registers, lambda register: register.estimated_minutes)


def unpriced_share(registers: Iterable[RegisterCost]) -> float | None:
    """Return the share of the covered time whose cost is unknown, 0 to 1.

    None when nothing is covered.
    """
    return _share(registers, lambda register: register.unpriced_minutes)


def _share(
    registers: Iterable[RegisterCost], part_of: Callable[[RegisterCost], int]
) -> float | None:
    minutes = part = 0
    for register in registers:
        minutes += register.minutes
        part += part_of(register)
    return part / minutes if minutes else None


def covered_days(registers: Iterable[RegisterCost]) -> float:
    """Return how many days the register with the most minutes covers."""
    return (
        max((register.minutes for register in registers), default=0) / MINUTES_PER_DAY
    )


def aud(cents_e4: int | None) -> float | None:
    """Return cents times 10^4 as AUD, every digit of it; None stays None."""
    return None if cents_e4 is None else aud_of_cents(cents_e4 / _E4)


def kwh(energy_e3: int) -> float:
    """Return Wh as kWh."""
    return energy_e3 / _E3
