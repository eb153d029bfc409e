"""``/api/determinants``: what an area's demand bill is made of, so far; public."""

from datetime import date
from typing import Any

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.determinants.bill import Rates
from energy_logger_server.domain.determinants.standing import (
    YearRule,
    standing,
    system_peaks,
)
from energy_logger_server.domain.determinants.year import BillingYear
from energy_logger_server.domain.load.peaks import DayPeak
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.areas import SYSTEM, area_named
from energy_logger_server.store.kamo.load_months import load_at, load_days
from energy_logger_server.store.kamo.peak_reviews import peak_reviews
from energy_logger_server.store.kamo.substation_days import substation_days
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import Flag, Matching, SomeOf, WholeNumber
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

from .answers import (
    COLUMNS,
    DeterminantsAnswer,
    Found,
    determinant_rows,
    determinants_answer,
)

_MONTHS = tuple(str(month) for month in range(1, 13))
_RATE = Matching("[0-9]{1,7}([.][0-9]{1,7})?", "must be a number from 0 on")


def _list_text(months: frozenset[int]) -> str:
    return ",".join(map(str, sorted(months)))


_QUERY = vol.Schema(
    {
        vol.Optional(
            "year", description="In which the billing year begins; else the present."
        ): WholeNumber(1998, 2998),
        vol.Optional(
            "first_month", default="1", description="With which it begins."
        ): WholeNumber(1, 12),
        vol.Optional(
            "summer",
            default=_list_text(YearRule().summer),
            description="Months whose highest days count as the hottest.",
        ): SomeOf(_MONTHS),
        vol.Optional(
            "winter",
            default=_list_text(YearRule().winter),
            description="Months whose highest days count as the coldest.",
        ): SomeOf(_MONTHS),
        vol.Optional(
            "days", default=str(YearRule().days), description="Of each season."
        ): WholeNumber(1, 31),
        vol.Optional(
            "count_suspects",
            default="false",
            description="Whether a substation's spike is its month's peak.",
        ): Flag(),
        vol.Optional(
            "peak_rate", description="Price of a billed kW, in any currency."
        ): _RATE,
        vol.Optional("base_rate", description="Price of a kW of the base."): _RATE,
        **FORMAT,
    }
)


def determinant_operations() -> tuple[Operation, ...]:
    """Return the operations on determinants."""
    return (
        Operation(
            path="/api/determinants/{area}",
            handler=_determinants,
            summary="Get what an area's demand bill of a year is made of, so far.",
            group=Group.LOAD,
            query=_QUERY,
            answer=Answer(
                description="Billed days, substations' peaks, and their figures.",
                schema=DeterminantsAnswer,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
        ),
    )


async def _determinants(request: web.Request) -> web.Response:
    query = query_of(request)
    area = await find_area(request)
    deps = deps_of(request)
    today = central_date_at(deps.clock.now())
    year = _year(query, today)
    rule = YearRule(
        summer=frozenset(map(int, query["summer"])),
        winter=frozenset(map(int, query["winter"])),
        days=query["days"],
        counts_suspects=query["count_suspects"],
    )
    found = await deps.store.read(_read, area, year, rule, today)
    whole = determinants_answer(area, year, found, _rates(query))
    rows = [*determinant_rows(whole)]
    layout = Layout.of(query)
    return rows_reply(
        layout, rows_body(layout, whole=whole, rows=rows, columns=COLUMNS)
    )


def _year(query: dict[str, Any], today: date) -> BillingYear:
    first_month: int = query["first_month"]
    usual = today.year if today.month >= first_month else today.year - 1
    return BillingYear(date(query.get("year", usual), first_month, 1))


def _rates(query: dict[str, Any]) -> Rates | None:
    if "peak_rate" not in query or "base_rate" not in query:
        return None
    return Rates(float(query["peak_rate"]), float(query["base_rate"]))


def _read(
    connection: Reader,
    area: KnownArea,
    year: BillingYear,
    rule: YearRule,
    today: date,
) -> Found:
    first, end = day_number(year.before.first), day_number(year.end)
    days = [
        DayPeak(one.day, one.load_max_e1, one.max_at)
        for one in load_days(connection, area.area_id, (first, end - 1))
    ]
    substations = substation_days(connection, area.area_id, (first, end))
    reviews = peak_reviews(connection, area.area_id)
    system = area_named(connection, SYSTEM)
    span = day_number(year.first), end - 1
    months = (
        []
        if system is None
        else system_peaks(load_days(connection, system.area_id, span))
    )
    return Found(
        standing(year, rule, days, substations, today, reviews),
        [(one, load_at(connection, area.area_id, one.at)) for one in months],
    )
