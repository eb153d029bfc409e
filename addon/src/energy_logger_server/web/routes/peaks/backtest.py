"""``/api/peaks/backtest``: the peak watch judged on what is stored."""

from http import HTTPMethod, HTTPStatus
from typing import Any, TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.peak_watch.numbers_text import parse_numbers
from energy_logger_server.domain.peak_watch.past import FittedOn
from energy_logger_server.domain.peak_watch.report import BacktestOrder, Worth
from energy_logger_server.domain.peak_watch.rule import BillingPeriod, PeakRule
from energy_logger_server.errors import BacktestInProgress
from energy_logger_server.web.datasets.backtest_fields import (
    BacktestAnswer,
    BacktestStateAnswer,
    backtest_state_fields,
    report_fields,
)
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import Matching, OneOf, WholeNumber
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply

_HOURS = WholeNumber(1, 200)
_AMOUNT = Matching("[0-9]{1,9}([.][0-9]{1,7})?", "must be a number from 0 on")
_MONTH = "(?:[1-9]|1[0-2])"
_SPAN = f"{_MONTH}(?:-{_MONTH})?"
_MONTHS = Matching(f"{_SPAN}(?:,{_SPAN}){{0,11}}", "must be months such as 6-9,12-3")
_QUERY = vol.Schema(
    {
        vol.Optional(
            "lead",
            default="2",
            description="Hours from an announcement to the hour's beginning, at least.",
        ): WholeNumber(1, 12),
        vol.Optional(
            "budget",
            description="Hours announced in a month or season, at the most; else no "
            "bound.",
        ): _HOURS,
        vol.Optional(
            "mean", description="The same on average; else as the budget, or 13."
        ): _HOURS,
        vol.Optional(
            "fit",
            default=FittedOn.PAST.value,
            description="What each month is judged by: months before it, or other "
            "years.",
        ): OneOf(FittedOn),
        vol.Optional(
            "period",
            default=BillingPeriod.MONTH.value,
            description="Over what the peak is sought: each month, or those that "
            "follow each other.",
        ): OneOf(BillingPeriod),
        vol.Optional(
            "months", default="1-12", description="Months that are billed."
        ): _MONTHS,
        vol.Optional(
            "peaks",
            default="1",
            description="Days of a month or season that are billed, each with its "
            "highest hour.",
        ): WholeNumber(1, 31),
        vol.Optional(
            "shed_kw", description="Load that is shed in an announced hour, kW."
        ): _AMOUNT,
        vol.Optional(
            "price", description="Of a kW of the month's peak, in any currency."
        ): _AMOUNT,
    }
)


class BacktestJobAnswer(TypedDict):
    """The newest back-test."""

    job: BacktestStateAnswer | None
    """Under way, or the last that ended since the start."""
    result: BacktestAnswer | None
    """What it found; null while it is under way, and if it found nothing."""


def backtest_operations() -> tuple[Operation, ...]:
    """Return what judges the peak watch."""
    return (
        Operation(
            path="/api/peaks/backtest",
            handler=_newest,
            summary="Get how far the peak watch's back-test is, and what it found.",
            group=Group.LOAD,
            answer=Answer(
                description="The newest since the start.", schema=BacktestJobAnswer
            ),
        ),
        Operation(
            method=HTTPMethod.POST,
            path="/api/peaks/backtest/{area}",
            handler=_start,
            summary="Find out in the background which hours the peak watch would have "
            "announced in an area's past, and what came of it.",
            group=Group.LOAD,
            query=_QUERY,
            answer=Answer(
                description="It has begun.",
                schema=BacktestStateAnswer,
                status=HTTPStatus.ACCEPTED,
            ),
            errors=(HTTPStatus.CONFLICT,),
        ),
    )


async def _newest(request: web.Request) -> web.Response:
    job = deps_of(request).backtests.job
    report = None if job is None else job.report
    answer: BacktestJobAnswer = {
        "job": None if job is None else backtest_state_fields(job),
        "result": None if report is None else report_fields(report),
    }
    return json_reply(answer)


async def _start(request: web.Request) -> web.Response:
    area = await find_area(request)
    try:
        job = deps_of(request).backtests.start(area, _order(query_of(request)))
    except BacktestInProgress as err:
        raise ApiError(HTTPStatus.CONFLICT, err.code, str(err)) from err
    return json_reply(backtest_state_fields(job), status=HTTPStatus.ACCEPTED)


def _order(query: dict[str, Any]) -> BacktestOrder:
    rule = PeakRule(
        months=parse_numbers(query["months"], 1, 12).chosen,
        peaks=query["peaks"],
        period=query["period"],
    )
    shed, price = (query.get(name) for name in ("shed_kw", "price"))
    return BacktestOrder(
        rule,
        query["lead"],
        query.get("budget"),
        query.get("mean"),
        query["fit"],
        Worth(
            None if shed is None else float(shed),
            None if price is None else float(price),
        ),
    )
