"""What the mirror of Amber is asked: checked as upstream checks it, without its limits.

Source: Amber OpenAPI 2.0.0.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import voluptuous as vol

from energy_logger_server.api.nem import (
    MINUTES_PER_DAY,
    NEM_TIME,
    day_number,
    nem_date_at,
)
from energy_logger_server.api.plan import MOST_INTERVALS
from energy_logger_server.store.amber.original import Span
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.checks import OneOf, WholeNumber
from energy_logger_server.web.http.errors import contradiction

_DAY_S = MINUTES_PER_DAY * 60
_NEM_OFFSET_S = int(NEM_TIME.utcoffset(None).total_seconds())


class Resolution(StrEnum):
    """Minutes of an interval that can be asked for."""

    FIVE = "5"
    THIRTY = "30"


_DAY, _RESOLUTION = Day(), OneOf(Resolution)
_COUNT = WholeNumber(0, MOST_INTERVALS)

PRICES = vol.Schema(
    {
        vol.Optional("startDate"): _DAY,
        vol.Optional("endDate"): _DAY,
        vol.Optional("resolution"): _RESOLUTION,
    }
)
USAGE = vol.Schema(
    {
        vol.Required("startDate"): _DAY,
        vol.Required("endDate"): _DAY,
        vol.Optional("resolution"): _RESOLUTION,
    }
)
CURRENT = vol.Schema(
    {
        vol.Optional("next", default="0"): _COUNT,
        vol.Optional("previous", default="0"): _COUNT,
        vol.Optional("resolution"): _RESOLUTION,
    }
)


def asked_span(query: Mapping[str, Any], site_id: str, now: datetime) -> Span:
    """Return the NEM days asked for, both included; a date that is not said is today.

    Raises:
        ApiError: If the last day lies before the first one.
    """
    today = nem_date_at(now)
    first: date = query.get("startDate", today)
    last: date = query.get("endDate", today)
    if last < first:
        raise contradiction("endDate", f"must not lie before startDate, {first}")
    return Span(site_id, _midnight(first), _midnight(last) + _DAY_S)


def asked_counts(query: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many intervals before and after the present one are asked for.

    Raises:
        ApiError: If they are more than upstream gives.
    """
    before: int = query["previous"]
    after: int = query["next"]
    if before + after > MOST_INTERVALS:
        raise contradiction(
            "next", f"and previous together must not be more than {MOST_INTERVALS}"
        )
    return before, after


def _midnight(day: date) -> int:
    """Return where a NEM day begins, epoch seconds; any date has one."""
    return day_number(day) * _DAY_S - _NEM_OFFSET_S
