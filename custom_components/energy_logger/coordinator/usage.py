"""Usage and cost of one Amber site: the NEM days that are complete."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.amber_models import Site, Usage
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.api.nem import nem_date_at, nem_day_start
from custom_components.energy_logger.api.plan import ticks_between
from custom_components.energy_logger.sources.protocol import AmberSource

from .base import AlignedCoordinator
from .usage_days import (
    DayUsage,
    SeenUsage,
    newest_complete_day,
)

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_DAY = timedelta(days=1)
_MOST_DAYS = 7
_PUBLISHED_FROM = timedelta(hours=3)
_ASK_EVERY_MINUTES = 30
_ASK_AGAIN_EVERY_MINUTES = 60
"""While a day is complete and Amber may still change what it says of it."""


@dataclass(frozen=True, slots=True)
class SiteUsage:
    """What is known of a site's usage.

    Attributes:
        yesterday: The previous NEM day; None until it is complete.
        latest_day: The newest NEM day with any usage; None when there is none.
        newest: The newest NEM day that is complete; None when none is known.
    """

    yesterday: DayUsage | None
    latest_day: date | None
    newest: DayUsage | None = None


class UsageCoordinator(AlignedCoordinator[SiteUsage]):
    """Looks every five minutes whether to ask.

    Asks half-hourly until the day before is complete, then hourly while its money is
    not known or a figure of it is an estimate. The day after, such a day is asked for
    along with the next one, until that is complete.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        source: AmberSource,
        site: Site,
        site_name: str,
    ) -> None:
        """As ``PriceCoordinator``."""
        super().__init__(hass, entry, f"{site_name} usage", has_key=True)
        self.site = site
        self.site_name = site_name
        self.source = source
        # what is shown while Amber sends nothing
        self.data = SiteUsage(None, None)
        self._has_asked = False
        self._asked_at: datetime | None = None
        self._seen_usage = SeenUsage()
        self._silent: frozenset[str] = frozenset()

    @property
    def silent_registers(self) -> frozenset[str]:
        """Registers of the site without any data; sums go without them."""
        return self._silent

    @override
    async def fetch(self, now: datetime) -> SiteUsage:
        """Return what is known; asks only when something new can have come out."""
        known = self.data
        yesterday = nem_date_at(now) - _DAY
        if self._has_asked and not self._is_due(known, yesterday, now):
            return _known_on(yesterday, known.latest_day, known.newest)
        answer = await self.source.fetch_usage(
            self.site.id, self._first_wanted(known.newest, yesterday), yesterday
        )
        self._has_asked = True
        self._asked_at = now
        return self._joined(known, answer, yesterday)

    async def force_refresh(self) -> None:
        """Refresh now, without regard to how lately that was done."""
        self._asked_at = None
        await self.async_refresh()

    def _joined(
        self, known: SiteUsage, answer: Answer[Usage], yesterday: date
    ) -> SiteUsage:
        self._seen_usage = self._seen_usage.after(answer.records)
        silent = self._seen_usage.silent_registers(self.site)
        for register in sorted(silent - self._silent):
            self.logger.info(
                "%s: register %s has no data; days are complete without it",
                self.site_name,
                register,
            )
        self._silent = silent
        days = [newest_complete_day(answer.records, self.site, silent), known.newest]
        latest_days = {one.nem_date for one in answer.records}
        if known.latest_day is not None:
            latest_days.add(known.latest_day)
        return _known_on(
            yesterday,
            max(latest_days, default=None),
            max((one for one in days if one), key=lambda one: one.day, default=None),
        )

    def _first_wanted(self, newest: DayUsage | None, yesterday: date) -> date:
        """Return the first NEM day to ask for: days can come out late, and in part."""
        oldest = yesterday - (_MOST_DAYS - 1) * _DAY
        if newest is None:
            return oldest
        first = newest.day + _DAY if newest.is_final else newest.day
        return min(max(first, oldest), yesterday)

    def _is_due(self, known: SiteUsage, yesterday: date, now: datetime) -> bool:
        every_minutes = _ASK_EVERY_MINUTES
        if known.newest is not None and known.newest.day >= yesterday:
            if known.newest.is_final:
                return False
            every_minutes = _ASK_AGAIN_EVERY_MINUTES
        if now < nem_day_start(nem_date_at(now)) + _PUBLISHED_FROM:
            return False
        asked_at = self._asked_at
        # marks of the clock: counting from the last time would drift from tick to tick
        return (
            asked_at is None
            or asked_at > now
            or ticks_between(asked_at, now, every_minutes) > 0
        )


def _known_on(
    yesterday: date, latest_day: date | None, newest: DayUsage | None
) -> SiteUsage:
    """Return what is known on the day after ``yesterday``."""
    is_of_yesterday = newest is not None and newest.day == yesterday
    return SiteUsage(newest if is_of_yesterday else None, latest_day, newest)
