"""Faults that replace an answer or spoil its way over the wire."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Mapping

import orjson
from aiohttp import hdrs, web

from energy_logger_simulator.replies import JSON_TYPE, json_reply

from .fault import Fault, FaultAction

SKEW_S = web.RequestKey("skew_s", float)
"""Seconds by which this answer's ``Date`` header is to be off."""

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body>Oops</body></html>"
_PAGE = b"<!doctype html><title>Maintenance</title><p>We will be back soon."
_HTML_TYPE = "text/html; charset=utf-8"

type Answer = Callable[
    [Fault, web.Request, bytes, Mapping[str, str]], Awaitable[web.StreamResponse]
]


def _always(status: int, body: bytes, content_type: str = JSON_TYPE) -> Answer:
    async def answer(
        _fault: Fault, request: web.Request, _body: bytes, headers: Mapping[str, str]
    ) -> web.StreamResponse:
        kept = {**headers, hdrs.CONTENT_TYPE: content_type}
        return json_reply(request, body, status=status, headers=kept)

    return answer


async def _gateway_page(
    fault: Fault, request: web.Request, _body: bytes, _headers: Mapping[str, str]
) -> web.StreamResponse:
    # the gateway knows nothing of call limits
    status = int(fault.options.get("status", 403))
    return json_reply(
        request, _PAGE, status=status, headers={hdrs.CONTENT_TYPE: _HTML_TYPE}
    )


async def _few_headers(
    fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    names = fault.options.get("names", ["RateLimit-Remaining"])
    kept = {
        name: value
        for name, value in headers.items()
        if name in names or not name.lower().startswith("ratelimit-")
    }
    return json_reply(request, body, headers=kept)


async def _byte_order_mark(
    _fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    return json_reply(request, BOM_UTF8 + body, headers=headers)


def _says(message: str) -> bytes:
    return orjson.dumps({"message": message})


async def _forbidden(
    _fault: Fault, request: web.Request, _body: bytes, _headers: Mapping[str, str]
) -> web.StreamResponse:
    # a refused key is answered without the headers of an authorised answer
    body = _says("User is not authorized to access this resource")
    return json_reply(request, body, status=403)


async def _too_many(
    fault: Fault, request: web.Request, _body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    sent_headers = dict(headers) if fault.options.get("headers", True) else {}
    for name in sent_headers:
        if name.lower() == "ratelimit-remaining":
            sent_headers[name] = str(fault.options.get("remaining", 0))
    if (seconds := fault.options.get("retry_after")) is not None:
        sent_headers[hdrs.RETRY_AFTER] = str(seconds)
    sent_headers[hdrs.CONTENT_TYPE] = JSON_TYPE
    return json_reply(
        request, _says("Too Many Requests"), status=429, headers=sent_headers
    )


async def _slow(
    fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    pieces = max(1, int(fault.options.get("pieces", 10)))
    pause_s = float(fault.options.get("seconds", 60)) / pieces
    size = max(1, -(-len(body) // pieces))
    response = _begin(body, headers)
    await response.prepare(request)
    for start in range(0, len(body), size):
        await asyncio.sleep(pause_s)
        await response.write(body[start : start + size])
    await response.write_eof()
    return response


async def _reset(
    fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    response = _begin(body, headers)
    if fault.options.get("after_headers", False):
        await response.prepare(request)
    _cut_connection(request)
    return response


async def _truncate(
    fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    half = body[: len(body) // 2]
    if fault.options.get("cut", False):
        return json_reply(request, half, headers=headers)
    response = _begin(body, headers)
    response.force_close()
    await response.prepare(request)
    await response.write(half)
    _cut_connection(request)
    return response


async def _skew(
    fault: Fault, request: web.Request, body: bytes, headers: Mapping[str, str]
) -> web.StreamResponse:
    request[SKEW_S] = float(fault.options.get("seconds", 30))
    return json_reply(request, body, headers=headers)


def _begin(body: bytes, headers: Mapping[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.headers.setdefault(hdrs.CONTENT_TYPE, JSON_TYPE)
    response.content_length = len(body)
    return response


def _cut_connection(request: web.Request) -> None:
    # what was written leaves first
    request.protocol.force_close()


FAULT_ANSWERS: Mapping[FaultAction, Answer] = {
    FaultAction.FORBIDDEN: _forbidden,
    FaultAction.TOO_MANY: _too_many,
    FaultAction.SERVER_ERROR: _always(500, _says("Internal server error")),
    FaultAction.BAD_GATEWAY: _always(502, _HTML, _HTML_TYPE),
    FaultAction.GATEWAY_TIMEOUT: _always(504, _says("Endpoint request timed out")),
    FaultAction.SLOW: _slow,
    FaultAction.RESET: _reset,
    FaultAction.TRUNCATE: _truncate,
    FaultAction.EMPTY: _always(200, b""),
    FaultAction.NULL: _always(200, b"null"),
    FaultAction.OBJECT: _always(200, _says("Something is amiss")),
    FaultAction.HTML200: _always(200, _PAGE, _HTML_TYPE),
    FaultAction.GATEWAY_PAGE: _gateway_page,
    FaultAction.FEW_HEADERS: _few_headers,
    FaultAction.BYTE_ORDER_MARK: _byte_order_mark,
    FaultAction.SKEW: _skew,
}
