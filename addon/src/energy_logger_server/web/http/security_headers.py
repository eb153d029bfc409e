"""Headers that limit what an answer may do in a browser, and name no server."""

from aiohttp import web

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "Energy Logger",
    "X-Content-Type-Options": "nosniff",
}


async def add_security_headers(
    _request: web.Request, response: web.StreamResponse
) -> None:
    """Add the headers to an answer about to be sent.

    ``frame-ancestors 'self'`` lets Home Assistant's ingress show pages in its own
    frame, which has the same origin.
    """
    response.headers.update(_HEADERS)
