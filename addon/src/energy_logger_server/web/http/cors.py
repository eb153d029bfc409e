"""Which other web sites' scripts may ask: none, unless the settings name them."""

from collections.abc import Collection
from http import HTTPMethod, HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

_ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID, X-API-Key"
_SHOWN_HEADERS = "Content-Disposition, Last-Modified, Link, Retry-After"
_METHODS = "GET, HEAD, POST, PUT, DELETE"
_PREFLIGHT_S = "600"


def allow_origins(origins: Collection[str]) -> Middleware:
    """Return a middleware that lets scripts of these origins read answers.

    Args:
        origins: Such as ``https://grafana.example.org``.
    """

    @web.middleware
    async def answer_origin(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if request.headers.get(hdrs.ORIGIN) not in origins:
            return await handler(request)
        asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
        if request.method == HTTPMethod.OPTIONS and asked is not None:
            return web.Response(
                status=HTTPStatus.NO_CONTENT,
                headers={
                    hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
                    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: _ALLOWED_HEADERS,
                    hdrs.ACCESS_CONTROL_MAX_AGE: _PREFLIGHT_S,
                },
            )
        return await handler(request)

    return answer_origin


class OriginHeaders:
    """Adds to answers who may read them; streams get theirs before the first byte."""

    def __init__(self, origins: Collection[str]) -> None:
        """Let these origins read."""
        self._origins = frozenset(origins)

    async def __call__(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        """Add the headers to an answer about to be sent."""
        if not self._origins:
            return
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin in self._origins:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _SHOWN_HEADERS
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
