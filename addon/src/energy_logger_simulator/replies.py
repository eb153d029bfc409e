"""Bytes to HTTP: what both utilities' answers have in common."""

import gzip
from collections.abc import Mapping

from aiohttp import hdrs, web

JSON_TYPE = "application/json; charset=utf-8"
_WORTH_COMPRESSING = 1400


def json_reply(
    request: web.Request,
    body: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return an answer, compressed when that was asked for and makes it smaller.

    The content type is JSON unless ``headers`` has another.
    """
    response = web.Response(body=body, status=status, headers=headers)
    response.headers.setdefault(hdrs.CONTENT_TYPE, JSON_TYPE)
    if len(body) >= _WORTH_COMPRESSING and "gzip" in request.headers.get(
        hdrs.ACCEPT_ENCODING, ""
    ):
        # no time stamp inside: the same answer is the same bytes
        response.body = gzip.compress(body, compresslevel=1, mtime=0)
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response
