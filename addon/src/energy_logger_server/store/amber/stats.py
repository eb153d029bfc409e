"""Figures of a site's settled prices and of its usage over a span."""

from dataclasses import dataclass
from typing import NamedTuple

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.costs.costs import RegisterCost
from energy_logger_server.store.codec.direction import directed_energy_sql
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

from .costs import CostSums, registers
from .prices import series_of

_LONGEST_INTERVAL_S = 86_400
_E3, _E5 = 1_000, 100_000
_START = "t.end_at - t.duration_minutes * 60"
# the bounds of end_at keep a read on the key: no interval is longer than a day
_IN_SPAN = (
    f"t.series_id = :series AND t.end_at > :first AND {_START} >= :first"
    f" AND {_START} < :end AND t.end_at < :behind_end"
)
_ORDER = ("series", "first", "end", "behind_end")


def _weighted(column: str) -> str:
    """Return the mean of a column, each minute counting alike: a sum and its weight."""
    return (
        f"sum(t.{column} * t.duration_minutes) AS {column},"
        f" sum(CASE WHEN t.{column} IS NOT NULL THEN t.duration_minutes END)"
        f" AS {column}_minutes"
    )


class _Prices(NamedTuple):
    """Figures of a channel; all but the count are None without any interval."""

    intervals: int
    minutes: int
    price_min_e5: int
    price_max_e5: int
    price_e5: int
    price_e5_minutes: int
    spot_e5: int | None
    spot_e5_minutes: int | None
    renewables_percent: float | None
    renewables_percent_minutes: int | None
    spike_intervals: int
    spike_minutes: int


class _Usage(NamedTuple):
    """Figures of a register, likewise; ``CostSums`` come first."""

    intervals: int
    minutes: int
    estimated_minutes: int
    energy_e3: int
    cost_e4: int
    unpriced_minutes: int
    unpriced_energy_e3: int
    power_min_e3: float
    power_max_e3: float

    @property
    def sums(self) -> CostSums:
        """Those that a cost is made of."""
        *sums, _least, _greatest = self
        return CostSums(*sums)


_PRICES = Query(
    "SELECT count(*) AS intervals, sum(t.duration_minutes) AS minutes,"
    " min(t.price_e5) AS price_min_e5, max(t.price_e5) AS price_max_e5,"
    f" {_weighted('price_e5')}, {_weighted('spot_e5')},"
    f" {_weighted('renewables_percent')},"
    " sum(CASE WHEN a.spike_status = 'spike' THEN 1 ELSE 0 END) AS spike_intervals,"
    " sum(CASE WHEN a.spike_status = 'spike' THEN t.duration_minutes ELSE 0 END)"
    " AS spike_minutes"
    " FROM price t JOIN interval_attributes a ON a.id = t.attributes_id"
    f" WHERE {_IN_SPAN}",
    _ORDER,
    row=_Prices,
)
_ENERGY = directed_energy_sql("t.energy_e3", "a.channel_type")
_USAGE = Query(
    "SELECT count(*) AS intervals, sum(t.duration_minutes) AS minutes,"
    " sum(CASE WHEN a.quality = 'estimated' THEN t.duration_minutes ELSE 0 END)"
    " AS estimated_minutes,"
    f" sum({_ENERGY}) AS energy_e3, coalesce(sum(t.cost_e4), 0) AS cost_e4,"
    " sum(CASE WHEN t.cost_e4 IS NULL THEN t.duration_minutes ELSE 0 END)"
    " AS unpriced_minutes,"
    f" sum(CASE WHEN t.cost_e4 IS NULL THEN {_ENERGY} ELSE 0 END)"
    " AS unpriced_energy_e3,"
    f" min(({_ENERGY}) * 60.0 / t.duration_minutes) AS power_min_e3,"
    f" max(({_ENERGY}) * 60.0 / t.duration_minutes) AS power_max_e3"
    " FROM usage t JOIN interval_attributes a ON a.id = t.attributes_id"
    f" WHERE {_IN_SPAN}",
    _ORDER,
    row=_Usage,
)


@dataclass(frozen=True, slots=True)
class PriceSummary:
    """Settled prices of one channel over a span; upstream's signs.

    Attributes:
        channel_type: A ``ChannelType``, or a text that is not known yet.
        intervals: How many.
        minutes: What they cover.
        min_cents_per_kwh: Smallest.
        max_cents_per_kwh: Greatest.
        mean_cents_per_kwh: Each minute counts alike, whatever the intervals' lengths.
        mean_spot_cents_per_kwh: Likewise; None when upstream sent none.
        mean_renewables_percent: Likewise.
        spike_intervals: How many had the spike status ``spike``.
        spike_minutes: What those cover.
    """

    channel_type: str
    intervals: int
    minutes: int
    min_cents_per_kwh: float
    max_cents_per_kwh: float
    mean_cents_per_kwh: float
    mean_spot_cents_per_kwh: float | None
    mean_renewables_percent: float | None
    spike_intervals: int
    spike_minutes: int


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """Usage of one register over a span.

    Attributes:
        cost: Energy, money and what they cover.
        min_kw: Mean power of the interval in which it was smallest; negative where
            import was taken back.
        max_kw: The same of the interval in which it was greatest.
    """

    cost: RegisterCost
    min_kw: float
    max_kw: float


def price_summaries(
    connection: Reader,
    site_id: str,
    span: tuple[int, int],
    channel: str | None = None,
) -> tuple[PriceSummary, ...]:
    """Return the figures of each channel with a settled price in a span.

    Args:
        connection: A reader's.
        site_id: Whose.
        span: Intervals count that start here or later, and before the second instant;
            epoch seconds.
        channel: Channel type; None for all.
    """
    first, end = span
    found = []
    for series_id, name in series_of(connection, Kind.PRICE, site_id, channel):
        row = _PRICES.one(connection, series_id, first, end, end + _LONGEST_INTERVAL_S)
        if not row.intervals:
            continue
        found.append(
            PriceSummary(
                channel_type=name,
                intervals=row.intervals,
                minutes=int(row.minutes),
                min_cents_per_kwh=row.price_min_e5 / _E5,
                max_cents_per_kwh=row.price_max_e5 / _E5,
                mean_cents_per_kwh=float(row.price_e5)
                / int(row.price_e5_minutes)
                / _E5,
                mean_spot_cents_per_kwh=_mean(row.spot_e5, row.spot_e5_minutes, _E5),
                mean_renewables_percent=_mean(
                    row.renewables_percent, row.renewables_percent_minutes, 1
                ),
                spike_intervals=int(row.spike_intervals),
                spike_minutes=int(row.spike_minutes),
            )
        )
    return tuple(found)


def usage_summaries(
    connection: Reader,
    site_id: str,
    span: tuple[int, int],
    channel: str | None = None,
) -> tuple[UsageSummary, ...]:
    """Return the figures of each register with usage in a span.

    Args:
        connection: A reader's.
        site_id: Whose.
        span: As of prices.
        channel: Register; None for all.
    """
    first, end = span
    found = []
    for register in registers(connection, site_id):
        if channel is not None and register.identifier != channel:
            continue
        row = _USAGE.one(
            connection, register.series_id, first, end, end + _LONGEST_INTERVAL_S
        )
        if row.intervals:
            found.append(
                UsageSummary(
                    register.cost(row.sums),
                    float(row.power_min_e3) / _E3,
                    float(row.power_max_e3) / _E3,
                )
            )
    return tuple(found)


def _mean(total: float | None, minutes: float | None, factor: int) -> float | None:
    if total is None or not minutes:
        return None
    return float(total) / int(minutes) / factor
