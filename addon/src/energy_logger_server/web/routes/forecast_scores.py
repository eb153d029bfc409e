"""``/api/forecasts``: which one can be trusted, how far ahead, and corrected ones."""

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.store.amber.corrected_forecast import corrected_prices
from energy_logger_server.store.amber.forecast_scores import price_scores
from energy_logger_server.store.kamo.corrected_forecast import corrected_loads
from energy_logger_server.store.kamo.forecast_scores import load_scores
from energy_logger_server.web.datasets.fields import area_fields
from energy_logger_server.web.datasets.forecast_scores import (
    LOAD_UNIT,
    PRICE_UNIT,
    SCORES_QUERY,
    CorrectedAnswer,
    CorrectedLoadAnswer,
    CorrectedPricesAnswer,
    LoadScoresAnswer,
    PriceScoresAnswer,
    ScoreAnswer,
    corrected_fields,
    score_order,
    scores_fields,
)
from energy_logger_server.web.datasets.lookups import find_area, find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import field_names
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

_QUERY = vol.Schema({**SCORES_QUERY, **FORMAT})
_CORRECTED_QUERY = vol.Schema(FORMAT)


def forecast_score_operations() -> tuple[Operation, ...]:
    """Return what tells how good forecasts were."""
    return (
        Operation(
            path="/api/forecasts/scores/prices/{site}",
            handler=_prices,
            summary="Score every forecast of a site's prices against what came.",
            group=Group.FORECASTS,
            query=_QUERY,
            answer=Answer(
                description="Scores by horizon, and corrections.",
                schema=PriceScoresAnswer,
                media_types=ROWS,
            ),
            is_kept=True,
        ),
        Operation(
            path="/api/forecasts/scores/load/{area}",
            handler=_load,
            summary="Score KAMO's forecasts of an area's load against what came.",
            group=Group.FORECASTS,
            query=_QUERY,
            answer=Answer(
                description="Scores by horizon, and corrections.",
                schema=LoadScoresAnswer,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
        Operation(
            path="/api/forecasts/corrected/prices/{site}",
            handler=_corrected_prices,
            summary="List the prices that are expected, with those that correction "
            "makes of them.",
            group=Group.FORECASTS,
            query=_CORRECTED_QUERY,
            answer=Answer(
                description="Forecasts of the next 24 hours.",
                schema=CorrectedPricesAnswer,
                media_types=ROWS,
            ),
            is_kept=True,
        ),
        Operation(
            path="/api/forecasts/corrected/load/{area}",
            handler=_corrected_load,
            summary="List the loads that KAMO expects, with those that correction "
            "makes of them.",
            group=Group.FORECASTS,
            query=_CORRECTED_QUERY,
            answer=Answer(
                description="Forecasts of the next 24 hours.",
                schema=CorrectedLoadAnswer,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
    )


async def _prices(request: web.Request) -> web.Response:
    query = query_of(request)
    site_id = await find_site(request)
    deps = deps_of(request)
    order = score_order(
        deps.clock.now(), query["days"], NEM_TIME, is_by_hour=query["by_hour"]
    )
    report = await deps.store.read(price_scores, site_id, order)
    whole: PriceScoresAnswer = {
        "site_id": site_id,
        **scores_fields(report, order, NEM_TIME, PRICE_UNIT),
    }
    return _reply(request, whole, ScoreAnswer)


async def _load(request: web.Request) -> web.Response:
    query = query_of(request)
    area = await find_area(request)
    deps = deps_of(request)
    order = score_order(
        deps.clock.now(), query["days"], CENTRAL, is_by_hour=query["by_hour"]
    )
    report = await deps.store.read(load_scores, area.area_id, order)
    whole: LoadScoresAnswer = {
        **area_fields(area),
        **scores_fields(report, order, CENTRAL, LOAD_UNIT),
    }
    return _reply(request, whole, ScoreAnswer)


async def _corrected_prices(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    deps = deps_of(request)
    now = int(deps.clock.now().timestamp())
    found = await deps.store.read(corrected_prices, site_id, now)
    whole: CorrectedPricesAnswer = {
        "site_id": site_id,
        "unit": PRICE_UNIT,
        "data": [corrected_fields(one, NEM_TIME) for one in found],
    }
    return _reply(request, whole, CorrectedAnswer)


async def _corrected_load(request: web.Request) -> web.Response:
    area = await find_area(request)
    deps = deps_of(request)
    now = int(deps.clock.now().timestamp())
    found = await deps.store.read(corrected_loads, area.area_id, now)
    whole: CorrectedLoadAnswer = {
        **area_fields(area),
        "unit": LOAD_UNIT,
        "data": [corrected_fields(one, CENTRAL) for one in found],
    }
    return _reply(request, whole, CorrectedAnswer)


def _reply(
    request: web.Request,
    whole: PriceScoresAnswer
    | LoadScoresAnswer
    | CorrectedPricesAnswer
    | CorrectedLoadAnswer,
    row: type,
) -> web.Response:
    layout = Layout.of(query_of(request))
    body = rows_body(layout, whole=whole, rows=whole["data"], columns=field_names(row))
    return rows_reply(layout, body)
