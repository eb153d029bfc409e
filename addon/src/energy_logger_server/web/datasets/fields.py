"""Times and fields as answers show them.

KAMO's times are in Central time, Amber's in NEM time, the server's own in UTC, all
with their offset. Numbers are in natural units; Amber's keep upstream's names, cents
and signs, with the view in AUD beside them.
"""

from datetime import UTC, datetime
from typing import Any, TypedDict, overload

from energy_logger_server.api.amber_models import Interval
from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.store.amber.prices import StoredSite
from energy_logger_server.store.records import KnownArea

type Fields = dict[str, Any]

KW_DIGITS = 2
"""Decimals of sums and means of kW and kVAR."""

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


def maybe_rounded(value: float | None, digits: int) -> float | None:
    """Return a number as ``rounded`` does; None stays None."""
    return None if value is None else rounded(value, digits)


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


def site(stored: StoredSite) -> Fields:
    """Return a site: upstream's object, and whether the account still has it."""
    return {**stored.site.raw, "is_gone": stored.is_gone}


def interval_fields(record: Interval) -> Fields:
    """Return how the server shows an interval, beside upstream's object."""
    return {
        "starts_at": nem_text(record.starts_at),
        "ends_at": nem_text(record.ends_at),
        "price_aud_per_kwh": whole(record.price_aud_per_kwh),
        "spot_aud_per_kwh": whole(record.spot_aud_per_kwh),
    }
