"""Sending an export: no faster than its reader takes it, and never half of it."""

import asyncio
import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import hdrs, web

from energy_logger_server.errors import StoreError
from energy_logger_server.store.stream import Making, Stream

from .deps import deps_of
from .errors import ApiError, nothing_stored
from .export_query import Wanted
from .formats import CSV, MEDIA_TYPES

GZIP = "application/gzip"

MOST_EXPORTS = 2
"""Exports under way at once; each has a thread and a connection to the database."""

_RETRY_AFTER_S = 5
_PATIENCE_S = 60
"""How long a reader may take nothing before the export is given up."""

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LOGGER = logging.getLogger(__name__)


async def export_reply(
    request: web.Request, name: str, wanted: Wanted, make: Making[bytes]
) -> web.StreamResponse:
    """Send what ``make`` makes, chunk by chunk.

    When the database fails on the way, or the reader takes nothing for a minute, the
    connection is aborted: no client can take what it got for the whole. JSON then
    lacks its closing and gzip its trailer, too. A reader who leaves ends the work.

    Args:
        request: The export's.
        name: Of the file, without its ending.
        wanted: How it is written.
        make: Makes the bytes in a thread of the store.

    Raises:
        ApiError: If two exports are under way, or nothing is stored.
        StoreUnavailable: If the database does not answer from the start.
    """
    store = deps_of(request).store
    if store.open_streams >= MOST_EXPORTS:
        raise ApiError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "exports_busy",
            f"{MOST_EXPORTS} exports are under way: try again when one has ended",
            headers={hdrs.RETRY_AFTER: str(_RETRY_AFTER_S)},
        )
    async with store.stream(make) as stream:
        first = await anext(stream, None)
        if first is None:
            raise nothing_stored("nothing is stored of what was asked for")
        response = web.StreamResponse(headers=_headers(name, wanted))
        await _send(request, response, first, stream)
    return response


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    first: bytes,
    others: Stream[bytes],
) -> None:
    is_whole = False
    try:
        await response.prepare(request)
        await _write(response, first)
        async for chunk in others:
            await _write(response, chunk)
        await response.write_eof()
        is_whole = True
    except ConnectionError:
        _LOGGER.debug("the reader of %s left", request.path)
    except TimeoutError:
        _LOGGER.warning("the reader of %s takes nothing: given up", request.path)
    except StoreError as err:
        _LOGGER.warning("%s broke off: %s", request.path, err)
    finally:
        if not is_whole and request.transport is not None:
            request.transport.abort()


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        await response.write(chunk)


def file_name(kind: str, subject: str, now: datetime) -> str:
    """Return a file's name without its ending, of safe characters only.

    Args:
        kind: Of the data.
        subject: Abbreviation of an area, or id of a site.
        now: When it is made.
    """
    safe = _UNSAFE.sub("-", subject).strip("-") or "export"
    return f"{kind}_{safe}_{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _headers(name: str, wanted: Wanted) -> dict[str, str]:
    media_type = MEDIA_TYPES[wanted.form]
    if media_type == CSV:
        media_type = f"{CSV}; charset=utf-8"
    ending = wanted.form.value
    if wanted.is_gzip:
        media_type, ending = GZIP, f"{ending}.gz"
    return {
        hdrs.CONTENT_TYPE: media_type,
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.{ending}"',
        hdrs.CACHE_CONTROL: "no-store",
    }
