"""Times and fields as answers show them.

KAMO's times are in Central time, Amber's in NEM time, the server's own in UTC, all
with their offset. Numbers are in natural units; Amber's keep upstream's names, cents
and signs, with the view in AUD beside them.
"""

from datetime import UTC, datetime
from typing import Any, TypedDict, overload

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.domain.peaks import DayPeak, Period
from energy_logger_server.domain.power_factor import power_factor_of_sums
from energy_logger_server.store.amber.prices import StoredSite
from energy_logger_server.store.kamo.load import LoadHour, LoadSummary
from energy_logger_server.store.kamo.load_forecast import ForecastHour
from energy_logger_server.store.kamo.substations import (
    Reading,
    Snapshot,
    SubstationSummary,
)
from energy_logger_server.store.records import KnownArea

type Fields = dict[str, Any]

_KW_DIGITS = 2
_FACTOR_DIGITS = 4
_E1 = 10
_GREATEST_EXACT = 2**53


def central_text(instant: datetime) -> str:
    """Return an instant in Central time, such as ``2026-01-04T03:00:00-06:00``."""
    return instant.astimezone(CENTRAL).isoformat()


def nem_text(instant: datetime) -> str:
    """Return an instant in NEM time, such as ``2026-01-04T19:00:00+10:00``."""
    return instant.astimezone(NEM_TIME).isoformat()


@overload
def utc_text(instant: datetime) -> str: ...


@overload
def utc_text(instant: None) -> None: ...


@overload
def utc_text(instant: datetime | None) -> str | None: ...


def utc_text(instant: datetime | None) -> str | None:
    """Return an instant in UTC to the second; None stays None."""
    if instant is None:
        return None
    return instant.astimezone(UTC).isoformat(timespec="seconds")


def rounded(value: float, digits: int) -> float:
    """Return a number with at most so many decimals, and never minus zero."""
    return round(value, digits) + 0.0


def whole(number: float | None) -> float | None:
    """Return a whole number as one, so that it is written without a point.

    Amber and the exports write numbers that way; KAMO has the point. One that JSON's
    readers would lose digits of stays as it is.
    """
    if number is None or not number.is_integer() or abs(number) > _GREATEST_EXACT:
        return number
    return int(number)


class AreaAnswer(TypedDict):
    """How an answer about an area begins."""

    area_id: int
    area_name: str


def area_fields(area: KnownArea) -> AreaAnswer:
    """Return how every answer about an area begins."""
    return {"area_id": area.area_id, "area_name": area.name}


def cooperative(area: KnownArea) -> Fields:
    """Return an area as the list of cooperatives shows it."""
    return {
        "id": area.area_id,
        "name": area.name,
        "abbreviation": area.abbreviation,
        "is_aggregate": area.is_aggregate,
    }


def load_hour(hour: LoadHour) -> Fields:
    """Return one hour of an area."""
    return {
        "timestamp": central_text(hour.hour_at),
        "load_kw": hour.load_kw,
        "is_settled": hour.is_settled,
    }


def forecast_hour(hour: ForecastHour) -> Fields:
    """Return what is expected for one hour of an area."""
    return {
        "timestamp": central_text(hour.hour_at),
        "series": hour.series,
        "load_kw": hour.load_kw,
        "fetched_at": central_text(hour.fetched_at),
    }


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
        "avg_kw": None if mean is None else rounded(mean, _KW_DIGITS),
    }


def snapshot(taken: Snapshot) -> Fields:
    """Return the substations of an area at one moment, and all of them together."""
    load = sum(reading.load_kw for reading in taken.readings)
    reactive = _total_kvar(taken)
    return {
        "snapshot_time": central_text(taken.read_at),
        "substations": [
            {"substation_name": reading.name, **_reading(reading)}
            for reading in taken.readings
        ],
        "total": {
            "kw": rounded(load, _KW_DIGITS),
            "kvar": None if reactive is None else rounded(reactive, _KW_DIGITS),
            "pf": None
            if reactive is None
            else _factor(power_factor_of_sums(load, reactive)),
        },
    }


def _total_kvar(taken: Snapshot) -> float | None:
    """Return the sum; None where one is unknown, for without it it is no total."""
    known = [
        reading.reactive_kvar
        for reading in taken.readings
        if reading.reactive_kvar is not None
    ]
    return sum(known) if len(known) == len(taken.readings) else None


def history_snapshot(taken: Snapshot) -> Fields:
    """Return one snapshot of a history; each row has its name under both keys.

    The predecessor said ``name`` here and ``substation_name`` everywhere else.
    """
    return {
        "snapshot_time": central_text(taken.read_at),
        "substations": [
            {
                "name": reading.name,
                "substation_name": reading.name,
                **_reading(reading),
            }
            for reading in taken.readings
        ],
    }


def reading_rows(taken: Snapshot) -> list[Fields]:
    """Return the readings of a snapshot, each with its time."""
    at = central_text(taken.read_at)
    return [
        {
            "snapshot_time": at,
            "substation_name": reading.name,
            **_reading(reading),
        }
        for reading in taken.readings
    ]


def substation_summary(summary: SubstationSummary) -> Fields:
    """Return the figures of one substation over a span."""
    return {
        "snapshot_count": summary.readings,
        "min_kw": summary.min_kw,
        "max_kw": summary.max_kw,
        "avg_kw": rounded(summary.mean_kw, _KW_DIGITS),
        "avg_pf": _factor(summary.power_factor),
    }


def site(stored: StoredSite) -> Fields:
    """Return a site: upstream's object, and whether the account still has it."""
    return {**stored.site.raw, "is_gone": stored.is_gone}


def price(record: Price) -> Fields:
    """Return a price: upstream's object, and the view in AUD."""
    band = record.advanced_price_aud
    return {
        **record.raw,
        **_interval(record),
        "is_settled": record.is_settled,
        "advanced_price_aud_per_kwh": None
        if band is None
        else {
            "low": whole(band.low),
            "predicted": whole(band.predicted),
            "high": whole(band.high),
        },
    }


def usage(record: Usage) -> Fields:
    """Return usage: upstream's object, and the view in AUD."""
    return {
        **record.raw,
        **_interval(record),
        "energy_kwh": whole(record.directed_energy_kwh),
        "cost_aud": whole(record.cost_aud),
        "is_estimated": record.is_estimated,
    }


def _interval(record: Interval) -> Fields:
    return {
        "starts_at": nem_text(record.starts_at),
        "ends_at": nem_text(record.ends_at),
        "price_aud_per_kwh": whole(record.price_aud_per_kwh),
        "spot_aud_per_kwh": whole(record.spot_aud_per_kwh),
    }


def _reading(reading: Reading) -> Fields:
    return {
        "kw": reading.load_kw,
        "kvar": reading.reactive_kvar,
        "pf": reading.power_factor,
        "quality": reading.quality,
        "quality_now": reading.quality_now,
    }


def _factor(factor: float | None) -> float | None:
    return None if factor is None else rounded(factor, _FACTOR_DIGITS)
