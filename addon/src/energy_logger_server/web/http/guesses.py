"""Wrong keys, counted by who sends them: five within a minute, then he waits."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil

from aiohttp import hdrs, web

from .errors import ApiError

FAILURES_ALLOWED = 5
"""Wrong keys that an address may send within ``FAILURE_MEMORY``."""

FAILURE_MEMORY = timedelta(minutes=1)

_ADDRESSES_KEPT = 1024
_IPV6_NETWORK_BITS = 64


class Guesses:
    """Counts wrong keys by the address that sent them."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Count from zero.

        Args:
            now: Clock, UTC.
        """
        self._now = now
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def hold_back(self, request: web.Request) -> None:
        """Return if the address of a request need not wait.

        Raises:
            ApiError: If it must; says how long.
        """
        failures = self._failures.get(_guesser(request))
        if failures is None:
            return
        now = self._now()
        # a clock that was set back makes old failures young: they go as well
        while failures and not now - FAILURE_MEMORY < failures[0] <= now:
            failures.popleft()
        if len(failures) < FAILURES_ALLOWED:
            return
        wait_s = ceil((failures[0] + FAILURE_MEMORY - now).total_seconds())
        raise ApiError(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_wrong_keys",
            f"too many wrong API keys from this address: try again in {wait_s} s",
            headers={hdrs.RETRY_AFTER: str(wait_s)},
        )

    def record(self, request: web.Request) -> None:
        """Count a wrong key of a request."""
        guesser = _guesser(request)
        failures = self._failures.setdefault(guesser, deque(maxlen=FAILURES_ALLOWED))
        failures.append(self._now())
        self._failures.move_to_end(guesser)
        if len(self._failures) > _ADDRESSES_KEPT:
            self._failures.popitem(last=False)


def _guesser(request: web.Request) -> str:
    """Return what one guesser holds: an IPv4 address, or an IPv6 network of 64 bits."""
    address = request.remote or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 - the protocol's own name
        return address
    mapped = parsed.ipv4_mapped
    if mapped is not None:
        return str(mapped)
    network = ipaddress.IPv6Network((int(parsed), _IPV6_NETWORK_BITS), strict=False)
    return str(network)
