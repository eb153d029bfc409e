"""The API key: who may see the household's data and start runs."""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Protocol

from aiohttp import hdrs, web

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.config.secret import Secret

from .errors import ApiError

FAILURES_ALLOWED = 5
"""Wrong keys that an address may send within ``FAILURE_MEMORY``."""

FAILURE_MEMORY = timedelta(minutes=1)

_KEY_HEADER = "X-API-Key"
_BEARER = "bearer "
_PASTED_AROUND = " \"'"
_ADDRESSES_KEPT = 1024
_IPV6_NETWORK_BITS = 64
_HOW_TO = (
    f"send the API key in the header {_KEY_HEADER}, or as Authorization: Bearer; "
    "energy-logger key show prints it on the server's machine"
)


class Guard:
    """Lets in whoever knows the key, and makes guessing it slow.

    After five wrong keys within a minute an address waits, also with the right key:
    otherwise its guesses would be answered all the same. Requests without any key are
    refused but not counted; nobody learns anything by them.
    """

    def __init__(
        self, api_key: Callable[[], Secret], now: Callable[[], datetime]
    ) -> None:
        """Count from zero.

        Args:
            api_key: Gives the key in force.
            now: Clock, UTC.
        """
        self._api_key = api_key
        self._now = now
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def authenticate(
        self,
        request: web.Request,
        wrong_key_status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
    ) -> None:
        """Return if a request bears the key.

        Args:
            request: Any.
            wrong_key_status: What a wrong key is answered with.

        Raises:
            ApiError: If it does not, or if its address must wait.
        """
        address = _network_of(request.remote or "")
        candidate = _candidate(request)
        if candidate is None:
            raise _refused("missing_api_key", f"this needs the API key: {_HOW_TO}")
        self._hold_back(address)
        if not self._api_key().matches(candidate):
            self._record_failure(address)
            raise _refused(
                "wrong_api_key", f"this is not the API key: {_HOW_TO}", wrong_key_status
            )

    def still_authenticated(self, request: web.Request) -> bool:
        """Return whether a request that was let in bears the key in force; no guess."""
        candidate = _candidate(request)
        return candidate is not None and self._api_key().matches(candidate)

    def _hold_back(self, address: str) -> None:
        failures = self._failures.get(address)
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

    def _record_failure(self, address: str) -> None:
        failures = self._failures.setdefault(address, deque(maxlen=FAILURES_ALLOWED))
        failures.append(self._now())
        self._failures.move_to_end(address)
        if len(self._failures) > _ADDRESSES_KEPT:
            self._failures.popitem(last=False)


class Authentication(Protocol):
    """Says who may see the household's data and change things."""

    def authenticate(
        self,
        request: web.Request,
        wrong_key_status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
    ) -> None:
        """Return if the request may; raises ``ApiError`` if not."""
        ...

    def still_authenticated(self, request: web.Request) -> bool:
        """Return whether a long request that was let in still may."""
        ...


GUARD: web.AppKey[Authentication] = web.AppKey("guard", Authentication)


def _candidate(request: web.Request) -> str | None:
    key = request.headers.get(_KEY_HEADER)
    if key is not None:
        return clean_key(key)
    authorization = request.headers.get(hdrs.AUTHORIZATION, "")
    if authorization.lstrip(_PASTED_AROUND).casefold().startswith(_BEARER):
        return clean_key(authorization)
    return None


def _network_of(address: str) -> str:
    """Return what one guesser holds: an IPv4 address, or an IPv6 network of 64 bits."""
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


def _refused(
    code: str, message: str, status: HTTPStatus = HTTPStatus.UNAUTHORIZED
) -> ApiError:
    return ApiError(
        status,
        code,
        message,
        headers={hdrs.WWW_AUTHENTICATE: "Bearer"}
        if status is HTTPStatus.UNAUTHORIZED
        else None,
    )
