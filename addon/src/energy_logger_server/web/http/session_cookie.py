"""A browser's session: a signed cookie in place of the key, nothing kept here.

The signature is made with the key itself, so another key ends every session. The
cookie names no path: a browser then sends it to where it came from and below, which is
``<prefix>/api/`` of ``<prefix>/api/session``, whatever prefix a proxy has taken off.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from aiohttp import hdrs, web

from energy_logger_server.config.secret import Secret

COOKIE = "energy_logger_session"

LIFETIME = timedelta(days=30)
"""How long a session lasts after it was last renewed."""

RENEWED_AFTER = timedelta(days=1)
"""How old a cookie is before another one is worth sending."""

_PURPOSE = "energy-logger session 1"
_TOKEN = re.compile(r"([0-9]{1,12})\.([sp])\.([0-9a-f]{64})", re.ASCII)
_SECURE, _PLAIN = "s", "p"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody has sent the key, and need not send it again for a while.

    Attributes:
        renewed_at: When it began or was renewed last, UTC, whole seconds.
        is_secure: Whether it began over HTTPS, and is sent over nothing else.
    """

    renewed_at: datetime
    is_secure: bool

    @property
    def expires_at(self) -> datetime:
        """When it ends unless it is renewed, UTC."""
        return self.renewed_at + LIFETIME


def session_in(
    request: web.Request, api_key: Callable[[], Secret], now: datetime
) -> Session | None:
    """Return the session of a request's cookie, if it is ours and has not expired.

    Args:
        request: Any.
        api_key: Gives the key in force; asked only if there is a cookie.
        now: UTC.
    """
    token = _TOKEN.fullmatch(request.cookies.get(COOKIE, ""))
    if token is None:
        return None
    seconds, way, signature = token.groups()
    if not hmac.compare_digest(signature, _signature(seconds, way, api_key())):
        return None
    session = Session(datetime.fromtimestamp(int(seconds), UTC), way == _SECURE)
    # one that a clock dated into the future was ours as well
    return session if now < session.expires_at else None


def set_cookie(response: web.Response, session: Session, key: Secret) -> None:
    """Have the browser keep a session."""
    seconds = str(int(session.renewed_at.timestamp()))
    way = _SECURE if session.is_secure else _PLAIN
    token = f"{seconds}.{way}.{_signature(seconds, way, key)}"
    max_age_s = int(LIFETIME.total_seconds())
    _send(response, token, max_age_s, is_secure=session.is_secure)


def remove_cookie(response: web.Response) -> None:
    """Have the browser forget its session."""
    _send(response, "", 0, is_secure=False)


def _send(
    response: web.Response, token: str, max_age_s: int, *, is_secure: bool
) -> None:
    secure = "; Secure" if is_secure else ""
    response.headers.add(
        hdrs.SET_COOKIE,
        f"{COOKIE}={token}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}",
    )


def _signature(seconds: str, way: str, key: Secret) -> str:
    text = f"{_PURPOSE}.{seconds}.{way}"
    return hmac.new(key.reveal().encode(), text.encode(), sha256).hexdigest()
