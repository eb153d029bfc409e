"""Daily charges, which no utility sends: typed by the user, counted by the day; pure.

A charge of a month is spread over its days. GST is a tenth. A day is a NEM date, whose
charge stands in the hour that begins at 1:00 of NEM time: the first that lies in the
same date in every time zone of the market.
"""

import json
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import fsum
from typing import Any, Self

from custom_components.energy_logger.api.nem import nem_date_at, nem_day_start
from custom_components.energy_logger.const import CONF_CHARGES

from .catalogue import SiteStatistics
from .feeds import Changes
from .hours import HOUR, Hours, hour_of

_GST = 1.1
_DIGITS = 7
_DAY = timedelta(days=1)
_NIGHTLY = 366 * _DAY


class ChargeKind(StrEnum):
    """What is charged for."""

    SUPPLY = "supply"
    SUBSCRIPTION = "subscription"
    METERING = "metering"
    OTHER = "other"


class ChargePeriod(StrEnum):
    """What an amount is of."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge that is the same every day, or every month.

    Attributes:
        kind: What it is for.
        amount_aud: Of a day or a month, AUD; below zero it is a credit.
        period: Which of them.
        has_gst: Whether GST is in the amount.
        first_day: First NEM date.
        last_day: Last NEM date; None while it goes on.
    """

    kind: ChargeKind
    amount_aud: float
    period: ChargePeriod
    has_gst: bool
    first_day: date
    last_day: date | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``as_data`` gave."""
        last_day: str | None = data["last_day"]
        return cls(
            kind=ChargeKind(data["kind"]),
            amount_aud=data["amount_aud"],
            period=ChargePeriod(data["period"]),
            has_gst=data["has_gst"],
            first_day=date.fromisoformat(data["first_day"]),
            last_day=None if last_day is None else date.fromisoformat(last_day),
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "kind": self.kind.value,
            "amount_aud": self.amount_aud,
            "period": self.period.value,
            "has_gst": self.has_gst,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day and self.last_day.isoformat(),
        }

    def on(self, day: date) -> float | None:
        """Return what a day costs, AUD with GST; None when it is not charged."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return None
        days = 1
        if self.period is ChargePeriod.MONTH:
            _, days = monthrange(day.year, day.month)
        return self.amount_aud * (1 if self.has_gst else _GST) / days


def charges_of(options: Mapping[str, Any], site_id: str) -> tuple[Charge, ...]:
    """Return the charges of a site that an entry's options hold."""
    return tuple(
        Charge.of(one) for one in options.get(CONF_CHARGES, {}).get(site_id, ())
    )


@dataclass(frozen=True, slots=True)
class ChargesFeed:
    """The daily charges of a site.

    They are a cost, and a second statistic without any energy, since the Energy
    dashboard shows no cost alone.

    Attributes:
        site: Whose.
        charges: All of them.
    """

    site: SiteStatistics
    charges: tuple[Charge, ...]
    key: str = "charges"
    is_whole: bool = True

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:
        """Return the bound of a nightly audit."""
        return now - _NIGHTLY if is_nightly else None

    async def changes(self, cursor: str | None, now: datetime) -> Changes:
        """Return the days that have come; when charges changed, all that ever had one.

        The cursor holds the first of these, the charges, and how far days were counted.
        """
        first_day, counted, until = _read_cursor(cursor)
        own = [one.as_data() for one in self.charges]
        every = [one.first_day for one in self.charges]
        if first_day is not None:
            every.append(first_day)
        if not every:
            return Changes(None, "")
        behind = json.dumps([min(every).isoformat(), own, hour_of(now).isoformat()])
        start = _hour_of_day(min(every)) if counted != own or until is None else until
        due = next(iter(_days(start, hour_of(now))), None)
        return Changes(None if due is None else due[0], behind)

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the days of a span."""
        costs = {
            at: cost
            for at, day in _days(start, end)
            if (cost := _cost_on(self.charges, day)) is not None
        }
        return Hours(
            amounts={
                self.site.charges: costs,
                self.site.charges_energy: dict.fromkeys(costs, 0.0),
            }
        )


def _read_cursor(cursor: str | None) -> tuple[date | None, Any, datetime | None]:
    if not cursor:
        return None, None, None
    first_day, counted, until = json.loads(cursor)
    return date.fromisoformat(first_day), counted, datetime.fromisoformat(until)


def _cost_on(charges: Iterable[Charge], day: date) -> float | None:
    known = [cost for one in charges if (cost := one.on(day)) is not None]
    return round(fsum(known), _DIGITS) if known else None


def _hour_of_day(day: date) -> datetime:
    return nem_day_start(day) + HOUR


def _days(start: datetime, end: datetime) -> Iterator[tuple[datetime, date]]:
    """Give the days whose hour lies in a span, with that hour."""
    day = nem_date_at(start)
    while (at := _hour_of_day(day)) < end:
        if at >= start:
            yield at, day
        day += _DAY
