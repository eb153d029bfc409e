"""Where the pages are, as a browser sees it: behind a proxy's or ingress' prefix.

Every address in the pages is relative. A proxy that serves them at ``/energy`` as well
as at ``/energy/`` leaves a browser at the former with the wrong folder to start from;
if it says its prefix, the page names the folder itself.
"""

import re

from aiohttp import web

_INGRESS_HEADER = "X-Ingress-Path"
_PROXY_HEADER = "X-Forwarded-Prefix"
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", re.ASCII)
_HEAD = b"<head>"


def prefix_header(*, is_ingress: bool) -> str:
    """Return the name of the header that says the prefix."""
    return _INGRESS_HEADER if is_ingress else _PROXY_HEADER


def with_base(html: bytes, request: web.Request, *, is_ingress: bool) -> bytes:
    """Return a page that names its folder, if the request says where that is.

    Args:
        html: With a ``<head>``.
        request: May bear the header.
        is_ingress: Whether it came through Home Assistant's ingress.
    """
    prefix = request.headers.get(prefix_header(is_ingress=is_ingress), "").rstrip("/")
    if not _PREFIX.fullmatch(prefix):
        return html
    return html.replace(_HEAD, _HEAD + f'<base href="{prefix}/">'.encode(), 1)
