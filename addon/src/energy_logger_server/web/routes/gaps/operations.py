"""``/api/gaps``: days that are not complete, why, and reading them again."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from http import HTTPMethod, HTTPStatus
from typing import Any

from aiohttp import web

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.domain.collecting.gaps import Gap, Obstacle, Reach
from energy_logger_server.domain.collecting.ledger import SeriesKey
from energy_logger_server.store.ledger.gaps import (
    GapCursor,
    GapPage,
    GapSpan,
    askable_series,
    gaps,
)
from energy_logger_server.web.datasets.fields import utc_text
from energy_logger_server.web.deps import BackfillControl, deps_of
from energy_logger_server.web.http.errors import contradiction
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.page_cursor import next_link
from energy_logger_server.web.http.parameters import body_of, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import ROWS, Layout, rows_body, rows_reply

from .answers import (
    GAP_COLUMNS,
    GAPS_ORDER,
    GAPS_QUERY,
    REPAIR,
    GapAnswer,
    GapsAnswer,
    RepairedAnswer,
    WhatReads,
)


def gap_operations() -> tuple[Operation, ...]:
    """Return what shows gaps and has them filled."""
    return (
        Operation(
            path="/api/gaps",
            handler=_list,
            summary="List the days of each series that are over and not complete, "
            "with the cause and whether they can be repaired.",
            group=Group.BACKFILL,
            query=GAPS_QUERY,
            answer=Answer(
                description="Gaps, newest days first.",
                schema=GapsAnswer,
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            method=HTTPMethod.POST,
            path="/api/gaps/repair",
            handler=_repair,
            summary="Start reading again what the gaps that can be repaired miss.",
            group=Group.BACKFILL,
            body=REPAIR,
            answer=Answer(
                description="What will be read again.", schema=RepairedAnswer
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _list(request: web.Request) -> web.Response:
    query = query_of(request)
    cursor = None
    if "cursor" in query:
        cursor = GapCursor(*GAPS_ORDER.values(query["cursor"]))
    now = deps_of(request).clock.now()
    wanted = _span(query, now, cursor, query["limit"])
    layout = Layout.of(query)
    has_token = _backfill(request) is not None
    body, behind = await deps_of(request).store.read(
        lambda connection: _page(
            layout,
            gaps(connection, wanted),
            _reach(askable_series(connection), wanted, has_token=has_token),
        )
    )
    return rows_reply(layout, body, headers=_next_link(request, behind))


def _page(
    layout: Layout, page: GapPage, reach: Reach
) -> tuple[bytes, GapCursor | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    rows = [_gap_fields(gap, reach) for gap in page.gaps]
    whole: GapsAnswer = {
        "gaps": rows,
        "count": len(rows),
        "truncated": page.cursor is not None,
    }
    body = rows_body(layout, whole=whole, rows=rows, columns=GAP_COLUMNS)
    return body, page.cursor


def _reach(series: Collection[SeriesKey], wanted: GapSpan, *, has_token: bool) -> Reach:
    return Reach(series if has_token else None, wanted.nem_today)


def _next_link(request: web.Request, behind: GapCursor | None) -> dict[str, str]:
    if behind is None:
        return {}
    cursor = GAPS_ORDER.cursor((behind.day, behind.series_id))
    return next_link(request.query.items(), cursor=cursor)


async def _repair(request: web.Request) -> web.Response:
    """Mark what can be repaired; a pass that runs has its plan and cannot see it."""
    deps = deps_of(request)
    backfill = _backfill(request)
    wanted = _span(body_of(request), deps.clock.now())
    page, reach = await deps.store.read(
        lambda connection: (
            gaps(connection, wanted),
            _reach(askable_series(connection), wanted, has_token=backfill is not None),
        )
    )
    days, obstacles = _sorted_out(page, reach)
    if days:
        await deps.store.want_days_again(days)
    answer: RepairedAnswer = {
        "marked": sum(map(len, days.values())),
        "not_repairable": [
            {"why_not": obstacle, "days": number}
            for obstacle, number in obstacles.items()
        ],
        "backfill": _read_again(backfill, is_needed=bool(days)),
    }
    return json_reply(answer)


def _sorted_out(
    page: GapPage, reach: Reach
) -> tuple[Mapping[SeriesKey, Sequence[date]], Mapping[Obstacle, int]]:
    """Return the days that can be read again, and how many cannot for each reason."""
    days: dict[SeriesKey, list[date]] = {}
    obstacles: Counter[Obstacle] = Counter()
    for gap in page.gaps:
        obstacle = reach.obstacle(gap.series, gap.day)
        if obstacle is None:
            days.setdefault(gap.series, []).append(gap.day)
        else:
            obstacles[obstacle] += 1
    return days, obstacles


def _read_again(backfill: BackfillControl | None, *, is_needed: bool) -> WhatReads:
    if backfill is None:
        return "not_set_up"
    if not is_needed:
        return "not_needed"
    return "started" if backfill.queue() else "queued"


def _backfill(request: web.Request) -> BackfillControl | None:
    return deps_of(request).backfill


def _span(
    asked: Mapping[str, Any],
    now: datetime,
    cursor: GapCursor | None = None,
    limit: int | None = None,
) -> GapSpan:
    first, last = asked.get("start"), asked.get("end")
    if first is not None and last is not None and last < first:
        raise contradiction("end", "must not lie before start")
    return GapSpan(
        nem_today=nem_date_at(now),
        central_today=central_date_at(now),
        kind=asked.get("kind"),
        owner=asked.get("owner"),
        state=asked.get("state"),
        first=first,
        last=last,
        cursor=cursor,
        limit=limit,
    )


def _gap_fields(gap: Gap, reach: Reach) -> GapAnswer:
    obstacle = reach.obstacle(gap.series, gap.day)
    return {
        "kind": gap.series.kind,
        "owner": gap.series.owner,
        "channel": gap.series.channel or None,
        "day": gap.day.isoformat(),
        "state": gap.state,
        "expected_minutes": gap.expected_minutes,
        "present_minutes": gap.present_minutes,
        "missing_minutes": gap.missing_minutes,
        "estimated_minutes": gap.estimated_minutes,
        "cause": gap.cause,
        "attempts": gap.attempts,
        "last_checked_at": utc_text(gap.checked_at),
        "is_marked": gap.is_marked,
        "can_be_repaired": obstacle is None,
        "why_not": obstacle,
    }
