"""``/api/coincidence``: who makes an area's monthly peaks; public."""

from datetime import UTC, datetime
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.load.coincidence import MemberKind, Share
from energy_logger_server.domain.load.months import months_back
from energy_logger_server.store.kamo.coincidence import coincidence
from energy_logger_server.web.datasets.fields import (
    KW_DIGITS,
    AreaAnswer,
    area_fields,
    central_text,
    maybe_rounded,
)
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time, field_names
from energy_logger_server.web.http.checks import WholeNumber
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

_SHARE_DIGITS = 4
_QUERY = vol.Schema(
    {
        vol.Optional(
            "months", default="12", description="How many months to go back."
        ): WholeNumber(1, 120),
        **FORMAT,
    }
)


class ShareAnswer(TypedDict):
    """A cooperative or substation in the hour of a peak."""

    month: str
    """Such as 2026-01."""
    peak_at: Time
    """Hour of the area's peak; of equal ones the first."""
    area_peak_kw: float
    """Load of the area then, kW."""
    is_tie: bool
    """Whether another hour of the month has the same load."""
    kind: MemberKind
    member_area_id: int
    """Number of the cooperative."""
    name: str
    """Of the cooperative or substation."""
    load_kw: float | None
    """Its load then, of a substation the hour's mean, kW; null when not known."""
    share: float | None
    """Its part of the area's peak; null when not known, like the following ones."""
    own_peak_kw: float | None
    """Its own peak of the month, kW."""
    coincidence_factor: float | None
    """Its load then as a part of its own peak."""
    load_factor: float | None
    """Its mean load of the month as a part of its own peak."""


class CoincidenceAnswer(AreaAnswer):
    """Who makes an area's peaks."""

    data: list[ShareAnswer]
    """By month, the newest first; cooperatives before substations."""


def coincidence_operations() -> tuple[Operation, ...]:
    """Return the operations on who makes peaks."""
    return (
        Operation(
            path="/api/coincidence/{area}",
            handler=_coincidence,
            summary="List every cooperative and substation in the hours of an area's "
            "monthly peaks.",
            group=Group.LOAD,
            query=_QUERY,
            answer=Answer(
                description="Shares and factors.",
                schema=CoincidenceAnswer,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
        ),
    )


async def _coincidence(request: web.Request) -> web.Response:
    query = query_of(request)
    area = await find_area(request)
    deps = deps_of(request)
    today = central_date_at(deps.clock.now())
    span = day_number(months_back(today, query["months"] - 1)), day_number(today)
    shares = await deps.store.read(coincidence, area, span)
    rows = [_fields(one) for one in shares]
    whole: CoincidenceAnswer = {**area_fields(area), "data": rows}
    layout = Layout.of(query)
    body = rows_body(layout, whole=whole, rows=rows, columns=field_names(ShareAnswer))
    return rows_reply(layout, body)


def _fields(one: Share) -> ShareAnswer:
    return {
        "month": f"{one.peak.month:%Y-%m}",
        "peak_at": central_text(datetime.fromtimestamp(one.peak.at, UTC)),
        "area_peak_kw": one.peak.load_kw,
        "is_tie": one.peak.hours_alike > 1,
        "kind": one.kind,
        "member_area_id": one.area_id,
        "name": one.name,
        "load_kw": maybe_rounded(one.load_kw, KW_DIGITS),
        "share": maybe_rounded(one.share, _SHARE_DIGITS),
        "own_peak_kw": one.own_peak_kw,
        "coincidence_factor": maybe_rounded(one.coincidence_factor, _SHARE_DIGITS),
        "load_factor": maybe_rounded(one.load_factor, _SHARE_DIGITS),
    }
