"""The web application: all routes, and what their handlers need."""

from aiohttp import web

from .amber import amber_routes
from .auth import GUARD, Guard
from .deps import DEPS, WebDeps
from .errors import answer_errors
from .health import health_routes
from .imports import import_routes
from .load import load_routes
from .status import TOTALS, status_routes
from .substations import substation_routes
from .totals import Totals


def make_web_app(deps: WebDeps) -> web.Application:
    """Return the application that answers on the API's port."""
    app = web.Application(middlewares=[answer_errors])
    app[DEPS] = deps
    app[GUARD] = Guard(deps.api_key, deps.clock.now)
    app[TOTALS] = Totals(deps.store)
    for routes in (
        health_routes(),
        status_routes(),
        load_routes(),
        substation_routes(),
        import_routes(),
        amber_routes(),
    ):
        app.add_routes(routes)
    return app
