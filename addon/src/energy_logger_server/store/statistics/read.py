"""Statistics by UTC hour: prices, usage, load, substations, as feeds of changes.

An interval belongs to the hour in which it begins. An hour in which nothing begins,
as under an interval longer than an hour, has no row.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from energy_logger_server.api.channels import directed_aud
from energy_logger_server.api.fields import required_number
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.load.power_factor import power_factor_of_sums
from energy_logger_server.store.amber.prices import series_of
from energy_logger_server.store.codec.kamo import decode_load
from energy_logger_server.store.codec.scale import E1, E3, E4, E5
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

from .hour_feed import HourPage, HoursWanted, next_rows
from .hour_tables import HourTable, next_hours

_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class PriceHour:
    """Settled prices of one channel in one hour; cents with upstream's sign.

    Attributes:
        start_at: Start of the hour, UTC.
        channel_type: The channel.
        mean_cents_per_kwh: Mean over the minutes covered.
        min_cents_per_kwh: Least price of an interval.
        max_cents_per_kwh: Greatest price of an interval.
        mean_aud_per_kwh: The mean in AUD, positive: you pay on import, you earn on
            feed-in.
        minutes: How much of the hour is covered.
        intervals: How many prices.
    """

    start_at: datetime
    channel_type: str
    mean_cents_per_kwh: float
    min_cents_per_kwh: float
    max_cents_per_kwh: float
    mean_aud_per_kwh: float
    minutes: int
    intervals: int


@dataclass(frozen=True, slots=True)
class UsageHour:
    """Energy and cost of one register in one hour.

    Attributes:
        start_at: Start of the hour, UTC.
        channel_identifier: The register.
        channel_type: What it measures.
        energy_kwh: Drawn, or fed in on feed-in; negative where import was taken back.
        cost_cents: Upstream's sign, negative is a credit: of what has a known cost;
            None where nothing has.
        cost_aud: Positive in the channel's normal direction: cost, or earnings.
        minutes: How much of the hour is covered.
        estimated_minutes: Of these, how many may still be revised.
        unpriced_minutes: Of these, how many have an unknown cost.
    """

    start_at: datetime
    channel_identifier: str
    channel_type: str
    energy_kwh: float
    cost_cents: float | None
    cost_aud: float | None
    minutes: int
    estimated_minutes: int
    unpriced_minutes: int


@dataclass(frozen=True, slots=True)
class LoadMeanHour:
    """Load of an area in one hour.

    Attributes:
        start_at: Instant (UTC) that upstream's label names.
        mean_kw: Upstream's value of the hour, kW.
        is_settled: False when it was last read while the hour was running.
    """

    start_at: datetime
    mean_kw: float
    is_settled: bool


@dataclass(frozen=True, slots=True)
class SubstationHour:
    """One substation in one hour.

    Attributes:
        start_at: Start of the hour, UTC.
        name: Of the substation.
        mean_kw: Mean load of the readings, kW.
        min_kw: Least load, kW.
        max_kw: Greatest load, kW.
        mean_kvar: Mean reactive power of the readings that have one, kVAR, upstream's
            sign; None where none has.
        power_factor: Of these readings together, 0 to 1; None without any power.
        readings: How often it was read.
    """

    start_at: datetime
    name: str
    mean_kw: float
    min_kw: float
    max_kw: float
    mean_kvar: float | None
    power_factor: float | None
    readings: int


def _of_site(kind: Kind) -> str:
    return f"IN (SELECT id FROM series WHERE kind = '{kind}' AND owner = :owner)"


class _Price(NamedTuple):
    change_id: int
    hour: int
    series_id: int
    intervals: int
    minutes: int
    price_minutes_e5: int
    price_min_e5: int
    price_max_e5: int


class _Usage(NamedTuple):
    change_id: int
    hour: int
    series_id: int
    minutes: int
    estimated_minutes: int
    energy_e3: int
    cost_e4: int
    unpriced_minutes: int


class _Load(NamedTuple):
    change_id: int
    hour: int
    series_id: int
    load_e1: int
    is_settled: int
    extra: str | None


class _Substation(NamedTuple):
    change_id: int
    hour: int
    series_id: int
    name: str
    readings: int
    load_sum_e1: int
    reactive_sum_e1: int
    load_min_e1: int
    load_max_e1: int
    reactive_unknown: int
    reactive_unknown_load_sum_e1: int


_PRICES = HourTable(
    "price_hour",
    ("hour", "series_id"),
    _of_site(Kind.PRICE),
    _Price,
    1,
)
_USAGE = HourTable(
    "usage_hour",
    ("hour", "series_id"),
    _of_site(Kind.USAGE),
    _Usage,
    1,
)
_LOADS = HourTable("load", ("at", "area_id"), "= :owner", _Load, _HOUR_S)
_CHANNEL_TYPE = Query(
    "SELECT a.channel_type FROM usage u"
    " JOIN interval_attributes a ON a.id = u.attributes_id"
    " WHERE u.series_id = :series ORDER BY u.end_at DESC LIMIT 1",
    ("series",),
)
# an hour that was counted twice has two places, and at both what it counts now
_SUBSTATIONS_TEXT = """
SELECT c.change_id, c.hour, p.id AS series_id, p.name, h.readings, h.load_sum_e1,
  h.reactive_sum_e1, h.load_min_e1, h.load_max_e1, h.reactive_unknown,
  h.reactive_unknown_load_sum_e1
