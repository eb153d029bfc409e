"""``/api/load/months`` and ``/api/load/headroom``: the month's peak, then and now."""

from datetime import UTC, date, datetime
from typing import Annotated, TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import central_date_at, central_day_start
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.load.months import (
    LoadMonth,
    MonthPeak,
    month_after,
    months_back,
    peaks_by_month,
)
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import SYSTEM, area_named
from energy_logger_server.store.kamo.load import LoadHour, newest_hour
from energy_logger_server.store.kamo.load_months import load_at, load_months
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import (
    KW_DIGITS,
    AreaAnswer,
    area_fields,
    central_text,
    maybe_rounded,
    rounded,
)
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Doc, Time
from energy_logger_server.web.http.checks import WholeNumber
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply

_SHARE_DIGITS = 4
_MOST_MONTHS = 1200
_MONTHS = vol.Schema(
    {
        vol.Optional(
            "months", default="24", description="How many months to go back."
        ): WholeNumber(1, _MOST_MONTHS)
    }
)

type Kilowatts = Annotated[float, Doc("kW.")]


class MonthAnswer(TypedDict):
    """A Central month of an area."""

    month: str
    """Such as 2026-01."""
    peak_kw: Kilowatts
    peak_at: Time
    """Of equal ones the first."""
    mean_kw: Kilowatts
    load_factor: float | None
    """Mean as a share of the peak; null without load."""
    system_peak_at: Time | None
    """When the load of all areas together was greatest; null when not known."""
    coincident_kw: float | None
    """Load of this area in that hour, kW; null when not known."""
    hours: int
    """Hours with a value."""
    is_complete: bool
    """Whether the month is over and every hour is there."""


class MonthsAnswer(AreaAnswer):
    """Months of an area."""

    data: list[MonthAnswer]
    """The newest first."""


class HeadroomAnswer(AreaAnswer):
    """The newest load beside the peak of its month."""

    load_kw: Kilowatts
    timestamp: Time
    """Of the newest load."""
    month: str
    """Central month of that."""
    peak_kw: Kilowatts
    peak_at: Time
    """Of equal ones the first."""
    headroom_kw: Kilowatts
    """How much more it takes to reach the peak."""
    load_share_of_peak: float | None
    """1 at the peak; null without load."""


def load_month_operations() -> tuple[Operation, ...]:
    """Return the operations on months."""
    return (
        Operation(
            path="/api/load/months/{area}",
            handler=_months,
            summary="List an area's months: peak, load factor, and load in the hour "
            "of the system's peak.",
            group=Group.LOAD,
            query=_MONTHS,
            answer=Answer(description="Months.", schema=MonthsAnswer),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/load/headroom/{area}",
            handler=_headroom,
            summary="Get an area's newest load beside this month's peak.",
            group=Group.LOAD,
            answer=Answer(description="Load and peak.", schema=HeadroomAnswer),
            access=Access.PUBLIC,
        ),
    )


async def _months(request: web.Request) -> web.Response:
    area = await find_area(request)
    deps = deps_of(request)
    today = central_date_at(deps.clock.now())
    answer = await deps.store.read(
        _read_months, area, today, query_of(request)["months"]
    )
    return json_reply(answer)


def _read_months(
    connection: Reader, area: KnownArea, today: date, months: int
) -> MonthsAnswer:
    span = day_number(months_back(today, months - 1)), day_number(today) + 1
    system = area_named(connection, SYSTEM)
    peaks = (
        {}
        if system is None
        else peaks_by_month(load_months(connection, system.area_id, span))
    )
    found = load_months(connection, area.area_id, span)
    return {
        **area_fields(area),
        "data": [
            _month_fields(connection, area, month, peaks.get(month.first), today)
            for month in reversed(found)
        ],
    }


def _month_fields(
    connection: Reader,
    area: KnownArea,
    month: LoadMonth,
    system: MonthPeak | None,
    today: date,
) -> MonthAnswer:
    coincident = (
        None if system is None else load_at(connection, area.area_id, system.at)
    )
    behind = month_after(month.first)
    begin, end = (central_day_start(day) for day in (month.first, behind))
    expected_hours = (end - begin).total_seconds() / 3600
    return {
        "month": f"{month.first:%Y-%m}",
        "peak_kw": month.peak.load_e1 / E1,
        "peak_at": _text(month.peak.at),
        "mean_kw": rounded(month.mean_e1 / E1, KW_DIGITS),
        "load_factor": maybe_rounded(month.load_factor, _SHARE_DIGITS),
        "system_peak_at": None if system is None else _text(system.at),
        "coincident_kw": None if coincident is None else coincident / E1,
        "hours": month.hours,
        "is_complete": behind <= today and month.hours >= expected_hours,
    }


async def _headroom(request: web.Request) -> web.Response:
    area = await find_area(request)
    answer = await deps_of(request).store.read(_read_headroom, area)
    if answer is None:
        raise nothing_stored(f"no load of {area.name} has been collected yet")
    return json_reply(answer)


def _read_headroom(connection: Reader, area: KnownArea) -> HeadroomAnswer | None:
    hour = newest_hour(connection, area.area_id)
    if hour is None:
        return None
    day = central_date_at(hour.hour_at)
    span = day_number(day.replace(day=1)), day_number(day)
    months = load_months(connection, area.area_id, span)
    return _headroom_fields(area, hour, months[0]) if months else None


def _headroom_fields(
    area: KnownArea, hour: LoadHour, month: LoadMonth
) -> HeadroomAnswer:
    peak_kw = month.peak.load_e1 / E1
    share = hour.load_kw / peak_kw if peak_kw > 0 else None
    return {
        **area_fields(area),
        "load_kw": hour.load_kw,
        "timestamp": central_text(hour.hour_at),
        "month": f"{month.first:%Y-%m}",
        "peak_kw": peak_kw,
        "peak_at": _text(month.peak.at),
        "headroom_kw": rounded(peak_kw - hour.load_kw, KW_DIGITS),
        "load_share_of_peak": maybe_rounded(share, _SHARE_DIGITS),
    }


def _text(at: int) -> str:
    return central_text(datetime.fromtimestamp(at, UTC))
