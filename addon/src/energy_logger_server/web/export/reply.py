"""Sending an export: no faster than its reader takes it, and never half of it."""

import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import hdrs, web

from energy_logger_server.errors import StoreError
from energy_logger_server.store.db.stream import ChunkProducer, Stream
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.errors import ApiError, nothing_stored
from energy_logger_server.web.http.rows import CSV
from energy_logger_server.web.http.slow_readers import patient_write

from .query import FILE_TYPES, ExportQuery
from .workbook_place import NoRoomForWorkbook, WorkbookRefused

GZIP = "application/gzip"

MOST_EXPORTS = 2
"""Exports under way at once; each has a thread and a connection to the database."""

_RETRY_AFTER_S = 5
_RETRY_WITH_ROOM_AFTER_S = 600
"""A disk does not empty itself within seconds."""

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LOGGER = logging.getLogger(__name__)


async def export_reply(
    request: web.Request, name: str, wanted: ExportQuery, make: ChunkProducer[bytes]
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
        ApiError: If two exports are under way, nothing is stored, or a workbook
            cannot hold what is.
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
        first = await _first(request, stream)
        if first is None:
            # nobody hears of it
            return web.Response(status=HTTPStatus.NO_CONTENT)
        response = web.StreamResponse(headers=_headers(name, wanted))
        await _send(request, response, first, stream)
    return response


async def _first(request: web.Request, stream: Stream[bytes]) -> bytes | None:
    """Return the first bytes; None if the reader leaves before they are there.

    Those of a workbook come when all its rows are in it.

    Raises:
        ApiError: If there will be none.
    """
    try:
        async for chunk in stream:
            if chunk:
                return chunk
            if request.transport is None or request.transport.is_closing():
                return None
    except NoRoomForWorkbook as err:
        raise ApiError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "no_room",
            str(err),
            parameter="format",
            headers={hdrs.RETRY_AFTER: str(_RETRY_WITH_ROOM_AFTER_S)},
        ) from err
    except WorkbookRefused as err:
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_many_rows",
            str(err),
            parameter="format",
        ) from err
    raise nothing_stored("nothing is stored of what was asked for")


async def _send(
    request: web.Request,
    response: web.StreamResponse,
    first: bytes,
    others: Stream[bytes],
) -> None:
    is_whole = False
    try:
        await response.prepare(request)
        await patient_write(response, first)
        async for chunk in others:
            await patient_write(response, chunk)
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


def file_name(kind: str, subject: str, now: datetime) -> str:
    """Return a file's name without its ending, of safe characters only.

    Args:
        kind: Of the data.
        subject: Abbreviation of an area, or id of a site.
        now: When it is made.
    """
    safe = _UNSAFE.sub("-", subject).strip("-") or "export"
    return f"{kind}_{safe}_{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _headers(name: str, wanted: ExportQuery) -> dict[str, str]:
    ending = wanted.form.value
    media_type = FILE_TYPES[wanted.form]
    if media_type == CSV:
        media_type = f"{CSV}; charset=utf-8"
    if wanted.is_gzip:
        media_type, ending = GZIP, f"{ending}.gz"
    return {
        hdrs.CONTENT_TYPE: media_type,
        hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.{ending}"',
        hdrs.CACHE_CONTROL: "no-store",
    }