FROM substation_hour_change c CROSS JOIN substation p CROSS JOIN substation_hour h
WHERE c.area_id = :area AND p.area_id = c.area_id AND h.hour = c.hour
  AND h.substation_id = p.id AND c.hour >= :first AND c.hour < :end
  AND (c.change_id, c.hour) >= (:change, :hour)
  AND (c.change_id, c.hour, p.id) > (:change, :hour, :substation_id) {name}
ORDER BY c.change_id, c.hour, p.id LIMIT :limit
"""
_SUBSTATIONS_ORDER = (
    "area",
    "first",
    "end",
    "change",
    "hour",
    "substation_id",
    "limit",
)
_SUBSTATIONS = Query(
    _SUBSTATIONS_TEXT.format(name=""), _SUBSTATIONS_ORDER, row=_Substation
)
_ONE_SUBSTATION = Query(
    _SUBSTATIONS_TEXT.format(name="AND p.name = :name"),
    (*_SUBSTATIONS_ORDER, "name"),
    row=_Substation,
)


def price_hours(
    connection: Reader, site_id: str, wanted: HoursWanted
) -> HourPage[PriceHour]:
    """Return the next hours of a site's prices."""
    rows, cursor, is_truncated = next_hours(connection, _PRICES, site_id, wanted)
    channels = dict(series_of(connection, Kind.PRICE, site_id, None))
    return HourPage(
        tuple(_price_hour(row, channels[row.series_id]) for row in rows),
        cursor,
        is_truncated,
    )


def usage_hours(
    connection: Reader, site_id: str, wanted: HoursWanted
) -> HourPage[UsageHour]:
    """Return the next hours of a site's usage."""
    rows, cursor, is_truncated = next_hours(connection, _USAGE, site_id, wanted)
    registers = dict(series_of(connection, Kind.USAGE, site_id, None))
    types = {
        series_id: _CHANNEL_TYPE.value(connection, series_id)
        for series_id in {row.series_id for row in rows}
    }
    return HourPage(
        tuple(
            _usage_hour(row, registers[row.series_id], types[row.series_id])
            for row in rows
        ),
        cursor,
        is_truncated,
    )


def load_hours(
    connection: Reader, area_id: int, wanted: HoursWanted
) -> HourPage[LoadMeanHour]:
    """Return the next hours of an area's load."""
    rows, cursor, is_truncated = next_hours(connection, _LOADS, area_id, wanted)
    return HourPage(tuple(_load_hour(row) for row in rows), cursor, is_truncated)


def substation_hours(
    connection: Reader,
    area_id: int,
    wanted: HoursWanted,
    name: str | None = None,
) -> HourPage[SubstationHour]:
    """Return the next hours of an area's substations, or of one of them.

    An hour is there as soon as it is closed: a later one has been read then.
    """
    values = (area_id, *wanted.hours, *wanted.since.place, wanted.limit + 1)
    rows = (
        _SUBSTATIONS.all(connection, *values)
        if name is None
        else _ONE_SUBSTATION.all(connection, *values, name)
    )
    kept, cursor, is_truncated = next_rows(wanted, rows)
    return HourPage(tuple(_substation_hour(row) for row in kept), cursor, is_truncated)


def _price_hour(row: _Price, channel_type: str) -> PriceHour:
    mean = row.price_minutes_e5 / (row.minutes * E5)
    return PriceHour(
        start_at=_instant(row.hour),
        channel_type=channel_type,
        mean_cents_per_kwh=mean,
        min_cents_per_kwh=row.price_min_e5 / E5,
        max_cents_per_kwh=row.price_max_e5 / E5,
        mean_aud_per_kwh=directed_aud(mean, channel_type),
        minutes=row.minutes,
        intervals=row.intervals,
    )


def _usage_hour(row: _Usage, register: str, channel_type: str) -> UsageHour:
    cost = row.cost_e4 / E4 if row.unpriced_minutes < row.minutes else None
    return UsageHour(
        start_at=_instant(row.hour),
        channel_identifier=register,
        channel_type=channel_type,
        energy_kwh=row.energy_e3 / E3,
        cost_cents=cost,
        cost_aud=None if cost is None else directed_aud(cost, channel_type),
        minutes=row.minutes,
        estimated_minutes=row.estimated_minutes,
        unpriced_minutes=row.unpriced_minutes,
    )


def _load_hour(row: _Load) -> LoadMeanHour:
    load_kw = row.load_e1 / E1
    if row.extra is not None:
        load_kw = required_number({"load": decode_load(row.load_e1, row.extra)}, "load")
    # a load's hour is an instant
    at = datetime.fromtimestamp(row.hour, UTC)
    return LoadMeanHour(at, load_kw, bool(row.is_settled))


def _substation_hour(row: _Substation) -> SubstationHour:
    known = row.readings - row.reactive_unknown
    known_load_e1 = row.load_sum_e1 - row.reactive_unknown_load_sum_e1
    return SubstationHour(
        start_at=_instant(row.hour),
        name=row.name,
        mean_kw=row.load_sum_e1 / (row.readings * E1),
        min_kw=row.load_min_e1 / E1,
        max_kw=row.load_max_e1 / E1,
        mean_kvar=row.reactive_sum_e1 / (known * E1) if known else None,
        power_factor=power_factor_of_sums(known_load_e1, row.reactive_sum_e1),
        readings=row.readings,
    )


def _instant(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * _HOUR_S, UTC)
