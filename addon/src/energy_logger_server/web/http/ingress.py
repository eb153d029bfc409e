"""Where a request comes in: the API's port, or Home Assistant's ingress.

At ingress the Supervisor has let the user in already, so no key is asked; and
nobody but the Supervisor is let in.
"""

from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .errors import ApiError

SUPERVISOR = "172.30.32.2"
"""The Supervisor's address in the network of Home Assistant's apps, as documented."""


class AllowAll:
    """Lets everybody in whom ingress has let in."""

    def authenticate(
        self,
        request: web.Request,
        wrong_key_status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
    ) -> None:
        """Return."""

    def still_authenticated(self, request: web.Request) -> bool:  # noqa: ARG002 - as a guard
        """Return True."""
        return True


def allow_only(addresses: Collection[str]) -> Middleware:
    """Return a middleware that refuses requests from all other addresses."""

    @web.middleware
    async def refuse_others(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if _plain(request.remote or "") not in addresses:
            raise ApiError(
                HTTPStatus.FORBIDDEN,
                "ingress_only",
                "this port answers only Home Assistant's Supervisor: use the API's "
                "port with the API key",
            )
        return await handler(request)

    return refuse_others


def _plain(address: str) -> str:
    """Return an address without the clothes of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
