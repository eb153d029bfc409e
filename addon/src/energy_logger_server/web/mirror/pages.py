"""A list of any length as JSON: read and sent page by page, in constant memory."""

import logging
from collections.abc import Callable, Mapping

from aiohttp import hdrs, web

from energy_logger_server.store.amber.original import OriginalPage, PageToken
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.reply import body_reply, original_json_body
from energy_logger_server.web.http.rows import JSON
from energy_logger_server.web.http.slow_readers import patient_write

_LOGGER = logging.getLogger(__name__)

_RECORDS = 500
"""In a page: some 10 ms of a thread's work, so that short answers need not wait."""

type ReadPage = Callable[[Reader, PageToken | None, int], OriginalPage]
"""Reads, on a reader's connection, so many records behind a place."""


async def list_reply(
    request: web.Request, read_page: ReadPage, headers: Mapping[str, str]
) -> web.StreamResponse:
    """Answer with a list whose pages are read while the ones before are sent.

    A reader who goes away ends it, and so does one who takes nothing for a minute. When
    a page cannot be read, the connection is cut: what is sent by then must not pass for
    the whole list.

    Raises:
        StoreUnavailable: If a page could not be read.
    """
    text, place = await _page(request, read_page, None)
    if place is None:
        return body_reply(b"[%b]" % text, headers=headers)
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: JSON,
            hdrs.CACHE_CONTROL: "no-store",
            **headers,
        }
    )
    try:
        await response.prepare(request)
        await patient_write(response, b"[" + text)
        while place is not None:
            text, place = await _page(request, read_page, place)
            # what lay behind a page may have been superseded before it was read
            if text:
                await patient_write(response, b"," + text)
        await patient_write(response, b"]")
        await response.write_eof()
    except ConnectionError:
        # nobody reads any more, so there is nobody to inform
        return response
    except TimeoutError:
        _LOGGER.warning("the reader of %s takes nothing: given up", request.path)
        _cut_off(request)
    except BaseException:
        _cut_off(request)
        raise
    return response


def _cut_off(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _page(
    request: web.Request, read_page: ReadPage, place: PageToken | None
) -> tuple[bytes, PageToken | None]:
    """Return records as the inside of a JSON list, and where the next ones begin."""

    def read(connection: Reader) -> tuple[bytes, PageToken | None]:
        page = read_page(connection, place, _RECORDS)
        # text is made in the reader's thread: the event loop has others to serve
        return original_json_body(page.records)[1:-1], page.place

    return await deps_of(request).store.read(read)
