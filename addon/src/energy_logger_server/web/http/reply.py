"""Answers in JSON."""

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web

from .plain_numbers import has_odd_numbers, plain_text, with_plain_numbers


def json_body(value: Any) -> bytes:
    """Return compact JSON; numbers have all their digits and no exponent."""
    body = orjson.dumps(value, default=_plain_digits)
    if has_odd_numbers(body):
        # one in a million is so small or so large; only then each is looked at
        body = orjson.dumps(with_plain_numbers(value), default=_plain_digits)
    return body


def original_json_body(value: Any) -> bytes:
    """Return compact JSON whose numbers are written as upstream's own."""
    return orjson.dumps(value, default=_digits)


def json_reply(
    value: Any,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return an answer that holds a value."""
    return body_reply(json_body(value), status=status, headers=headers)


def body_reply(
    body: bytes,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> web.Response:
    """Return an answer whose body, in UTF-8, is made already."""
    # the next cycle brings other values, and some are nobody else's business
    return web.Response(
        body=body,
        status=status,
        content_type=content_type,
        charset="utf-8" if content_type.startswith("text/") else None,
        headers={hdrs.CACHE_CONTROL: "no-store", **(headers or {})},
    )


def _plain_digits(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(plain_text(str(value)))
    raise TypeError


def _digits(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError
