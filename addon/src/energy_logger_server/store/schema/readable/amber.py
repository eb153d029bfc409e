"""Amber's tables: prices, forecasts, usage, sites."""

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.direction import directed_energy_sql
from energy_logger_server.store.codec.scale import E3, E4, E5

from .columns import (
    KNOWN_AT,
    RUN_ID,
    IndexRange,
    ReadableTable,
    RowCount,
    TableColumn,
    nem_time,
    number,
    text,
    time,
    truth,
)

_DAY_S = 86_400

_OF_SERIES = "series s CROSS JOIN {table} t CROSS JOIN interval_attributes a"
_BY_NUMBER = "t.series_id = s.id AND a.id = t.attributes_id"
_START = "t.end_at - t.duration_minutes * 60"
# no interval is longer than a day
_STARTS_AT = time("starts_at", _START, index_range=IndexRange("t.end_at", 1, _DAY_S))
_INTERVAL = (
    _STARTS_AT,
    time("ends_at", "t.end_at", order=("t.end_at",)),
    nem_time("nem_time", "t.end_at"),
    number("duration_minutes", "t.duration_minutes"),
)


def _cents(name: str, sql: str) -> TableColumn:
    return number(f"{name}_cents_per_kwh", sql, E5)


_PRICE = (
    text("site_id", "s.owner"),
    text("channel_type", "s.channel"),
    text("type", "a.type"),
    *_INTERVAL,
    _cents("price", "t.price_e5"),
    _cents("spot", "t.spot_e5"),
    number("renewables_percent", "t.renewables_percent", None),
    text("spike_status", "a.spike_status"),
    text("descriptor", "a.descriptor"),
    truth("estimate", "a.estimate"),
    text("tariff_period", "a.tariff_period"),
    text("tariff_season", "a.tariff_season"),
    number("tariff_block", "a.tariff_block"),
    truth("demand_window", "a.demand_window"),
    _cents("range_min", "t.range_min_e5"),
    _cents("range_max", "t.range_max_e5"),
    _cents("advanced_low", "t.low_e5"),
    _cents("advanced_predicted", "t.predicted_e5"),
    _cents("advanced_high", "t.high_e5"),
    KNOWN_AT,
    RUN_ID,
)
_INTERVAL_KEY = ("t.end_at", "t.series_id", "t.duration_minutes")

AMBER = (
    ReadableTable(
        name="prices",
        description="Settled Amber prices of every channel, cents per kWh.",
        table="price",
        source=_OF_SERIES.format(table="price"),
        joined=_BY_NUMBER,
        columns=_PRICE,
        key=_INTERVAL_KEY,
        default_sort="ends_at",
        series_kind=Kind.PRICE.value,
        row_count=RowCount.ROLLED_UP,
    ),
    ReadableTable(
        name="price_forecasts",
        description="The newest forecast or estimate of each Amber interval.",
        table="price_outlook",
        source=_OF_SERIES.format(table="price_outlook"),
        joined=_BY_NUMBER,
        columns=_PRICE,
        key=_INTERVAL_KEY,
        default_sort="ends_at",
        series_kind=Kind.PRICE.value,
    ),
    ReadableTable(
        name="price_forecast_archive",
        description="Every Amber forecast and estimate by the time it was fetched.",
        table="price_archive",
        source=_OF_SERIES.format(table="price_archive"),
        joined=_BY_NUMBER,
        columns=(
            *_PRICE,
            time("fetched_at", "t.fetched_at", order=("t.fetched_at",)),
        ),
        key=("t.fetched_at", *_INTERVAL_KEY),
        default_sort="fetched_at",
        series_kind=Kind.PRICE.value,
    ),
    ReadableTable(
        name="price_forecasts_at_horizons",
        description="Amber's forecasts so long before each interval, kept for ever.",
        table="price_at_horizon",
        source="series s CROSS JOIN price_at_horizon t",
        joined="t.series_id = s.id",
        columns=(
            text("site_id", "s.owner"),
            text("channel_type", "s.channel"),
            *_INTERVAL,
            number("horizon_minutes", "t.horizon_minutes"),
            _cents("price", "t.price_e5"),
            _cents("advanced_low", "t.low_e5"),
            _cents("advanced_predicted", "t.predicted_e5"),
            _cents("advanced_high", "t.high_e5"),
            time("fetched_at", "t.fetched_at"),
        ),
        key=(*_INTERVAL_KEY, "t.horizon_minutes"),
        default_sort="ends_at",
        series_kind=Kind.PRICE.value,
    ),
    ReadableTable(
        name="usage_intervals",
        description="Energy drawn or fed in, and its cost; a credit is negative.",
        table="usage",
        source=_OF_SERIES.format(table="usage"),
        joined=_BY_NUMBER,
        columns=(
            text("site_id", "s.owner"),
            text("channel_identifier", "s.channel"),
            text("channel_type", "a.channel_type"),
            *_INTERVAL,
            number(
                "energy_kwh", directed_energy_sql("t.energy_e3", "a.channel_type"), E3
            ),
            number("cost_cents", "t.cost_e4", E4),
            _cents("price", "t.price_e5"),
            _cents("spot", "t.spot_e5"),
            number("renewables_percent", "t.renewables_percent", None),
            text("quality", "a.quality"),
            text("spike_status", "a.spike_status"),
            text("descriptor", "a.descriptor"),
            text("tariff_period", "a.tariff_period"),
            text("tariff_season", "a.tariff_season"),
            number("tariff_block", "a.tariff_block"),
            truth("demand_window", "a.demand_window"),
            KNOWN_AT,
            RUN_ID,
        ),
        key=_INTERVAL_KEY,
        default_sort="ends_at",
        series_kind=Kind.USAGE.value,
        row_count=RowCount.ROLLED_UP,
    ),
    ReadableTable(
        name="sites",
        description="Sites of the Amber account, those that are gone too.",
        table="site",
        source="site t",
        columns=(
            number("id", "t.id", is_key=True),
            text("site_id", "t.site_id"),
            text("nmi", "t.nmi"),
            text("network", "t.network"),
            text("status", "t.status"),
            text("active_from", "t.active_from"),
            text("closed_on", "t.closed_on"),
            number("interval_length_minutes", "t.interval_length_minutes"),
            truth("is_gone", "t.is_gone"),
            time("first_seen_at", "t.first_seen_at"),
            time("changed_at", "t.changed_at"),
        ),
        key=("t.id",),
        default_sort="id",
        has_view=False,
    ),
)
