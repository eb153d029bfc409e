"""``/api/costs``: what a site's energy cost, by date, month and year, and in sum."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.costs.costs import (
    Dates,
    Money,
    PeriodCost,
    RegisterCost,
    added_up,
    costs_by_period,
    days_between,
)
from energy_logger_server.domain.load.peaks import Period
from energy_logger_server.store.amber.costs import cost_days, cost_of_hours
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.columns import (
    all_fields_of,
    cells_of,
    names_of,
)
from energy_logger_server.web.datasets.costs import (
    COSTS,
    DATE,
    REGISTER,
    means,
    money,
    shares,
)
from energy_logger_server.web.datasets.lookups import find_site
from energy_logger_server.web.datasets.nem_dates import (
    DAYS,
    LAST_DAYS,
    SPAN,
    Month,
    dates_asked,
    last_days,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import HOURS, OneOf
from energy_logger_server.web.http.errors import contradiction
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Format,
    Layout,
    csv_body,
    rows_body,
    rows_reply,
)

from .schema import DAILY, SUMMARY

_DEFAULT_DAYS = 30
_HOUR_S = 3600
_NO_DAYS = {"days_with_data": None, "days_complete": None, "is_complete": None}
_DAILY = vol.Schema(
    {
        **SPAN,
        vol.Optional("period", default=Period.DAY.value): OneOf(Period),
        **FORMAT,
    }
)
_SUMMARY = vol.Schema(
    {
        vol.Optional(
            "hours", description="How many whole hours that are over to go back."
        ): HOURS,
        vol.Optional("days", description=LAST_DAYS): DAYS,
        vol.Optional("month", description="A month of NEM dates: 2026-01."): Month(),
    }
)


def cost_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/costs``."""
    return (
        Operation(
            path="/api/costs/daily/{site}",
            handler=_daily,
            summary="List what each NEM date, month or year cost.",
            group=Group.COSTS,
            query=_DAILY,
            answer=Answer(
                description="Periods with usage in ascending order; without a span, "
                f"the last {_DEFAULT_DAYS} days.",
                schema=DAILY,
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/costs/summary/{site}",
            handler=_summary,
            summary="Get what the last hours or days, or a month, cost.",
            group=Group.COSTS,
            query=_SUMMARY,
            answer=Answer(
                description="Sums and means; without a span, of the last "
                f"{_DEFAULT_DAYS} days.",
                schema=SUMMARY,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _daily(request: web.Request) -> web.Response:
    query = query_of(request)
    deps = deps_of(request)
    asked = dates_asked(query, deps.clock.now(), _DEFAULT_DAYS)
    period: Period = query["period"]
    layout = Layout.of(query)
    site_id = await find_site(request)
    body = await deps.store.read(
        lambda connection: _daily_body(
            layout,
            {"site_id": site_id, "period": period.value},
            costs_by_period(cost_days(connection, site_id, asked), period, asked),
        )
    )
    return rows_reply(layout, body)


def _daily_body(layout: Layout, head: wire.Fields, periods: list[PeriodCost]) -> bytes:
    """Return the body; made in the reader's thread, it may be long."""
    if layout.form is Format.CSV:
        return csv_body(
            layout,
            names_of(COSTS),
            (
                (DATE.value(one), *cells)
                for one in periods
                for cells in cells_of(REGISTER, _by_name(one))
            ),
        )
    rows = [_period(one) for one in periods]
    whole = {**head, "data": rows, "count": len(rows)}
    return rows_body(layout, whole=whole, rows=rows, columns=names_of(COSTS))


def _by_name(one: PeriodCost) -> list[RegisterCost]:
    return sorted(one.registers, key=lambda cost: cost.identifier)


def _period(one: PeriodCost) -> wire.Fields:
    return {
        DATE.name: DATE.value(one),
        "days": one.days,
        **_completeness(one),
        **shares(one.registers),
        **money(Money.of(one.registers)),
        "registers": all_fields_of(REGISTER, one.registers),
    }


def _completeness(one: PeriodCost) -> wire.Fields:
    return {
        "days_with_data": one.days_with_usage,
        "days_complete": one.days_complete,
        "is_complete": one.is_complete,
    }


async def _summary(request: web.Request) -> web.Response:
    query = query_of(request)
    if len(query) > 1:
        raise contradiction(max(query), "is one too many of hours, days and month")
    deps = deps_of(request)
    now = deps.clock.now()
    site_id = await find_site(request)
    if "hours" in query:
        hours = _whole_hours(query["hours"], now)
        registers = await deps.store.read(cost_of_hours, site_id, hours)
        span = _of_hour(hours[0]), _of_hour(hours[1])
        return json_reply(_summary_fields(site_id, span, _NO_DAYS, registers))
    asked: Dates = query.get("month") or last_days(
        query.get("days", _DEFAULT_DAYS), now
    )
    found = await deps.store.read(cost_days, site_id, asked)
    one = added_up(asked[0], found, days_between(asked))
    span = nem_day_start(asked[0]), nem_day_start(asked[1]) + timedelta(days=1)
    return json_reply(_summary_fields(site_id, span, _completeness(one), one.registers))


def _summary_fields(
    site_id: str,
    span: tuple[datetime, datetime],
    completeness: wire.Fields,
    registers: tuple[RegisterCost, ...],
) -> wire.Fields:
    return {
        "site_id": site_id,
        "starts_at": wire.nem_text(span[0]),
        "ends_at": wire.nem_text(span[1]),
        **completeness,
        **money(Money.of(registers)),
        **means(registers),
        "registers": all_fields_of(REGISTER, registers),
    }


def _whole_hours(hours: int, now: datetime) -> tuple[int, int]:
    """Return the first of the last hours, and the running one, since the epoch."""
    running = int(now.timestamp()) // _HOUR_S
    return running - hours, running


def _of_hour(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * _HOUR_S, UTC)
