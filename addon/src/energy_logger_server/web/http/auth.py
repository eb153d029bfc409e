"""The API key: who may see the household's data and start runs."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPMethod, HTTPStatus
from typing import Protocol

from aiohttp import hdrs, web

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.config.secret import Secret

from .errors import ApiError
from .guesses import Guesses
from .same_origin import refuse_other_origins
from .session_cookie import COOKIE
from .sessions import Sessions

_KEY_HEADER = "X-API-Key"
_BEARER = "bearer "
_PASTED_AROUND = " \"'"
_HOW_TO = (
    f"send the API key in the header {_KEY_HEADER}, or as Authorization: Bearer; "
    "energy-logger key show prints it on the server's machine"
)
_SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD})


class Guard:
    """Lets in whoever knows the key, and makes guessing it slow.

    After five wrong keys within a minute an address waits, also with the right key:
    otherwise its guesses would be answered all the same. Requests without any key are
    refused but not counted; nobody learns anything by them.

    Attributes:
        sessions: Of browsers, whose cookie stands for the key.
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
        self._guesses = Guesses(now)
        self.sessions = Sessions(api_key, now)

    def authenticate(
        self,
        request: web.Request,
        wrong_key_status: HTTPStatus = HTTPStatus.UNAUTHORIZED,
    ) -> None:
        """Return if a request bears the key, or the cookie of a session.

        Args:
            request: Any; one that changes something has to come from our own pages if
                it bears the cookie only.
            wrong_key_status: What a wrong key is answered with.

        Raises:
            ApiError: If it does not, or if its address must wait.
        """
        candidate = _candidate(request)
        if candidate is None:
            self._check_session(request)
            return
        self._guesses.hold_back(request)
        if not self._api_key().matches(candidate):
            self._guesses.record(request)
            raise _refused(
                "wrong_api_key", f"this is not the API key: {_HOW_TO}", wrong_key_status
            )

    def still_authenticated(self, request: web.Request) -> bool:
        """Return whether a request that was let in would be now; no guess."""
        candidate = _candidate(request)
        if candidate is None:
            return self.sessions.session_of(request) is not None
        return self._api_key().matches(candidate)

    def _check_session(self, request: web.Request) -> None:
        if COOKIE not in request.cookies:
            raise _refused("missing_api_key", f"this needs the API key: {_HOW_TO}")
        if self.sessions.session_of(request) is None:
            raise _refused(
                "session_ended", f"the session has ended: sign in again, or {_HOW_TO}"
            )
        if request.method not in _SAFE_METHODS:
            refuse_other_origins(request)


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
