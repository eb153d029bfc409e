"""The hours of our own server's statistics feeds, as records; pure.

Paths and fields are those of ``/api/statistics`` (docs/rest-api.md). An hour is named
by its start; a feed gives hours in the order in which they were last changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .channels import directed_aud
from .exact_json import JsonObject, JsonValue
from .fields import (
    FieldError,
    flag_or_none,
    known_number,
    required_number,
    required_text,
)
from .server_fields import required_count, required_time

_HOUR_MINUTES = 60


class UsageHour(NamedTuple):
    """Energy and money of one register in one hour.

    Attributes:
        start_at: Start of the hour, UTC.
        channel_identifier: The register.
        channel_type: A ``ChannelType``, or a text that is not known yet.
        energy_kwh: Drawn, or fed in on feed-in; negative where import was taken back.
        money_aud: Cost, or earnings on feed-in, of what has a known cost; None where
            nothing has.
        minutes: How much of the hour is covered.
        unpriced_minutes: Of these, how many have an unknown cost.
    """

    start_at: datetime
    channel_identifier: str
    channel_type: str
    energy_kwh: float
    money_aud: float | None
    minutes: int
    unpriced_minutes: int

    @property
    def series(self) -> str:
        """What distinguishes it from others of the same hour."""
        return self.channel_identifier

    @property
    def is_complete(self) -> bool:
        """Whether its energy is known of every minute."""
        return self.minutes == _HOUR_MINUTES


class PriceHour(NamedTuple):
    """Settled prices of one channel in one hour.

    Attributes:
        start_at: Start of the hour, UTC.
        channel_type: As in ``UsageHour``.
        mean_aud_per_kwh: Mean over the minutes covered, AUD/kWh; positive: you pay on
            import, you earn on feed-in.
        least_aud_per_kwh: Least price, the same sign.
        greatest_aud_per_kwh: Greatest price, the same sign.
        minutes: How much of the hour is covered.
    """

    start_at: datetime
    channel_type: str
    mean_aud_per_kwh: float
    least_aud_per_kwh: float
    greatest_aud_per_kwh: float
    minutes: int

    @property
    def series(self) -> str:
        """What distinguishes it from others of the same hour."""
        return self.channel_type

    @property
    def is_complete(self) -> bool:
        """Whether a price is known of every minute."""
        return self.minutes == _HOUR_MINUTES


class LoadHour(NamedTuple):
    """Load of an area in one hour.

    Attributes:
        start_at: Instant (UTC) that KAMO's label names.
        load_kw: KAMO's value of the hour, kW.
        is_settled: Whether it was read after the hour was over.
    """

    start_at: datetime
    load_kw: float
    is_settled: bool

    @property
    def series(self) -> str:
        """Nothing: an area has one load."""
        return ""


class SubstationHour(NamedTuple):
    """Load of a substation in one hour, kW.

    Attributes:
        start_at: Start of the hour, UTC.
        name: Of the substation.
        mean_kw: Mean of the readings.
        least_kw: Least of them.
        greatest_kw: Greatest of them.
    """

    start_at: datetime
    name: str
    mean_kw: float
    least_kw: float
    greatest_kw: float

    @property
    def series(self) -> str:
        """What distinguishes it from others of the same hour."""
        return self.name


type AnyHour = UsageHour | PriceHour | LoadHour | SubstationHour


@dataclass(frozen=True, slots=True)
class HourFeed[Hour: AnyHour]:
    """One feed of hours.

    Attributes:
        path: Where the server has it.
        read: Makes a record of an object, or raises ``FieldError``.
    """

    path: str
    read: Callable[[JsonObject], Hour]


@dataclass(frozen=True, slots=True)
class HourPage[Hour: AnyHour]:
    """A page of a feed.

    Attributes:
        hours: In the order of change.
        cursor: Leads to what is behind them, and to what changes later.
        is_truncated: Whether there is more already.
    """

    hours: tuple[Hour, ...]
    cursor: str
    is_truncated: bool


def usage_feed(site_id: str) -> HourFeed[UsageHour]:
    """Return the feed of a site's usage."""
    return HourFeed(f"/api/statistics/usage/{site_id}", _usage_hour)


def price_feed(site_id: str) -> HourFeed[PriceHour]:
    """Return the feed of a site's settled prices."""
    return HourFeed(f"/api/statistics/price/{site_id}", _price_hour)


def load_feed(area_id: int) -> HourFeed[LoadHour]:
    """Return the feed of an area's load."""
    return HourFeed(f"/api/statistics/load/{area_id}", _load_hour)


def substation_feed(area_id: int) -> HourFeed[SubstationHour]:
    """Return the feed of the substations of an area."""
    return HourFeed(f"/api/statistics/substations/{area_id}", _substation_hour)


def read_page[Hour: AnyHour](feed: HourFeed[Hour], answer: JsonValue) -> HourPage[Hour]:
    """Return an answer of a feed as records.

    Raises:
        FieldError: If it is no page of this feed.
    """
    if not isinstance(answer, dict):
        raise FieldError("not an object")
    rows = answer.get("data")
    if not isinstance(rows, list):
        raise FieldError("data is not a list")
    hours: list[Hour] = []
    for row in rows:
        if not isinstance(row, dict):
            raise FieldError("an hour is not an object")
        hours.append(feed.read(row))
    return HourPage(
        tuple(hours), required_text(answer, "cursor"), answer.get("truncated") is True
    )


def _usage_hour(row: JsonObject) -> UsageHour:
    return UsageHour(
        start_at=_start(row),
        channel_identifier=required_text(row, "channel_identifier"),
        channel_type=required_text(row, "channel_type"),
        energy_kwh=required_number(row, "energy_kwh"),
        money_aud=known_number(row, "cost_aud"),
        minutes=required_count(row, "minutes"),
        unpriced_minutes=required_count(row, "unpriced_minutes"),
    )


def _price_hour(row: JsonObject) -> PriceHour:
    mean = required_number(row, "mean_aud_per_kwh")
    channel_type = required_text(row, "channel_type")
    # the extremes come with upstream's sign only
    edges = sorted(
        directed_aud(required_number(row, name), channel_type)
        for name in ("min_cents_per_kwh", "max_cents_per_kwh")
    )
    return PriceHour(
        start_at=_start(row),
        channel_type=channel_type,
        mean_aud_per_kwh=mean,
        least_aud_per_kwh=edges[0],
        greatest_aud_per_kwh=edges[1],
        minutes=required_count(row, "minutes"),
    )


def _load_hour(row: JsonObject) -> LoadHour:
    return LoadHour(
        start_at=_start(row),
        load_kw=required_number(row, "mean_kw"),
        is_settled=flag_or_none(row.get("is_settled")) is True,
    )


def _substation_hour(row: JsonObject) -> SubstationHour:
    return SubstationHour(
        start_at=_start(row),
        name=required_text(row, "substation_name"),
        mean_kw=required_number(row, "mean_kw"),
        least_kw=required_number(row, "min_kw"),
        greatest_kw=required_number(row, "max_kw"),
    )


def _start(row: JsonObject) -> datetime:
    return required_time(row, "start")
