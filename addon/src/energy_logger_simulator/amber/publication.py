"""When usage of a NEM date comes out, and when it changes."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from energy_logger_server.api.nem import day_number, nem_date_at, nem_day_start
from energy_logger_simulator.keyed_hash import draw

from .config import AmberConfig, PartialDay
from .sites import SimulatedSite

_FROM_THREE_O_CLOCK = timedelta(days=1, hours=3)
_WITHIN = timedelta(hours=4)
_LATE_SHARE = 0.04
_ESTIMATED_SHARE = 0.05
_REQUANTIFIED_AFTER = timedelta(days=12)
_REST_AFTER = timedelta(days=1)


class Reading(StrEnum):
    """How a day's energy is known at the moment."""

    ESTIMATED = "estimated"
    BILLABLE = "billable"
    REQUANTIFIED = "requantified"  # still billable, with other figures


class Publication:
    """Of one site. Every moment is a function of the NEM date alone.

    A date is published the next morning between 03:00 and 07:00 NEM, 4 % of them one
    to four days later. 5 % are estimated at first and billable three to ten days
    after that.
    """

    def __init__(self, config: AmberConfig, site: SimulatedSite) -> None:
        self._config = config
        self._site = site
        self._hour = draw(config.seed, f"published/{site.id}")
        self._late = draw(config.seed, f"late/{site.id}")
        self._estimated = draw(config.seed, f"estimated/{site.id}")

    def published_at(self, day: date) -> datetime:
        """Return when a date comes out, were it not a gap."""
        number = day_number(day)
        late = self._late(number)
        late_days = 1 + int(4 * late / _LATE_SHARE) if late < _LATE_SHARE else 0
        return (
            nem_day_start(day)
            + _FROM_THREE_O_CLOCK
            + _WITHIN * self._hour(number)
            + timedelta(days=late_days)
        )

    def billable_at(self, day: date) -> datetime:
        """Return when a date has its bill's figures; for most when it comes out."""
        estimated = self._estimated(day_number(day)) / _ESTIMATED_SHARE
        wait = timedelta(days=3 + 7 * estimated) if estimated < 1 else timedelta()
        return self.published_at(day) + wait

    def is_out(self, day: date, now: datetime) -> bool:
        """Whether ``/usage`` has anything of a date."""
        config = self._config
        today = nem_date_at(now)
        anchor = today if config.usage_depth_rolling else config.start_date
        return (
            day < today
            and self._site.is_supplied_on(day)
            and day not in config.gap_days
            and day >= anchor - timedelta(days=config.usage_depth_days)
            and now >= self.published_at(day)
        )

    def part_out(self, day: date, now: datetime) -> PartialDay | None:
        """Return which part of a date is out, while it is not all."""
        if now >= self.published_at(day) + _REST_AFTER:
            return None
        return self._config.partial_days.get(day)

    def reading(self, day: date, now: datetime) -> Reading:
        """Return how the energy of a date that is out is known."""
        if now < self.billable_at(day):
            return Reading.ESTIMATED
        if (
            day == self._config.requantify
            and now >= self.billable_at(day) + _REQUANTIFIED_AFTER
        ):
            return Reading.REQUANTIFIED
        return Reading.BILLABLE
