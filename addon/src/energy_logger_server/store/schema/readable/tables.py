"""Every table that can be browsed; columns as in the views of ``store.views``.

Settings, ``store_meta`` and what belongs to other programs are not here, and what is
not here cannot be asked for.
"""

from collections.abc import Mapping

from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.direction import directed_energy_sql
from energy_logger_server.store.codec.reading_flags import (
    NO_FACTOR,
    NO_REACTIVE,
    known_sql,
    quality_now_sql,
    quality_sql,
)

from .columns import (
    IndexRange,
    ReadableTable,
    RowCount,
    TableColumn,
    day,
    nem_time,
    number,
    text,
    time,
    truth,
)

_E1, _E3, _E4, _E5 = 10, 1000, 10_000, 100_000
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
_KNOWN_AT = time("known_at", "t.known_at")
_RUN_ID = number("run_id", "t.run_id")


def _cents(name: str, sql: str) -> TableColumn:
    return number(f"{name}_cents_per_kwh", sql, _E5)


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
    _KNOWN_AT,
    _RUN_ID,
)
_INTERVAL_KEY = ("t.end_at", "t.series_id", "t.duration_minutes")

_AMBER = (
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
                "energy_kwh", directed_energy_sql("t.energy_e3", "a.channel_type"), _E3
            ),
            number("cost_cents", "t.cost_e4", _E4),
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
            _KNOWN_AT,
            _RUN_ID,
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
    ),
)

_KAMO = (
    ReadableTable(
        name="loads",
        description="Measured hourly load of KAMO's areas, kW.",
        table="load",
        source="load t CROSS JOIN area a",
        joined="a.id = t.area_id",
        columns=(
            number("area_id", "t.area_id", is_key=True),
            text("area", "a.abbreviation"),
            time("hour_at", "t.at", order=("t.at",)),
            number("load_kw", "t.load_e1", _E1),
            truth("is_settled", "t.is_settled"),
            _KNOWN_AT,
            _RUN_ID,
        ),
        key=("t.at", "t.area_id"),
        default_sort="hour_at",
        row_count=RowCount.ROLLED_UP,
    ),
    ReadableTable(
        name="load_forecasts",
        description="KAMO's newest load forecast of each hour, kW.",
        table="load_forecast",
        source="load_forecast t CROSS JOIN series s",
        joined="s.id = t.series_id",
        columns=(
            text("area_id", "s.owner"),
            text("forecast", "s.channel"),
            time("hour_at", "t.at", order=("t.at",)),
            number("load_kw", "t.load_e1", _E1),
            _KNOWN_AT,
            _RUN_ID,
        ),
        key=("t.at", "t.series_id"),
        default_sort="hour_at",
    ),
    ReadableTable(
        name="substation_readings",
        description="Readings of KAMO's substations by the minute of their fetch.",
        table="substation_reading",
        source=(
            "substation_reading t CROSS JOIN substation p LEFT JOIN substation_fetch f"
            " ON f.hour = t.hour AND f.area_id = p.area_id AND f.minute = t.minute"
        ),
        joined="p.item = t.item",
        columns=(
            number("area_id", "p.area_id"),
            text("substation", "p.name"),
            time(
                "read_at",
                "t.hour * 3600 + t.minute * 60",
                order=("t.hour", "t.minute"),
                index_range=IndexRange("t.hour", 3600, after_s=3600),
            ),
            number("load_kw", "t.load_e1", _E1),
            number(
                "reactive_kvar", known_sql("t.reactive_e1", "t.flags", NO_REACTIVE), _E1
            ),
            number(
                "power_factor",
                known_sql("t.power_factor_e4", "t.flags", NO_FACTOR),
                _E4,
            ),
            truth("quality", quality_sql("t.flags")),
            truth("quality_now", quality_now_sql("t.flags")),
            number("run_id", "f.run_id"),
        ),
        key=("t.hour", "t.minute", "t.item"),
        default_sort="read_at",
        row_count=RowCount.ROLLED_UP,
    ),
    ReadableTable(
        name="areas",
        description="KAMO's cooperatives and their sums.",
        table="area",
        source="area t",
        columns=(
            number("id", "t.id", is_key=True),
            text("name", "t.name"),
            text("abbreviation", "t.abbreviation"),
            truth("is_aggregate", "t.is_aggregate"),
            truth("is_gone", "t.is_gone"),
            time("first_seen_at", "t.first_seen_at"),
            time("changed_at", "t.changed_at"),
        ),
        key=("t.id",),
        default_sort="id",
    ),
    ReadableTable(
        name="substations",
        description="KAMO's substations, all that ever were.",
        table="substation",
        source="substation t CROSS JOIN area a",
        joined="a.id = t.area_id",
        columns=(
            number("item", "t.item", is_key=True),
            number("area_id", "t.area_id"),
            text("area", "a.abbreviation"),
            text("name", "t.name"),
            time("first_seen_at", "t.first_seen_at"),
        ),
        key=("t.item",),
        default_sort="item",
    ),
)

