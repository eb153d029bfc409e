"""``/api/openapi.json`` and ``/api/docs``: what can be asked; public."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from energy_logger_server.web.http.docs_page import STYLE, page
from energy_logger_server.web.http.error_page import HTML
from energy_logger_server.web.http.openapi import describe
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.reply import body_reply, json_body
from energy_logger_server.web.http.rows import JSON

CSS = "text/css"

_MOVED = {
    "/docs": "api/docs",
    "/redoc": "api/docs",
    "/openapi.json": "api/openapi.json",
}
"""Paths of the predecessor; relative targets hold behind an ingress prefix."""


def docs_operations(
    operations: Callable[[], Sequence[Operation]],
) -> tuple[Operation, ...]:
    """Return the routes that describe all operations.

    Args:
        operations: Gives every operation, these included.
    """
    made: dict[str, bytes] = {}

    def body(name: str, make: Callable[[], bytes]) -> bytes:
        # made once: the operations of a program do not change
        if name not in made:
            made[name] = make()
        return made[name]

    async def openapi(_request: web.Request) -> web.Response:
        return body_reply(body(JSON, lambda: json_body(describe(operations()))))

    async def docs(_request: web.Request) -> web.Response:
        html = body(HTML, lambda: page(operations()).encode())
        return body_reply(html, content_type=HTML)

    async def style(_request: web.Request) -> web.Response:
        return body_reply(STYLE.encode(), content_type=CSS)

    return (
        Operation(
            path="/api/openapi.json",
            handler=openapi,
            summary="Get the description of every operation in OpenAPI 3.1.",
            group=Group.SERVER,
            answer=Answer(description="The description.", schema=dict),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/docs",
            handler=docs,
            summary="Get the documentation page.",
            group=Group.SERVER,
            answer=Answer(description="The page.", media_types=(HTML,)),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/docs.css",
            handler=style,
            summary="Get the documentation page's style.",
            group=Group.SERVER,
            answer=Answer(description="The style sheet.", media_types=(CSS,)),
            access=Access.PUBLIC,
        ),
    )


def moved_routes() -> list[web.RouteDef]:
    """Return the predecessor's paths of its documentation, which lead to ours."""
    return [web.get(path, _moved(target)) for path, target in _MOVED.items()]


def _moved(target: str) -> Handler:
    async def move(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": target}
        )

    return move
