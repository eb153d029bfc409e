"""The web application: every operation, and what their handlers need."""

from asyncio import Lock
from collections.abc import Collection
from functools import cache
from pathlib import Path

from aiohttp import web

from energy_logger_server.store.browse.counts import RowCounter

from .amber_home.routes import home_operations
from .deps import DEPS, WebDeps
from .events.routes import add_streams, event_operations
from .export.routes import export_operations
from .http.auth import GUARD, Guard
from .http.cors import OriginHeaders, allow_origins
from .http.errors import answer_errors
from .http.ingress import AllowAll, allow_only
from .http.kept_answers import KEPT_ANSWERS, KeptAnswers
from .http.operation import Operation, routes_of
from .http.parameters import LARGEST_BODY
from .http.security_headers import add_security_headers
from .http.sessions import SESSIONS
from .mirror.routes import mirror_operations
from .pages.routes import BUILT_PAGES, page_routes
from .routes.amber_token import token_operations
from .routes.backfill import backfill_operations
from .routes.backups.operations import backup_operations
from .routes.cheapest import cheapest_operations
from .routes.coincidence import coincidence_operations
from .routes.determinants.operations import determinant_operations
from .routes.determinants.reviews import review_operations
from .routes.docs import docs_operations, moved_routes
from .routes.feeds import feed_operations
from .routes.forecast_scores import forecast_score_operations
from .routes.gaps.operations import gap_operations
from .routes.health import health_operations
from .routes.imports import import_operations
from .routes.ledger import ledger_operations
from .routes.load import load_operations
from .routes.load_months import load_month_operations
from .routes.metrics.operations import metric_operations
from .routes.notifications import notification_operations
from .routes.peaks.announcements import announcement_operations
from .routes.peaks.backtest import backtest_operations
from .routes.peaks.watch import watch_operations
from .routes.runs import run_operations
from .routes.series.operations import series_operations
from .routes.session import session_operations
from .routes.settings.operations import settings_operations
from .routes.sites import amber_operations
from .routes.statistics.operations import statistics_operations
from .routes.status.operations import STATUS_READER, TOTALS, status_operations
from .routes.status.stored import StatusReader
from .routes.status.totals import Totals
from .routes.substation_health import substation_health_operations
from .routes.substations import substation_operations
from .routes.tables.operations import (
    BROWSING,
    ROW_COUNTER,
    table_operations,
)


@cache
def operations() -> tuple[Operation, ...]:
    """Return everything that can be asked, in the order of the documentation."""
    return (
        *health_operations(),
        *docs_operations(operations),
        *session_operations(),
        *status_operations(),
        *load_operations(),
        *load_month_operations(),
        *determinant_operations(),
        *review_operations(),
        *coincidence_operations(),
        *watch_operations(),
        *announcement_operations(),
        *backtest_operations(),
        *substation_operations(),
        *substation_health_operations(),
        *amber_operations(),
        *cheapest_operations(),
        *feed_operations(),
        *home_operations(),
        *export_operations(),
        *forecast_score_operations(),
        *statistics_operations(),
        *series_operations(),
        *import_operations(),
        *run_operations(),
        *backfill_operations(),
        *gap_operations(),
        *ledger_operations(),
        *metric_operations(),
        *event_operations(),
        *backup_operations(),
        *table_operations(),
        *settings_operations(),
        *token_operations(),
        *notification_operations(),
        *mirror_operations(),
    )


def make_web_app(
    deps: WebDeps,
    *,
    cors_origins: Collection[str] = (),
    ingress_from: Collection[str] | None = None,
    built_pages: Path = BUILT_PAGES,
) -> web.Application:
    """Return the application that answers on a port.

    Args:
        deps: What handlers need.
        cors_origins: Web sites whose scripts may read answers.
        ingress_from: For the port of Home Assistant's ingress: the addresses that may
            ask, without a key. None for the API's port.
        built_pages: Folder of the built pages.
    """
    is_ingress = ingress_from is not None
    ingress = [allow_only(ingress_from)] if ingress_from is not None else []
    app = web.Application(
        middlewares=[allow_origins(cors_origins), answer_errors, *ingress],
        client_max_size=LARGEST_BODY,
    )
    app[DEPS] = deps
    if is_ingress:
        app[GUARD] = AllowAll()
    else:
        guard = Guard(deps.api_key, deps.clock.now)
        app[GUARD], app[SESSIONS] = guard, guard.sessions
    answers = KeptAnswers(deps.store.change_mark, deps.clock.now)
    totals = Totals(deps.store)
    app[KEPT_ANSWERS], app[TOTALS] = answers, totals
    app[STATUS_READER] = StatusReader(deps.store, totals, answers.mark)
    app[BROWSING], app[ROW_COUNTER] = Lock(), RowCounter()
    add_streams(app)
    app.on_response_prepare.append(add_security_headers)
    app.on_response_prepare.append(OriginHeaders(cors_origins))
    for resource in _resources():
        app.router.register_resource(resource)
    app.add_routes(page_routes(built_pages, is_ingress=is_ingress))
    return app


@cache
def _resources() -> tuple[web.AbstractResource, ...]:
    """Return the paths of all applications with their handlers.

    Handlers take all they need from a request: every port can route by the same ones.
    """
    router = web.UrlDispatcher()
    for operation in operations():
        router.add_routes(routes_of(operation))
    router.add_routes(moved_routes())
    return tuple(router.resources())
