"""The web pages: one document with everything it loads, and old addresses of pages.

They are no operations of the API: nobody but a browser asks for them.
"""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from energy_logger_server.web.http.error_page import HTML, message_page
from energy_logger_server.web.http.operation import with_more_slashes
from energy_logger_server.web.http.reply import body_reply

from .base_address import prefix_header, with_base
from .built_files import BuiltFile, BuiltFiles, etag_of

BUILT_PAGES = Path(__file__).with_name("built")
"""Where the build puts the pages."""

_INDEX = "index.html"
_NOT_BUILT = """<p>The API is there all the same, see <a href="api/docs">its
documentation</a>. In a checkout, <code>scripts/build_pages</code> builds the pages;
then load this one again.</p>"""
_UNCHANGING = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_OTHER = r"/{name:[\w.-]+\.\w+}"
_MOVED = {
    "/index.html": "./",
    "/inspector": "./#/inspector",
    "/tables": "./#/tables",
    "/backups": "./#/backups",
    "/history": "./#/health",
    "/settings": "./#/settings",
}
"""Addresses of the predecessor's pages; relative targets hold behind a prefix."""


def page_routes(folder: Path, *, is_ingress: bool) -> list[web.RouteDef]:
    """Return the routes of the pages.

    Args:
        folder: Of the built ones.
        is_ingress: Whether they are for Home Assistant's ingress, which takes nothing
            that is packed.
    """
    files = BuiltFiles(folder)
    prefix_name = prefix_header(is_ingress=is_ingress)

    async def index(request: web.Request) -> web.StreamResponse:
        found = files.find(_INDEX)
        if found is None:
            return message_page(
                "The pages are not built",
                _NOT_BUILT,
                home="./",
                status=HTTPStatus.SERVICE_UNAVAILABLE,
            )
        html = with_base(found.body, request, is_ingress=is_ingress)
        headers: dict[str, str] = {
            hdrs.CACHE_CONTROL: _ASK_AGAIN,
            hdrs.VARY: prefix_name,
        }
        if html is found.body:
            return _reply(request, found, headers, is_packed=not is_ingress)
        based = BuiltFile(html, found.content_type, etag_of(html), {})
        return _reply(request, based, headers, is_packed=False)

    async def asset(request: web.Request) -> web.StreamResponse:
        found = files.find(f"assets/{request.match_info['name']}")
        if found is None:
            raise web.HTTPNotFound
        headers: dict[str, str] = {hdrs.CACHE_CONTROL: _UNCHANGING}
        return _reply(request, found, headers, is_packed=not is_ingress)

    async def other(request: web.Request) -> web.StreamResponse:
        found = files.find(request.match_info["name"])
        if found is None or found.content_type == HTML:
            raise web.HTTPNotFound
        headers: dict[str, str] = {hdrs.CACHE_CONTROL: _ASK_AGAIN}
        return _reply(request, found, headers, is_packed=not is_ingress)

    served = {"/": index, "/assets/{name}": asset, _OTHER: other}
    moved = {path: _moved(target) for path, target in _MOVED.items()}
    return [
        *(web.get(path, handler) for path, handler in moved.items()),
        *(
            web.get(way, handler)
            for path, handler in served.items()
            for way in (path, with_more_slashes(path))
        ),
    ]


def _moved(target: str) -> Handler:
    async def move(_request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=HTTPStatus.PERMANENT_REDIRECT, headers={hdrs.LOCATION: target}
        )

    return move


def _reply(
    request: web.Request,
    file: BuiltFile,
    headers: Mapping[str, str],
    *,
    is_packed: bool,
) -> web.Response:
    """Return a file, packed if that is possible, or that the browser has it already."""
    encoding = _encoding(request, file) if is_packed else None
    etag = file.etag if encoding is None else f"{file.etag}-{encoding}"
    said = {**headers, hdrs.ETAG: f'"{etag}"'}
    if is_packed and file.packed:
        vary = [*filter(None, (headers.get(hdrs.VARY), hdrs.ACCEPT_ENCODING))]
        said[hdrs.VARY] = ", ".join(vary)
    known = request.if_none_match or ()
    if any(one.value in (etag, "*") for one in known):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=said)
    if encoding is not None:
        said[hdrs.CONTENT_ENCODING] = encoding
    body = file.body if encoding is None else file.packed[encoding]
    return body_reply(body, content_type=file.content_type, headers=said)


def _encoding(request: web.Request, file: BuiltFile) -> str | None:
    """Return in which of its packed forms a browser takes a file."""
    accepted = set()
    for part in request.headers.get(hdrs.ACCEPT_ENCODING, "").split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "") not in {"q=0", "q=0.0"}:
            accepted.add(name.strip().casefold())
    return next((one for one in file.packed if one in accepted), None)
