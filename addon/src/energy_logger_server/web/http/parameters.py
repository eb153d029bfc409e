"""Queries and bodies of requests: checked by schema, errors that name the parameter."""

import asyncio
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil, floor
from typing import Any

import orjson
import voluptuous as vol
from aiohttp import web

from .checks import HOURS
from .errors import ApiError, invalid_parameter

NOTHING = vol.Schema({})
"""The schema of a request without parameters."""

SUMMARY = vol.Schema({vol.Optional("hours", default="24"): HOURS})
"""The schema of a summary over the last hours."""

LARGEST_BODY = 1_048_576
"""Bytes that a request may carry."""

_BODY_TIME_S = 20
_JSON = "application/json"

_QUERY: web.RequestKey[dict[str, Any]] = web.RequestKey("query", dict)
_FILTERS: web.RequestKey[list[tuple[str, str]]] = web.RequestKey("filters", list)
_BODY: web.RequestKey[dict[str, Any]] = web.RequestKey("body", dict)


def query_of(request: web.Request) -> dict[str, Any]:
    """Return the checked parameters of a request."""
    return request[_QUERY]


def filters_of(request: web.Request) -> list[tuple[str, str]]:
    """Return the names and texts of the filters of a request, still to be checked."""
    return request[_FILTERS]


def body_of(request: web.Request) -> dict[str, Any]:
    """Return the checked JSON body of a request."""
    return request[_BODY]


def check_query(
    request: web.Request, schema: vol.Schema, *, has_filters: bool = False
) -> None:
    """Check the parameters of a request, for ``query_of``.

    Args:
        request: The request.
        schema: Of the parameters.
        has_filters: Whether others are filters, for ``filters_of``.

    Raises:
        ApiError: Names the first parameter that is wrong.
    """
    if not (request.query_string or schema.schema):
        request[_QUERY], request[_FILTERS] = {}, []
        return
    known = sorted(str(name) for name in schema.schema)
    sent: dict[str, str] = {}
    request[_FILTERS] = []
    for name, value in request.query.items():
        if name in sent:
            raise invalid_parameter(name, "is given twice")
        if name in known:
            sent[name] = value
        elif has_filters:
            request[_FILTERS].append((name, value))
        else:
            allowed = ", ".join(known) or "none"
            raise invalid_parameter(
                name, f"is an unknown parameter, allowed: {allowed}"
            )
    try:
        request[_QUERY] = dict(schema(sent))
    except vol.MultipleInvalid as err:
        problem = err.errors[0]
        raise invalid_parameter(str(problem.path[0]), problem.msg) from err


async def check_body(request: web.Request, schema: vol.Schema) -> None:
    """Read and check the JSON body of a request, for ``body_of``.

    Raises:
        ApiError: Names the first part that is wrong.
    """
    if request.content_type != _JSON:
        raise ApiError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            f"body must be JSON, sent with Content-Type: {_JSON}",
            parameter="body",
        )
    try:
        sent = orjson.loads(await _read_body(request))
    except orjson.JSONDecodeError as err:
        raise invalid_parameter("body", f"is not valid JSON: {err.msg}") from err
    if not isinstance(sent, dict):
        raise invalid_parameter("body", "must be a JSON object")
    try:
        request[_BODY] = dict(schema(sent))
    except vol.MultipleInvalid as err:
        problem = err.errors[0]
        name = ".".join(str(part) for part in problem.path) or "body"
        raise invalid_parameter(name, problem.msg) from err


async def _read_body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(_BODY_TIME_S):
            return await request.read()
    except TimeoutError as err:
        raise ApiError(
            HTTPStatus.REQUEST_TIMEOUT,
            "body_too_slow",
            f"body did not arrive within {_BODY_TIME_S} s",
            parameter="body",
        ) from err


def hours_back(request: web.Request, now: datetime) -> tuple[int, tuple[int, int]]:
    """Return the ``hours`` of a summary, and the span from then until now."""
    hours: int = query_of(request)["hours"]
    return hours, last_hours(hours, now)


def last_hours(hours: int, now: datetime) -> tuple[int, int]:
    """Return the span of the last hours: first instant, and the one past now."""
    first = ceil((now - timedelta(hours=hours)).timestamp())
    return first, floor(now.timestamp()) + 1