_BOOKS = (
    ReadableTable(
        name="runs",
        description="The run log: what was collected when, and how it ended.",
        table="run",
        source="run t",
        columns=(
            number("id", "t.id", is_key=True),
            text("source", "t.source"),
            text("trigger", "t.trigger"),
            time("started_at", "t.started_at_ms / 1000"),
            time("finished_at", "t.finished_at_ms / 1000"),
            number("duration_s", "t.finished_at_ms - t.started_at_ms", _E3),
            text("outcome", "t.outcome"),
            number("series_total", "t.series_total"),
            number("series_failed", "t.series_failed"),
            number("requests", "t.requests"),
        ),
        key=("t.id",),
        default_sort="id",
        row_count=RowCount.NUMBERED,
    ),
    ReadableTable(
        name="run_failures",
        description="Why a series got nothing in a run.",
        table="run_failure",
        source="run_failure t",
        columns=(
            number("run_id", "t.run_id", is_key=True),
            text("subject", "t.subject"),
            text("code", "t.code"),
            text("message", "t.message"),
        ),
        key=("t.run_id", "t.ordinal"),
        default_sort="run_id",
    ),
    ReadableTable(
        name="ledger_days",
        description="How complete each day of each series is, and if not, why.",
        table="day_ledger",
        source="day_ledger t CROSS JOIN series s",
        joined="s.id = t.series_id",
        columns=(
            text("kind", "s.kind"),
            text("owner", "s.owner"),
            text("channel", "s.channel"),
            day("day", "t.day"),
            text("state", "t.state"),
            number("expected_minutes", "t.expected_minutes"),
            number("present_minutes", "t.present_minutes"),
            number("estimated_minutes", "t.estimated_minutes"),
            number("attempts", "t.attempts"),
            time("checked_at", "t.checked_at"),
            text("cause", "t.cause"),
            truth("recheck", "t.recheck"),
        ),
        key=("t.day", "t.series_id"),
        default_sort="day",
    ),
    ReadableTable(
        name="revisions",
        description="Values that were believed before upstream changed them.",
        table="revision",
        source="revision t LEFT JOIN series s ON s.id = t.series_id",
        columns=(
            number("id", "t.id", is_key=True),
            text("kind", "t.kind"),
            text("owner", "s.owner"),
            text("channel", "s.channel"),
            time("ends_at", "t.end_at"),
            number("duration_minutes", "t.duration_minutes"),
            time("known_from", "t.known_from"),
            time("known_until", "t.known_until"),
            text("reason", "t.reason"),
            text("record", "t.record"),
            _RUN_ID,
            number("replaced_by_run_id", "t.replaced_by_run_id"),
        ),
        key=("t.id",),
        default_sort="id",
        row_count=RowCount.NUMBERED,
    ),
    ReadableTable(
        name="unreadable_samples",
        description="Records and answers of the utilities that could not be read.",
        table="unreadable_sample",
        source="unreadable_sample t",
        columns=(
            number("id", "t.id", is_key=True),
            text("source", "t.source"),
            text("subject", "t.subject"),
            text("reason", "t.reason"),
            text("sample", "t.sample"),
            time("first_seen_at", "t.first_seen_at"),
            time("last_seen_at", "t.last_seen_at"),
            number("times_seen", "t.times_seen"),
        ),
        key=("t.id",),
        default_sort="id",
        row_count=RowCount.NUMBERED,
    ),
)

TABLES: Mapping[str, ReadableTable] = {
    table.name: table for table in (*_KAMO, *_AMBER, *_BOOKS)
}
"""By name, in the order in which they are listed."""
