"""``/api/peaks/watch``: what the peak watch has announced, sees ahead and has left."""

from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple, TypedDict

from aiohttp import web

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.events import PeakCheck
from energy_logger_server.domain.load.months import LoadMonth
from energy_logger_server.domain.peak_watch.likelihood import Likelihood
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.outlook import HourAhead
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.load import LoadHour, newest_hour
from energy_logger_server.store.kamo.load_months import load_months
from energy_logger_server.store.kamo.peak_watch import saved_watch
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import (
    KW_DIGITS,
    AreaAnswer,
    area_fields,
    central_text,
    maybe_rounded,
    rounded,
)
from energy_logger_server.web.datasets.peak_watch import (
    AnnouncementAnswer,
    RiskAnswer,
    announcement_fields,
    hour_text,
    percent,
    risk_fields,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time
from energy_logger_server.web.http.errors import ApiError, nothing_stored
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

_HOUR_S = 3600


class HourAheadAnswer(TypedDict):
    """An hour that is not over."""

    starts_at: Time
    ends_at: Time
    load_kw: float | None
    """As likely to be exceeded as not, kW; null where too little is known."""
    low_kw: float | None
    """One load of ten is below, kW."""
    high_kw: float | None
    """One load of ten is above, kW."""
    likelihood: Likelihood
    """That it is its month's peak; `possible` if nobody knows."""
    probability_percent: float | None
    """Likewise; null of hours further off than the lead, too: that is not tested."""


class OutlookAnswer(RiskAnswer):
    """What the watch saw when it looked last."""

    hours: list[HourAheadAnswer]
    """The hour in which it looked, and the 23 behind it."""


class PeakWatchAnswer(AreaAnswer):
    """What is watched, and what was said this month."""

    area_abbreviation: str
    """KAMO's."""
    lead_hours: int
    """Hours from an announcement to the beginning of its hour, at the least."""
    budget_hours: int
    """Hours that may be announced in a month, or in a season if that is billed."""
    hours_left: int
    """Of them, this month or season."""
    is_trained: bool
    """Whether there is a year of history to go by; else a threshold decides."""
    looked_to: Time | None
    """The last hour that was decided on; null before the first look."""
    is_open: bool
    """Whether an announced hour stands that is not over."""
    peak_kw: float | None
    """Highest load of the month so far, kW; null without any."""
    peak_at: Time | None
    """When it was."""
    load_kw: float | None
    """The newest load, kW; null without any."""
    load_at: Time | None
    """When that was."""
    headroom_kw: float | None
    """How much more it takes to reach the month's peak, kW; null while the newest load
    is of another month."""
    announced: list[AnnouncementAnswer]
    """Hours of this month or season, and of the next that are announced already;
    ascending."""
    outlook: OutlookAnswer | None
    """What is ahead; null before the first look, and without any load of the last
    day."""


def watch_operations() -> tuple[Operation, ...]:
    """Return the operations on the peak watch."""
    return (
        Operation(
            path="/api/peaks/watch",
            handler=_watch,
            summary="Get the hours of this month that may set its peak, the load of "
            "the next day, and what is left of the budget.",
            group=Group.LOAD,
            answer=Answer(description="The watch.", schema=PeakWatchAnswer),
            errors=(HTTPStatus.NOT_FOUND,),
        ),
    )


def watched_area_name(settings: Settings) -> str:
    """Return the name of the area that is watched.

    Raises:
        ApiError: If none is.
    """
    if settings.peak_watch_area is None:
        raise nothing_stored("no area is watched: PEAK_WATCH_AREA is not set")
    return settings.peak_watch_area


def no_such_area(name: str) -> ApiError:
    """Return what is said of an area that is watched and does not exist."""
    return nothing_stored(f"PEAK_WATCH_AREA names no area of KAMO: {name}")


class _Found(NamedTuple):
    area: KnownArea
    saved: SavedWatch
    month: LoadMonth | None
    newest: LoadHour | None


async def _watch(request: web.Request) -> web.Response:
    deps = deps_of(request)
    name = watched_area_name(deps.settings)
    now = deps.clock.now()
    today = central_date_at(now)
    month = day_number(today.replace(day=1))
    period = deps.settings.peak_rule.period_of(day_number(today))
    first = month if period is None else period.first_day
    found = await deps.store.read(_read, name, (month, day_number(today)))
    if found is None:
        raise no_such_area(name)
    return json_reply(_fields(found, first, now, deps.settings, deps.peak_look()))


def _read(connection: Reader, name: str, days: tuple[int, int]) -> _Found | None:
    area = area_named(connection, name)
    if area is None:
        return None
    months = load_months(connection, area.area_id, days)
    return _Found(
        area,
        saved_watch(connection, area.area_id),
        months[0] if months else None,
        newest_hour(connection, area.area_id),
    )


def _fields(
    found: _Found,
    first_day: int,
    now: datetime,
    settings: Settings,
    look: PeakCheck | None,
) -> PeakWatchAnswer:
    area, saved, month, newest = found
    hour = int(now.timestamp()) // _HOUR_S
    said = saved.state.announced
    of_month = [one for one in said if one.period_day == first_day]
    shown = [one for one in said if one.period_day == first_day or one.hour >= hour]
    looked_to = saved.state.looked_to
    budget = settings.peak_watch_budget_hours
    return {
        **area_fields(area),
        "area_abbreviation": area.abbreviation,
        "lead_hours": settings.peak_watch_lead_hours,
        "budget_hours": budget,
        "hours_left": max(budget - len(of_month), 0),
        "is_trained": saved.is_trained,
        "looked_to": hour_text(looked_to * _HOUR_S) if looked_to > 0 else None,
        "is_open": any(_stands(one, hour) for one in shown),
        "peak_kw": None if month is None else month.peak.load_e1 / E1,
        "peak_at": None if month is None else hour_text(month.peak.at),
        "load_kw": None if newest is None else newest.load_kw,
        "load_at": None if newest is None else central_text(newest.hour_at),
        "headroom_kw": _headroom_kw(month, newest),
        "announced": [
            announcement_fields(one, is_shown=saved.is_probability_shown)
            for one in shown
        ],
        "outlook": (
            None if look is None or look.area_id != area.area_id else _outlook(look)
        ),
    }


def _stands(one: AnnouncedHour, hour: int) -> bool:
    return one.withdrawn_at is None and one.hour >= hour


def _headroom_kw(month: LoadMonth | None, newest: LoadHour | None) -> float | None:
    if month is None or newest is None:
        return None
    if central_date_at(newest.hour_at).replace(day=1) != month.first:
        return None
    return rounded(month.peak.load_e1 / E1 - newest.load_kw, KW_DIGITS)


def _outlook(look: PeakCheck) -> OutlookAnswer:
    outlook = look.outlook
    is_shown = outlook.is_probability_shown
    return {
        **risk_fields(outlook),
        "hours": [_ahead(one, is_shown=is_shown) for one in outlook.hours],
    }


def _ahead(one: HourAhead, *, is_shown: bool) -> HourAheadAnswer:
    estimate = one.estimate
    is_tested = is_shown and one.is_near
    return {
        "starts_at": hour_text(one.hour * _HOUR_S),
        "ends_at": hour_text((one.hour + 1) * _HOUR_S),
        "load_kw": maybe_rounded(estimate and estimate.load_kw, KW_DIGITS),
        "low_kw": maybe_rounded(estimate and estimate.low_kw, KW_DIGITS),
        "high_kw": maybe_rounded(estimate and estimate.high_kw, KW_DIGITS),
        "likelihood": Likelihood.of(one.probability),
        "probability_percent": percent(one.probability if is_tested else None),
    }
