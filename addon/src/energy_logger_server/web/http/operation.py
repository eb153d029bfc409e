"""Operations: what can be asked of the server, and everything said about it.

Routing, access, the check of query and body, and the OpenAPI description all come from
here, so none of them can say something else than the others.
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from http import HTTPMethod, HTTPStatus

import voluptuous as vol
from aiohttp import web
from aiohttp.typedefs import Handler

from .auth import GUARD
from .errors import ApiError
from .kept_answers import keeping
from .parameters import LARGEST_BODY, NOTHING, check_body, check_query
from .rows import JSON

_TIME_LIMIT_S = 60


class Access(StrEnum):
    """Who may ask."""

    PUBLIC = "public"
    KEY = "key"


class Group(StrEnum):
    """Headings of the documentation, in its order."""

    SERVER = "Server"
    SESSION = "Session"
    LOAD = "KAMO load"
    SUBSTATIONS = "KAMO substations"
    AMBER = "Amber prices and usage"
    COSTS = "Amber costs"
    FORECASTS = "Forecasts"
    STATISTICS = "Statistics"
    SERIES = "Chart data"
    EXPORTS = "Exports"
    LIVE = "Live events"
    RUNS = "Runs"
    BACKFILL = "Backfill and gaps"
    BACKUPS = "Backups"
    TABLES = "Tables"
    SETTINGS = "Settings"
    MIRROR = "Mirror"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good answer.

    Attributes:
        description: What it holds.
        schema: Of its JSON: a type, see ``answer_types``, or a voluptuous schema; None
            when there is none.
        status: Its status.
        media_types: What it can be written in.
    """

    description: str
    schema: object = None
    status: HTTPStatus = HTTPStatus.OK
    media_types: tuple[str, ...] = (JSON,)


def _no_parameters() -> vol.Schema:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Filters:
    """Query parameters that are named after columns, such as ``load_kw__gte``.

    Attributes:
        form: Regular expression of their names; which there are depends on the path.
        description: How they are written.
    """

    form: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes:
        method: Of HTTP; a GET that is no stream can be asked by HEAD too.
        path: With its parts in braces.
        handler: Gives the answer.
        summary: One sentence for the documentation.
        group: Its heading there.
        answer: The good answer.
        query: Checked before the handler runs, see ``query_of``.
        filters: What further parameters of the query are, see ``filters_of``; None
            when there are none.
        body: JSON, checked likewise, see ``body_of``; None when none is read.
        access: Who may ask.
        wrong_key_status: What a wrong key is answered with.
        errors: Statuses besides those that ``all_errors`` derives.
        is_kept: Whether the answer follows from path, query, second and what is stored
            alone: then it is kept, see ``kept_answers``.
        is_stream: Whether the answer takes as long as it takes.
        time_limit_s: For the others: an answer that is not there by then is given up.
    """

    method: str = HTTPMethod.GET
    path: str
    handler: Handler
    summary: str
    group: Group
    answer: Answer
    query: vol.Schema = field(default_factory=_no_parameters)
    filters: Filters | None = None
    body: vol.Schema | None = None
    access: Access = Access.KEY
    wrong_key_status: HTTPStatus = HTTPStatus.UNAUTHORIZED
    errors: tuple[HTTPStatus, ...] = ()
    is_kept: bool = False
    is_stream: bool = False
    time_limit_s: float = _TIME_LIMIT_S

    @property
    def all_errors(self) -> tuple[HTTPStatus, ...]:
        """Every status of a bad answer, ascending."""
        found = {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.SERVICE_UNAVAILABLE,
            *self.errors,
        }
        if "{" in self.path:
            found.add(HTTPStatus.NOT_FOUND)
        if self.access is Access.KEY:
            found |= {
                HTTPStatus.UNAUTHORIZED,
                self.wrong_key_status,
                HTTPStatus.TOO_MANY_REQUESTS,
            }
            if self.method != HTTPMethod.GET:
                # a session changes things from our own pages only
                found.add(HTTPStatus.FORBIDDEN)
        if self.body is not None:
            found |= {
                HTTPStatus.REQUEST_TIMEOUT,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            }
        return tuple(sorted(found))


def routes_of(operation: Operation) -> tuple[web.RouteDef, web.RouteDef]:
    """Return the routes that let in, check and answer as an operation says.

    The second one takes further slashes between the parts of the path: a base address
    that ends with a slash makes ``//api/status`` or ``/mirror/amber/v1//sites``.
    """

    async def answered(request: web.Request) -> web.StreamResponse:
        announced = request.content_length or 0
        if announced > LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, announced)
        check_query(request, operation.query, has_filters=operation.filters is not None)
        if operation.body is not None:
            await check_body(request, operation.body)
        if operation.is_stream:
            return await operation.handler(request)
        return await _in_time(operation, request)

    handler = keeping(answered) if operation.is_kept else answered

    @wraps(operation.handler)
    async def let_in(request: web.Request) -> web.StreamResponse:
        if operation.access is Access.KEY:
            request.app[GUARD].authenticate(request, operation.wrong_key_status)
        return await handler(request)

    def route(path: str) -> web.RouteDef:
        if operation.method == HTTPMethod.GET:
            return web.get(path, let_in, allow_head=not operation.is_stream)
        return web.route(operation.method, path, let_in)

    return route(operation.path), route(with_more_slashes(operation.path))


def with_more_slashes(path: str) -> str:
    """Return the pattern of a path that takes further slashes between its parts."""
    first, *others = path.split("/")
    return first + "".join(
        f"/{{_{number}:/*}}{part}" for number, part in enumerate(others)
    )


async def _in_time(operation: Operation, request: web.Request) -> web.StreamResponse:
    try:
        async with asyncio.timeout(operation.time_limit_s):
            return await operation.handler(request)
    except TimeoutError as err:
        raise ApiError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "too_slow",
            f"this took longer than {operation.time_limit_s:g} s: ask for less",
        ) from err
