"""Hourly loads of an area, measured and expected: their columns, and their figures."""

from datetime import UTC, datetime

from energy_logger_server.domain.load.peaks import DayPeak, Period
from energy_logger_server.store.kamo.export_load import LoadRows
from energy_logger_server.store.kamo.export_load_forecasts import LoadForecastRows
from energy_logger_server.store.kamo.load import LoadHour, LoadSummary
from energy_logger_server.store.kamo.load_forecast import ForecastHour
from energy_logger_server.store.records import KnownArea

from .columns import FLAG, INSTANT, TEXT, Column, Columns, kamo_number
from .fields import KW_DIGITS, Fields, area_fields, central_text, rounded

_E1 = 10

LOAD: Columns[LoadHour, LoadRows] = (
    Column(
        name="timestamp",
        kind=INSTANT,
        text="What KAMO's label names.",
        value=lambda hour: central_text(hour.hour_at),
        stored=lambda rows: rows.hours_at,
    ),
    Column(
        name="load_kw",
        kind=kamo_number(1),
        unit="kW",
        text="kW.",
        value=lambda hour: hour.load_kw,
        stored=lambda rows: rows.load_e1,
    ),
    Column(
        name="is_settled",
        kind=FLAG,
        text="False while the hour is running.",
        value=lambda hour: hour.is_settled,
        stored=lambda rows: rows.is_settled,
    ),
)
"""The first ones are the predecessor's, in its order."""

LOAD_FORECASTS: Columns[ForecastHour, LoadForecastRows] = (
    Column(
        name="timestamp",
        kind=INSTANT,
        text="What KAMO's label names.",
        value=lambda hour: central_text(hour.hour_at),
        stored=lambda rows: rows.hours_at,
    ),
    Column(
        name="series",
        kind=TEXT,
        text="KAMO's name of the line.",
        value=lambda hour: hour.series,
        stored=lambda rows: rows.labels,
    ),
    Column(
        name="load_kw",
        kind=kamo_number(1),
        unit="kW",
        text="kW.",
        value=lambda hour: hour.load_kw,
        stored=lambda rows: rows.load_e1,
    ),
    Column(
        name="fetched_at",
        kind=INSTANT,
        text="When this value was first fetched.",
        value=lambda hour: central_text(hour.fetched_at),
        stored=lambda rows: rows.fetched_at,
    ),
)


def load_peak(area: KnownArea, peak: DayPeak, period: Period) -> Fields:
    """Return one peak."""
    return {
        **area_fields(area),
        "peak_kw": peak.load_e1 / _E1,
        "timestamp": central_text(datetime.fromtimestamp(peak.at, UTC)),
        "period": period.value,
    }


def load_summary(summary: LoadSummary) -> Fields:
    """Return the figures of a span."""
    mean = summary.mean_kw
    return {
        "record_count": summary.hours,
        "min_kw": summary.min_kw,
        "max_kw": summary.max_kw,
        "avg_kw": None if mean is None else rounded(mean, KW_DIGITS),
    }
