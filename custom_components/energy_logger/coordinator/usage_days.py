"""Sums of whole NEM days, as far as every register has all of them; pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self

from custom_components.energy_logger.api.amber_models import Site, Usage
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.nem import nem_day_start

_DAY = timedelta(days=1)
_DIRECTIONS = frozenset(ChannelType)
_DAYS_UNTIL_SILENT = 5
"""Days with data of others until a register without any is no longer waited for."""


@dataclass(frozen=True, slots=True)
class DayUsage:
    """A NEM day of one site, which has each minute of every register once.

    Attributes:
        day: NEM date.
        import_kwh: Taken from the grid, by all registers that import; None when none
            has anything.
        export_kwh: Given to the grid; None without a feed-in register that has any.
        cost_aud: What the import cost; None when Amber leaves out any of it.
        earnings_aud: What the export earned; None likewise.
        is_estimated: Whether Amber may still replace a figure.
    """

    day: date
    import_kwh: float | None
    export_kwh: float | None
    cost_aud: float | None
    earnings_aud: float | None
    is_estimated: bool

    @property
    def is_final(self) -> bool:
        """Whether all money is known, and nothing of it is an estimate."""
        is_cost_missing = self.import_kwh is not None and self.cost_aud is None
        is_income_missing = self.export_kwh is not None and self.earnings_aud is None
        return not (self.is_estimated or is_cost_missing or is_income_missing)


@dataclass(frozen=True, slots=True)
class SeenUsage:
    """Which registers had data, and on which NEM days there was any.

    Amber lists registers that never count anything. Waiting for those would leave every
    day incomplete for ever.
    """

    registers: frozenset[str] = field(default_factory=frozenset)
    days: frozenset[date] = field(default_factory=frozenset)

    def after(self, records: Iterable[Usage]) -> Self:
        """Return what has been seen with some more records."""
        seen = [*records]
        return type(self)(
            self.registers | {one.channel_identifier for one in seen},
            self.days | {one.nem_date for one in seen},
        )

    def silent_registers(self, site: Site) -> frozenset[str]:
        """Return the site's registers that had no data on days on which others had."""
        if len(self.days) < _DAYS_UNTIL_SILENT:
            return frozenset()
        return frozenset(
            channel.identifier
            for channel in site.channels
            if channel.identifier not in self.registers
        )


def newest_complete_day(
    records: Iterable[Usage], site: Site, silent: frozenset[str] = frozenset()
) -> DayUsage | None:
    """Return the newest day that is complete; arguments as for ``day_usage``."""
    by_day: defaultdict[date, list[Usage]] = defaultdict(list)
    for record in records:
        by_day[record.nem_date].append(record)
    days = sorted(by_day, reverse=True)
    sums = (day_usage(by_day[day], site, day, silent) for day in days)
    return next((one for one in sums if one is not None), None)


def day_usage(
    records: Iterable[Usage],
    site: Site,
    day: date,
    silent: frozenset[str] = frozenset(),
) -> DayUsage | None:
    """Return a site's day, None unless every register covers all of it, once.

    A register of a type that is not known yet is left out: nobody knows whether it
    counts what comes or what goes.

    Args:
        records: Of any registers and days; of two for one interval the last counts.
        site: Says which registers there are.
        day: NEM date.
        silent: Registers that are not waited for.
    """
    by_register: dict[str, dict[datetime, Usage]] = {
        channel.identifier: {}
        for channel in site.channels
        if channel.type in _DIRECTIONS and channel.identifier not in silent
    }
    start, end = nem_day_start(day), nem_day_start(day + _DAY)
    for record in records:
        if start < record.ends_at <= end and record.channel_type in _DIRECTIONS:
            intervals = by_register.setdefault(record.channel_identifier, {})
            intervals[record.ends_at] = record
    if not by_register or not all(
        _covers(intervals.values(), day) for intervals in by_register.values()
    ):
        return None
    every = [one for intervals in by_register.values() for one in intervals.values()]
    exported = [one for one in every if one.is_feed_in]
    imported = [one for one in every if not one.is_feed_in]
    return DayUsage(
        day=day,
        import_kwh=_energy(imported),
        export_kwh=_energy(exported),
        cost_aud=_money(imported),
        earnings_aud=_money(exported),
        is_estimated=any(one.is_estimated for one in every),
    )


def _covers(records: Iterable[Usage], day: date) -> bool:
    """Return whether intervals of a day follow each other from its begin to its end."""
    reached = nem_day_start(day)
    for one in sorted(records, key=lambda one: one.ends_at):
        if one.starts_at != reached:
            return False
        reached = one.ends_at
    return reached == nem_day_start(day + _DAY)


def _energy(records: list[Usage]) -> float | None:
    if not records:
        return None
    return round(sum(one.directed_energy_kwh for one in records), 3)


def _money(records: list[Usage]) -> float | None:
    """Return AUD; None when it is not known of every interval."""
    known = [one.cost_aud for one in records if one.cost_aud is not None]
    if not known or len(known) < len(records):
        return None
    return round(sum(known), 6)
