"""Signing in: the key is typed in once, and a cookie stands for it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.config.secret import Secret

from .errors import ApiError
from .guesses import Guesses
from .same_origin import comes_from_elsewhere, origin_is_secure, refuse_other_origins
from .session_cookie import RENEWED_AFTER, Session, session_in, set_cookie


class Sessions:
    """Begins sessions, knows them again and renews them; keeps none.

    Keys that are typed in wrong are counted apart from those of programs: who mistypes
    one does not hold up the programs of the same address.
    """

    def __init__(
        self, api_key: Callable[[], Secret], now: Callable[[], datetime]
    ) -> None:
        """Count wrong keys from zero.

        Args:
            api_key: Gives the key in force.
            now: Clock, UTC.
        """
        self._api_key = api_key
        self._now = now
        self._guesses = Guesses(now)

    def session_of(self, request: web.Request) -> Session | None:
        """Return the session whose cookie a request bears, unless it has ended."""
        return session_in(request, self._api_key, self._now())

    def sign_in(self, request: web.Request, key_text: str) -> Session:
        """Return the session of somebody who has sent the key.

        Raises:
            ApiError: If it is another key, if the address must wait, or if another
                web site sends it.
        """
        if comes_from_elsewhere(request):
            refuse_other_origins(request)
        self._guesses.hold_back(request)
        if not self._api_key().matches(clean_key(key_text)):
            self._guesses.record(request)
            raise ApiError(
                HTTPStatus.UNAUTHORIZED,
                "wrong_api_key",
                "this is not the API key: energy-logger key show prints it on the "
                "server's machine",
                parameter="key",
            )
        is_secure = request.secure or origin_is_secure(request)
        return Session(self._present(), is_secure)

    def renewed(self, session: Session) -> Session | None:
        """Return a session as it goes on from now; None while it is fresh enough."""
        now = self._present()
        # one from the future was dated by a clock that has been set right since
        is_fresh = abs(now - session.renewed_at) < RENEWED_AFTER
        return None if is_fresh else replace(session, renewed_at=now)

    def keep(self, response: web.Response, session: Session) -> None:
        """Have the browser keep a session."""
        set_cookie(response, session, self._api_key())

    def _present(self) -> datetime:
        return self._now().replace(microsecond=0)


SESSIONS: web.AppKey[Sessions] = web.AppKey("sessions", Sessions)
"""Missing where nobody needs a key."""
