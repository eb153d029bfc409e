"""Usage and cost of one Amber site: the previous NEM day, once it is complete."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.models import ChannelType, Site, Usage
from custom_components.energy_logger.api.nem import nem_date_at, nem_day_start
from custom_components.energy_logger.api.plan import ticks_between
from custom_components.energy_logger.source import AmberSource

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_DAY = timedelta(days=1)
_FIRST_LOOK_DAYS = 3
_MOST_DAYS = 7
_PUBLISHED_FROM = timedelta(hours=3)
_ASK_EVERY_MINUTES = 30
_DIRECTIONS = frozenset(ChannelType)


@dataclass(frozen=True, slots=True)
class DayUsage:
    """A NEM day of one site, of which every register told each minute once.

    Attributes:
        day: NEM date.
        import_kwh: Taken from the grid, by all registers that import.
        export_kwh: Given to the grid; None without a feed-in register.
        cost_aud: What the import cost.
        earnings_aud: What the export earned; None without a feed-in register.
        is_estimated: Whether Amber may still replace a figure.
    """

    day: date
    import_kwh: float
    export_kwh: float | None
    cost_aud: float
    earnings_aud: float | None
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class SiteUsage:
    """What is known of a site's usage.

    Attributes:
        yesterday: The previous NEM day; None until it is complete.
        latest_day: The newest NEM day with any usage; None when there is none.
    """

    yesterday: DayUsage | None
    latest_day: date | None


class UsageCoordinator(AlignedCoordinator[SiteUsage]):
    """Looks every five minutes whether to ask; asks half-hourly until it is done."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        source: AmberSource,
        site: Site,
        site_name: str,
    ) -> None:
        """Fetch nothing yet; arguments as for ``PriceCoordinator``."""
        super().__init__(hass, entry, f"{site_name} usage", has_key=True)
        self.site = site
        self.site_name = site_name
        self.source = source
        # what is shown while Amber tells nothing
        self.data = SiteUsage(None, None)
        self._has_asked = False
        self._asked_at: datetime | None = None

    @override
    async def fetch(self, now: datetime) -> SiteUsage:
        """Return what is known; asks only when something new can have come out."""
        known = self.data
        yesterday = nem_date_at(now) - _DAY
        if self._has_asked and not self._is_due(known, yesterday, now):
            return _of_today(known, yesterday)
        answer = await self.source.fetch_usage(
            self.site.id, _first_wanted(known.latest_day, yesterday), yesterday
        )
        self._has_asked = True
        self._asked_at = now
        days = {one.nem_date for one in answer.records}
        if known.latest_day is not None:
            days.add(known.latest_day)
        return SiteUsage(
            day_usage(answer.records, self.site, yesterday), max(days, default=None)
        )

    async def look_again(self) -> None:
        """Refresh now, without regard to how lately that was done."""
        self._asked_at = None
        await self.async_refresh()

    def _is_due(self, known: SiteUsage, yesterday: date, now: datetime) -> bool:
        if known.yesterday is not None and known.yesterday.day == yesterday:
            return False
        if now < nem_day_start(nem_date_at(now)) + _PUBLISHED_FROM:
            return False
        asked_at = self._asked_at
        # half-hour marks: counting from the last time would drift from tick to tick
        return (
            asked_at is None
            or asked_at > now
            or ticks_between(asked_at, now, _ASK_EVERY_MINUTES) > 0
        )


def day_usage(records: Iterable[Usage], site: Site, day: date) -> DayUsage | None:
    """Return a site's day, None unless every register covers all of it, once.

    A register of a type that is not known yet is left out: nobody knows whether it
    counts what comes or what goes.

    Args:
        records: Of any registers and days; of two for one interval the last counts.
        site: Says which registers there are.
        day: NEM date.
    """
    by_register: dict[str, dict[datetime, Usage]] = {
        channel.identifier: {}
        for channel in site.channels
        if channel.type in _DIRECTIONS
    }
    for record in records:
        if record.nem_date == day and record.channel_type in _DIRECTIONS:
            told = by_register.setdefault(record.channel_identifier, {})
            told[record.ends_at] = record
    if not by_register or not all(
        _covers(told.values(), day) for told in by_register.values()
    ):
        return None
    every = [one for told in by_register.values() for one in told.values()]
    exported = [one for one in every if one.is_feed_in]
    imported = [one for one in every if not one.is_feed_in]
    return DayUsage(
        day=day,
        import_kwh=_energy(imported),
        export_kwh=_energy(exported) if exported else None,
        cost_aud=_money(imported),
        earnings_aud=_money(exported) if exported else None,
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


def _first_wanted(latest_day: date | None, yesterday: date) -> date:
    """Return the first NEM day to ask for: days can come out late."""
    if latest_day is None:
        return yesterday - (_FIRST_LOOK_DAYS - 1) * _DAY
    oldest = yesterday - (_MOST_DAYS - 1) * _DAY
    return min(max(latest_day + _DAY, oldest), yesterday)


def _energy(records: Iterable[Usage]) -> float:
    return round(sum(one.energy_magnitude_kwh for one in records), 3)


def _money(records: Iterable[Usage]) -> float:
    return round(sum(one.cost_aud for one in records), 6)


def _of_today(known: SiteUsage, yesterday: date) -> SiteUsage:
    """Return what is known, without a day that is no longer yesterday."""
    if known.yesterday is None or known.yesterday.day == yesterday:
        return known
    return SiteUsage(None, known.latest_day)
