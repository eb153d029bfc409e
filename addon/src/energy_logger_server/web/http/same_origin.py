"""Whether a browser's request comes from our own pages: what a cookie alone may change.

A cookie goes along with what other sites have a browser send. ``SameSite=Strict``
keeps it from other sites, but another port of the same machine is the same site.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from .errors import ApiError

_FETCH_SITE = "Sec-Fetch-Site"
_SAME_ORIGIN = "same-origin"


def refuse_other_origins(request: web.Request) -> None:
    """Return if a browser says that a request comes from our own origin.

    Browsers state the relation where the connection is trustworthy (HTTPS, or this
    machine), otherwise the origin alone. A proxy that renames the host has to say what
    it was, in ``X-Forwarded-Host``; a foreign script cannot set that header.

    Raises:
        ApiError: If it says something else, or nothing.
    """
    relation = request.headers.get(_FETCH_SITE)
    if relation == _SAME_ORIGIN or (relation is None and _is_own(request)):
        return
    raise ApiError(
        HTTPStatus.FORBIDDEN,
        "other_origin",
        "a session changes things from the server's own pages only: send the API key, "
        "or have the proxy pass the headers Host or X-Forwarded-Host on",
    )


def comes_from_elsewhere(request: web.Request) -> bool:
    """Return whether a browser names another origin; a program names none."""
    relation = request.headers.get(_FETCH_SITE)
    if relation is not None:
        return relation != _SAME_ORIGIN
    return hdrs.ORIGIN in request.headers and not _is_own(request)


def origin_is_secure(request: web.Request) -> bool:
    """Return whether a page that was loaded over HTTPS asks."""
    return request.headers.get(hdrs.ORIGIN, "").startswith("https://")


def _is_own(request: web.Request) -> bool:
    asked = urlsplit(request.headers.get(hdrs.ORIGIN, "")).netloc.casefold()
    forwarded, _, _ = request.headers.get(hdrs.X_FORWARDED_HOST, "").partition(",")
    hosts = {request.headers.get(hdrs.HOST, ""), forwarded.strip()}
    return bool(asked) and asked in {host.casefold() for host in hosts}
