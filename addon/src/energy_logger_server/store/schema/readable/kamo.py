"""KAMO's tables: loads, forecasts, readings, areas, substations."""

from energy_logger_server.store.codec.reading_flags import (
    NO_FACTOR,
    NO_REACTIVE,
    known_sql,
    quality_now_sql,
    quality_sql,
)
from energy_logger_server.store.codec.scale import E1, E4
from energy_logger_server.store.schema.bookkeeping import LOAD_FORECAST_SERIES

from .columns import (
    KNOWN_AT,
    RUN_ID,
    IndexRange,
    ReadableTable,
    RowCount,
    number,
    text,
    time,
    truth,
)

KAMO = (
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
            number("load_kw", "t.load_e1", E1),
            truth("is_settled", "t.is_settled"),
            KNOWN_AT,
            RUN_ID,
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
            number("load_kw", "t.load_e1", E1),
            KNOWN_AT,
            RUN_ID,
        ),
        key=("t.at", "t.series_id"),
        default_sort="hour_at",
    ),
    ReadableTable(
        name="load_forecasts_at_horizons",
        description="KAMO's load forecasts by horizon before the hour, kept for ever.",
        table="load_at_horizon",
        source="series s CROSS JOIN load_at_horizon t",
        joined="s.id = t.series_id",
        columns=(
            text("area_id", "s.owner"),
            text("forecast", "s.channel"),
            time("hour_at", "t.at", order=("t.at",)),
            number("horizon_minutes", "t.horizon_minutes"),
            number("load_kw", "t.load_e1", E1),
            time("fetched_at", "t.fetched_at"),
        ),
        key=("t.at", "t.series_id", "t.horizon_minutes"),
        default_sort="hour_at",
        series_kind=LOAD_FORECAST_SERIES,
    ),
    ReadableTable(
        name="substation_readings",
        description="Readings of KAMO's substations by the minute of their fetch.",
        table="substation_reading",
        source=(
            "substation_reading t CROSS JOIN substation p LEFT JOIN substation_fetch f"
            " ON f.hour = t.hour AND f.area_id = p.area_id AND f.minute = t.minute"
        ),
        joined="p.id = t.substation_id",
        columns=(
            number("area_id", "p.area_id"),
            text("substation", "p.name"),
            time(
                "read_at",
                "t.hour * 3600 + t.minute * 60",
                order=("t.hour", "t.minute"),
                index_range=IndexRange("t.hour", 3600, after_s=3600),
            ),
            number("load_kw", "t.load_e1", E1),
            number(
                "reactive_kvar", known_sql("t.reactive_e1", "t.flags", NO_REACTIVE), E1
            ),
            number(
                "power_factor",
                known_sql("t.power_factor_e4", "t.flags", NO_FACTOR),
                E4,
            ),
            truth("quality", quality_sql("t.flags")),
            truth("quality_now", quality_now_sql("t.flags")),
            number("run_id", "f.run_id"),
        ),
        key=("t.hour", "t.minute", "t.substation_id"),
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
        has_view=False,
    ),
    ReadableTable(
        name="substations",
        description="KAMO's substations, all that ever were.",
        table="substation",
        source="substation t CROSS JOIN area a",
        joined="a.id = t.area_id",
        columns=(
            number("id", "t.id", is_key=True),
            number("area_id", "t.area_id"),
            text("area", "a.abbreviation"),
            text("name", "t.name"),
            time("first_seen_at", "t.first_seen_at"),
        ),
        key=("t.id",),
        default_sort="id",
        has_view=False,
    ),
)
