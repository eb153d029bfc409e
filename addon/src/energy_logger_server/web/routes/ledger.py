"""``/api/ledger/days``: what is known of each day, for a calendar."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.nem import date_of_day_number, day_number, nem_date_at
from energy_logger_server.domain.collecting.ledger import DayState, Kind, SeriesKey
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.calendar import CalendarDay, ledger_days
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Date, Doc
from energy_logger_server.web.http.checks import OneOf, SomeText
from energy_logger_server.web.http.errors import contradiction
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, json_body

_DAYS = "NEM date for prices and usage, Central date for loads and substations."
_DEFAULT_DAYS = 60
_MOST_DAYS = 400
_QUERY = vol.Schema(
    {
        vol.Optional("kind"): OneOf(Kind),
        vol.Optional("owner"): SomeText(),
        vol.Optional(
            "start", description=f"First day; 60 days before the end. {_DAYS}"
        ): Day(),
        vol.Optional(
            "end",
            description=f"Last day, included; today. At most {_MOST_DAYS} days. "
            f"{_DAYS}",
        ): Day(),
    }
)


class DayAnswer(TypedDict):
    """A day of a series."""

    day: Annotated[Date, Doc(_DAYS)]
    state: DayState
    expected_minutes: int
    present_minutes: int


class SeriesDaysAnswer(TypedDict):
    """A series with the days that the ledger has of it."""

    kind: Kind
    owner: str
    """Site id, or area number as text."""
    channel: str | None
    """Prices: channel type; usage: register; KAMO: null."""
    days: list[DayAnswer]
    """Ascending; a day that is not there was never asked for."""


class LedgerAnswer(TypedDict):
    """Days of every series."""

    start: Date
    end: Date
    series: list[SeriesDaysAnswer]


def ledger_operations() -> tuple[Operation, ...]:
    """Return what shows the ledger."""
    return (
        Operation(
            path="/api/ledger/days",
            handler=_list,
            summary="List what is known of each day of each series: complete or not, "
            "and how much of it is there.",
            group=Group.BACKFILL,
            query=_QUERY,
            answer=Answer(description="Days by series.", schema=LedgerAnswer),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _list(request: web.Request) -> web.Response:
    deps = deps_of(request)
    query = query_of(request)
    last: date = query.get("end", nem_date_at(deps.clock.now()))
    back = min(_DEFAULT_DAYS - 1, (last - date.min).days)
    first: date = query.get("start", last - timedelta(days=back))
    if last < first:
        raise contradiction("end", "must not lie before start")
    if (last - first).days >= _MOST_DAYS:
        raise contradiction("start", f"must lie within {_MOST_DAYS} days of the end")
    kind: Kind | None = query.get("kind")
    owner: str | None = query.get("owner")

    def body(connection: Reader) -> bytes:
        days = day_number(first), day_number(last)
        found = ledger_days(connection, days, kind, owner)
        answer: LedgerAnswer = {
            "start": first.isoformat(),
            "end": last.isoformat(),
            "series": [_series(series, of_it) for series, of_it in found.items()],
        }
        return json_body(answer)

    return body_reply(await deps.store.read(body))


def _series(series: SeriesKey, days: list[CalendarDay]) -> SeriesDaysAnswer:
    return {
        "kind": series.kind,
        "owner": series.owner,
        "channel": series.channel or None,
        "days": [
            {
                "day": date_of_day_number(one.day).isoformat(),
                "state": one.state,
                "expected_minutes": one.expected_minutes,
                "present_minutes": one.present_minutes,
            }
            for one in days
        ],
    }
