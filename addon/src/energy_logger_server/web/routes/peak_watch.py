"""``/api/peaks/watch``: what the peak watch has announced, and what it has left."""

from http import HTTPStatus
from typing import TypedDict

from aiohttp import web

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.load.months import LoadMonth
from energy_logger_server.domain.peak_watch.live import Likelihood, SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.load_months import load_months
from energy_logger_server.store.kamo.peak_watch import saved_watch
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import AreaAnswer, area_fields
from energy_logger_server.web.datasets.peak_watch import hour_text, percent
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

_HOUR_S = 3600


class AnnouncementAnswer(TypedDict):
    """An hour that was announced."""

    starts_at: Time
    ends_at: Time
    announced_at: Time
    """The hour in which that was said."""
    withdrawn_at: Time | None
    """The hour in which it was withdrawn; null if it stands."""
    likelihood: Likelihood
    """That it is the month's peak, as it was announced; `possible` if nobody knows."""
    probability_percent: float | None
    """Likewise; null unless probabilities have been honest so far."""


class PeakWatchAnswer(AreaAnswer):
    """What is watched, and what was said this month."""

    lead_hours: int
    """Hours from an announcement to the beginning of its hour, at the least."""
    budget_hours: int
    """Hours that may be announced in a month."""
    hours_left: int
    """Of them, this month."""
    is_trained: bool
    """Whether there is a year of history to go by; else a threshold decides."""
    looked_to: Time | None
    """The last hour that was decided on; null before the first look."""
    peak_kw: float | None
    """Highest load of the month so far, kW; null without any."""
    peak_at: Time | None
    """When it was."""
    announced: list[AnnouncementAnswer]
    """Hours of this month, ascending."""


def peak_watch_operations() -> tuple[Operation, ...]:
    """Return what tells of the peak watch."""
    return (
        Operation(
            path="/api/peaks/watch",
            handler=_watch,
            summary="Get the hours of this month that may set its peak, and what is "
            "left of the budget.",
            group=Group.LOAD,
            answer=Answer(description="The watch.", schema=PeakWatchAnswer),
            errors=(HTTPStatus.NOT_FOUND,),
        ),
    )


async def _watch(request: web.Request) -> web.Response:
    deps = deps_of(request)
    name = deps.settings.peak_watch_area
    if name is None:
        raise nothing_stored("no area is watched: PEAK_WATCH_AREA is not set")
    today = central_date_at(deps.clock.now())
    first = day_number(today.replace(day=1))
    answer = await deps.store.read(
        _read, name, (first, day_number(today)), deps.settings
    )
    if answer is None:
        raise nothing_stored(f"PEAK_WATCH_AREA names no area of KAMO: {name}")
    return json_reply(answer)


def _read(
    connection: Reader, name: str, days: tuple[int, int], settings: Settings
) -> PeakWatchAnswer | None:
    area = area_named(connection, name)
    if area is None:
        return None
    saved = saved_watch(connection, area.area_id)
    months = load_months(connection, area.area_id, days)
    return _fields(area, saved, months[0] if months else None, days[0], settings)


def _fields(
    area: KnownArea,
    saved: SavedWatch,
    month: LoadMonth | None,
    first_day: int,
    settings: Settings,
) -> PeakWatchAnswer:
    announced = [one for one in saved.state.announced if one.period_day == first_day]
    looked_to = saved.state.looked_to
    budget = settings.peak_watch_budget_hours
    return {
        **area_fields(area),
        "lead_hours": settings.peak_watch_lead_hours,
        "budget_hours": budget,
        "hours_left": max(budget - len(announced), 0),
        "is_trained": saved.is_trained,
        "looked_to": hour_text(looked_to * _HOUR_S) if looked_to > 0 else None,
        "peak_kw": None if month is None else month.peak.load_e1 / E1,
        "peak_at": None if month is None else hour_text(month.peak.at),
        "announced": [
            _announcement(one, is_shown=saved.is_probability_shown) for one in announced
        ],
    }


def _announcement(one: AnnouncedHour, *, is_shown: bool) -> AnnouncementAnswer:
    withdrawn = one.withdrawn_at
    return {
        "starts_at": hour_text(one.hour * _HOUR_S),
        "ends_at": hour_text((one.hour + 1) * _HOUR_S),
        "announced_at": hour_text(one.said_at * _HOUR_S),
        "withdrawn_at": None if withdrawn is None else hour_text(withdrawn * _HOUR_S),
        "likelihood": Likelihood.of(one.probability),
        "probability_percent": percent(one.probability if is_shown else None),
    }
