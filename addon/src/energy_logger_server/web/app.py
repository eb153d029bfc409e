"""The web application: every operation, and what their handlers need."""

from asyncio import Lock
from collections.abc import Collection
from functools import cache

from aiohttp import web

from .amber import amber_operations
from .auth import GUARD, Guard
from .backfill import backfill_operations
from .cors import OriginHeaders, allow_origins
from .deps import DEPS, WebDeps
from .docs import docs_operations, moved_routes
from .doors import OpenGuard, only_from
from .errors import answer_errors
from .events import add_streams, event_operations
from .exports import export_operations
from .gaps import gap_operations
from .health import health_operations
from .imports import import_operations
from .load import load_operations
from .metrics import metric_operations
from .mirror import mirror_operations
from .operation import Operation, routes_of
from .parameters import LARGEST_BODY
from .response_security import add_security_headers
from .runs import run_operations
from .settings import settings_operations
from .statistics import statistics_operations
from .status import TOTALS, status_operations
from .substations import substation_operations
from .tables import BROWSING, table_operations
from .totals import Totals


@cache
def operations() -> tuple[Operation, ...]:
    """Return everything that can be asked, in the order of the documentation."""
    return (
        *health_operations(),
        *docs_operations(operations),
        *status_operations(),
        *load_operations(),
        *substation_operations(),
        *amber_operations(),
        *export_operations(),
        *statistics_operations(),
        *import_operations(),
        *run_operations(),
        *backfill_operations(),
        *gap_operations(),
        *metric_operations(),
        *event_operations(),
        *table_operations(),
        *settings_operations(),
        *mirror_operations(),
    )


def make_web_app(
    deps: WebDeps,
    *,
    cors_origins: Collection[str] = (),
    ingress_from: Collection[str] | None = None,
) -> web.Application:
    """Return the application that answers on a port.

    Args:
        deps: What handlers need.
        cors_origins: Web sites whose scripts may read answers.
        ingress_from: For the port of Home Assistant's ingress: the addresses that may
            ask, without a key. None for the API's port.
    """
    is_ingress = ingress_from is not None
    doors = [only_from(ingress_from)] if ingress_from is not None else []
    app = web.Application(
        middlewares=[allow_origins(cors_origins), answer_errors, *doors],
        client_max_size=LARGEST_BODY,
    )
    app[DEPS] = deps
    app[GUARD] = OpenGuard() if is_ingress else Guard(deps.api_key, deps.clock.now)
    app[TOTALS] = Totals(deps.store)
    app[BROWSING] = Lock()
    add_streams(app)
    app.on_response_prepare.append(add_security_headers)
    app.on_response_prepare.append(OriginHeaders(cors_origins))
    for operation in operations():
        app.add_routes(routes_of(operation))
    app.add_routes(moved_routes())
    return app
