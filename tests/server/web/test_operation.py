"""What every operation gets: a guard, checked input, limits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPMethod
from io import BytesIO
from typing import Any

import pytest
import voluptuous as vol
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from energy_logger_server.web.http.auth import GUARD
from energy_logger_server.web.http.errors import answer_errors
from energy_logger_server.web.http.ingress import AllowAll
from energy_logger_server.web.http.operation import (
    Access,
    Answer,
    Group,
    Operation,
    routes_of,
)
from energy_logger_server.web.http.parameters import LARGEST_BODY, body_of
from energy_logger_server.web.http.reply import json_reply

BODY = vol.Schema({vol.Required("minutes"): int})

type Client = TestClient[Any, Any]
type Serve = Callable[[Operation], Awaitable[Client]]


async def echo(request: web.Request) -> web.Response:
    return json_reply(body_of(request))


def operation(handler: Any = echo, **changes: Any) -> Operation:
    return Operation(
        **{
            "method": HTTPMethod.PUT,
            "path": "/thing",
            "handler": handler,
            "summary": "Do it.",
            "group": Group.SERVER,
            "answer": Answer(description="Done."),
            "body": BODY,
            "access": Access.PUBLIC,
            **changes,
        }
    )


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    clients: list[Client] = []

    async def start(one: Operation) -> Client:
        app = web.Application(middlewares=[answer_errors], client_max_size=LARGEST_BODY)
        app[GUARD] = AllowAll()
        app.add_routes(routes_of(one))
        client = TestClient(TestServer(app))
        clients.append(client)
        await client.start_server()
        return client

    yield start
    for client in clients:
        await client.close()


async def error_of(response: Any) -> tuple[int, dict[str, Any]]:
    body = await response.json()
    return response.status, body["error"]


async def test_a_body_that_fits_its_schema_arrives(serve: Serve):
    client = await serve(operation())

    async with client.put("/thing", json={"minutes": 5}) as answer:
        assert await answer.json() == {"minutes": 5}


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[1]", "body"),
        (b'"5"', "body"),
        (b"{}", "minutes"),
        (b'{"minutes": "5"}', "minutes"),
        (b'{"minutes": 5, "hours": 1}', "hours"),
        (b"\xff\xfe", "body"),
    ],
)
async def test_a_body_that_does_not_fit_is_named(
    serve: Serve, body: bytes, parameter: str
):
    client = await serve(operation())

    async with client.put(
        "/thing", data=body, headers={"Content-Type": "application/json"}
    ) as answer:
        status, error = await error_of(answer)

    assert (status, error["code"]) == (400, "invalid_parameter")
    assert error["parameter"] == parameter


async def test_a_body_of_another_type_is_refused(serve: Serve):
    client = await serve(operation())

    async with client.put("/thing", data=b'{"minutes": 5}') as answer:
        assert await error_of(answer) == (
            415,
            {
                "code": "not_json",
                "message": "body must be JSON, sent with Content-Type: "
                "application/json",
                "parameter": "body",
            },
        )


async def chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 65_536):
        yield b" " * 65_536


@pytest.mark.parametrize("is_announced", [True, False])
async def test_ten_megabytes_are_refused(serve: Serve, is_announced: bool):
    client = await serve(operation())
    ten_mb = 10 * 1_048_576
    body: Any = BytesIO(b" " * ten_mb) if is_announced else chunks(ten_mb)

    async with client.put(
        "/thing", data=body, headers={"Content-Type": "application/json"}
    ) as answer:
        assert await error_of(answer) == (
            413,
            {
                "code": "body_too_large",
                "message": "body is larger than 1 MiB",
                "parameter": "body",
            },
        )


async def test_ten_megabytes_are_refused_where_no_body_is_read(serve: Serve):
    client = await serve(operation(body=None))

    async with client.put("/thing", data=BytesIO(b" " * 10_485_760)) as answer:
        status, error = await error_of(answer)

    assert (status, error["parameter"]) == (413, "body")


async def test_an_answer_that_takes_too_long_is_given_up(serve: Serve):
    async def never(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = await serve(operation(never, body=None, time_limit_s=0.01))

    async with client.put("/thing") as answer:
        assert await error_of(answer) == (
            503,
            {
                "code": "too_slow",
                "message": "this took longer than 0.01 s: ask for less",
            },
        )


async def test_a_stream_is_not_asked_by_head(serve: Serve):
    async def stream(_request: web.Request) -> web.Response:
        return web.Response()

    client = await serve(
        operation(stream, method=HTTPMethod.GET, body=None, is_stream=True)
    )

    async with client.get("/thing") as answer:
        assert answer.status == 200
    async with client.head("/thing") as answer:
        assert answer.status == 405
