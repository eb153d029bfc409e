"""``/api/peaks/announcements``: what the peak watch said, and what it was worth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import central_date_at, central_day_start
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.load.months import (
    LoadMonth,
    month_after,
    months_back,
)
from energy_logger_server.domain.peak_watch.outcome import (
    JudgedHour,
    JudgedMonth,
    Outcome,
    PeakOfMonth,
    judged_month,
)
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.load import newest_hour
from energy_logger_server.store.kamo.load_months import load_months
from energy_logger_server.store.kamo.peak_watch import (
    announced_since,
    first_announced_hour,
    saved_watch,
)
from energy_logger_server.web.datasets.fields import (
    KW_DIGITS,
    AreaAnswer,
    area_fields,
    maybe_rounded,
)
from energy_logger_server.web.datasets.peak_watch import (
    AnnouncementAnswer,
    announcement_fields,
    hour_text,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time
from energy_logger_server.web.http.checks import WholeNumber
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply

from .watch import no_such_area, watched_area_name

_HOUR_S = 3600
_MOST_MONTHS = 120
_QUERY = vol.Schema(
    {
        vol.Optional(
            "months", default="12", description="How many months to go back."
        ): WholeNumber(1, _MOST_MONTHS)
    }
)


class JudgedAnnouncementAnswer(AnnouncementAnswer):
    """An hour that was announced, and what came."""

    outcome: Outcome
    """`false_alarm` if another hour of its month is higher; `highest` while the month
    is not over."""
    load_kw: float | None
    """What came, kW; null while that is not known."""
    below_peak_kw: float | None
    """How far the month's peak is above it, kW; 0 of the peak itself."""


class AnnouncedMonthAnswer(TypedDict):
    """A month that is billed, or of which an hour was announced."""

    month: str
    """Such as 2026-01."""
    peak_kw: float | None
    """Highest load of the month so far, kW; null without any."""
    peak_at: Time | None
    """When it was."""
    is_over: bool
    """Whether the month is, and its last hour is known."""
    is_caught: bool | None
    """Whether the peak was announced in time; null while it may be another one."""
    announced: list[JudgedAnnouncementAnswer]
    """Ascending."""


class AnnouncementsAnswer(AreaAnswer):
    """What was announced, and what came of it."""

    months_over: int
    """Of those below."""
    months_caught: int
    """Of those that are over."""
    months: list[AnnouncedMonthAnswer]
    """The newest first."""


def announcement_operations() -> tuple[Operation, ...]:
    """Return the operations on past announcements."""
    return (
        Operation(
            path="/api/peaks/announcements",
            handler=_announcements,
            summary="List the hours that the peak watch announced, month by month, "
            "and what they were worth.",
            group=Group.LOAD,
            query=_QUERY,
            answer=Answer(
                description="Months since the first announcement.",
                schema=AnnouncementsAnswer,
            ),
            errors=(HTTPStatus.NOT_FOUND,),
        ),
    )


async def _announcements(request: web.Request) -> web.Response:
    deps = deps_of(request)
    name = watched_area_name(deps.settings)
    today = central_date_at(deps.clock.now())
    months = query_of(request)["months"]
    billed = deps.settings.peak_rule.months
    answer = await deps.store.read(_read, name, today, months, billed)
    if answer is None:
        raise no_such_area(name)
    return json_reply(answer)


def _read(
    connection: Reader, name: str, today: date, months: int, billed: frozenset[int]
) -> AnnouncementsAnswer | None:
    area = area_named(connection, name)
    if area is None:
        return None
    judged = [*_judged(connection, area.area_id, today, months, billed)]
    is_shown = saved_watch(connection, area.area_id).is_probability_shown
    over = [one.is_caught for one in judged if one.is_caught is not None]
    return {
        **area_fields(area),
        "months_over": len(over),
        "months_caught": sum(over),
        "months": [_month(one, is_shown=is_shown) for one in reversed(judged)],
    }


def _judged(
    connection: Reader, area_id: int, today: date, months: int, billed: frozenset[int]
) -> Iterator[JudgedMonth]:
    """Return the months since the first announcement, ascending.

    Of those that are not billed only where an hour was announced, by an earlier rule.
    """
    first_hour = first_announced_hour(connection, area_id)
    if first_hour is None:
        return
    # not the first of its period: of the months before nothing was asked of the watch
    began = central_date_at(datetime.fromtimestamp(first_hour * _HOUR_S, UTC))
    first = max(began.replace(day=1), months_back(today, months - 1))
    # the next month's first hours may be announced already
    end = month_after(month_after(today.replace(day=1)))
    said = announced_since(connection, area_id, (_hour_of(first), _hour_of(end)))
    loads = {one.announced.hour: one.load_kw for one in said if one.load_kw is not None}
    newest = newest_hour(connection, area_id)
    known_to = None if newest is None else newest.hour_at
    span = day_number(first), day_number(today)
    known = {one.first: one for one in load_months(connection, area_id, span)}
    while first < end:
        # not by their period, which is a season if that is billed
        hours = range(_hour_of(first), _hour_of(month_after(first)))
        announced = [one.announced for one in said if one.announced.hour in hours]
        if announced or (first <= today and first.month in billed):
            peak = _peak(known.get(first), known_to)
            yield judged_month(first, peak, announced, loads)
        first = month_after(first)


def _peak(month: LoadMonth | None, known_to: datetime | None) -> PeakOfMonth | None:
    if month is None or known_to is None:
        return None
    return PeakOfMonth(
        month.first,
        month.peak.load_e1 / E1,
        month.peak.at // _HOUR_S,
        is_over=known_to >= central_day_start(month_after(month.first)),
    )


def _hour_of(first: date) -> int:
    return int(central_day_start(first).timestamp()) // _HOUR_S


def _month(one: JudgedMonth, *, is_shown: bool) -> AnnouncedMonthAnswer:
    peak = one.peak
    return {
        "month": f"{one.first:%Y-%m}",
        "peak_kw": None if peak is None else peak.load_kw,
        "peak_at": None if peak is None else hour_text(peak.hour * _HOUR_S),
        "is_over": peak is not None and peak.is_over,
        "is_caught": one.is_caught,
        "announced": [_announcement(hour, is_shown=is_shown) for hour in one.hours],
    }


def _announcement(one: JudgedHour, *, is_shown: bool) -> JudgedAnnouncementAnswer:
    return {
        **announcement_fields(one.announced, is_shown=is_shown),
        "outcome": one.outcome,
        "load_kw": one.load_kw,
        "below_peak_kw": maybe_rounded(one.below_peak_kw, KW_DIGITS),
    }
