"""One guarded request for every call to a utility or to our own server.

Request, status and body are read within one guard: whatever breaks, also half way
through the body, leaves as one of the errors of ``errors.py``. This is the only place
that turns a status into an error, and the only one that knows a key is in the headers.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

import aiohttp

from . import exact_json
from .errors import (
    RangeTooLarge,
    SourceMissing,
    SourceRateLimited,
    SourceRefused,
    SourceRejected,
    SourceUnreachable,
    SourceUnreadable,
)
from .exact_json import JsonValue
from .response_headers import read_retry_delay_s, read_server_time

MAX_BYTES = 32 * 1024 * 1024
"""Largest body that is read: seven days of five minutes are about 2.2 MB."""

NOT_FROM_API = "access refused, but this is not the API's own answer"
"""What is said of a 401 or 403 that says nothing about the key."""

_DEFAULT_RETRY_S = 60
# parsing more than this would hold up an event loop that others share
_MOST_BYTES_ON_LOOP = 256 * 1024
_SAMPLE_BYTES = 8000
_LONGEST_REFUSAL_BYTES = 64 * 1024
_SAMPLE_LENGTH = 2000
_REASON_LENGTH = 300
# fewer characters of a key say nothing
_TELLING_LENGTH = 7
_KEY_HEADERS = frozenset({"authorization", "x-api-key"})
# the guard's own limit spans everything; a second one would only cut it short
_NO_OTHER_LIMIT = aiohttp.ClientTimeout(total=None)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A good answer.

    Attributes:
        status: 200 to 299.
        headers: Case-insensitive.
        json: The parsed body, without loss of digits.
        fetched_at: Instant (UTC) at which the last byte had arrived.
        sample: Start of the body for an error's ``sample``, free of keys.
        server_time: Instant (UTC) of the answer by the clock of who sent it; None when
            it does not say.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    json: JsonValue = field(repr=False)
    fetched_at: datetime
    sample: str = field(default="", repr=False)
    server_time: datetime | None = None


async def get_json(  # noqa: PLR0913 - one way in for all; all but two are named
    session: aiohttp.ClientSession,
    url: str,
    *,
    source: str,
    path: str,
    now: Callable[[], datetime],
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = 30.0,
    max_bytes: int = MAX_BYTES,
    on_headers: Callable[[int, Mapping[str, str]], None] | None = None,
) -> HttpAnswer:
    """Return the JSON that a GET of ``url`` answers with.

    A redirect is not followed when the request carries a key, which is for the named
    host alone. When a connection closes before any answer, as an old idle one does,
    aiohttp asks once more by itself; nothing else is tried twice.

    Args:
        session: Whose connections to use.
        url: Complete address without query.
        source: Who is asked, for the errors.
        path: Path without query, for the errors.
        now: Clock, UTC.
        params: Query.
        headers: ``Authorization`` and ``X-API-Key`` count as keys.
        timeout_s: Limit for everything together, body included, seconds.
        max_bytes: Largest body, unpacked.
        on_headers: Gets status and headers of every answer, of failures too, as soon
            as they are there.

    Raises:
        SourceUnreachable: On no or a broken connection, time-out, 3xx or 5xx, and on a
            401 or 403 that is not the API's own (see ``is_api_refusal``).
        SourceRateLimited: On 429.
        SourceRefused: On any other 401 and 403.
        SourceMissing: On 404.
        RangeTooLarge: On 422.
        SourceRejected: On any other 4xx, with the start of the body.
        SourceUnreadable: When the body is too large, empty, not UTF-8 or not JSON.
    """
    guard = _Guard(source, path, _secrets_of(headers or {}))
    try:
        async with (
            asyncio.timeout(timeout_s),
            session.get(
                url,
                params=params,
                headers=headers,
                allow_redirects=not guard.secrets,
                timeout=_NO_OTHER_LIMIT,
            ) as response,
        ):
            if on_headers:
                on_headers(response.status, response.headers)
            await guard.check_status(response, now)
            body = await guard.read(response, max_bytes)
    except TimeoutError:
        failure = f"no complete answer within {timeout_s:g} s"
    except (aiohttp.ClientError, OSError) as err:
        failure = guard.words(f"{type(err).__name__}: {err}")
    else:
        return HttpAnswer(
            status=response.status,
            headers=response.headers,
            fetched_at=now(),
            json=await guard.parse(body),
            sample=guard.sample(body),
            server_time=read_server_time(response.headers),
        )
    # Raised out here and without a cause: errors of aiohttp hold the request's
    # headers, and with them the key.
    raise SourceUnreachable(source, path, failure)


async def is_api_refusal(response: aiohttp.ClientResponse) -> bool:
    """Say whether a 401 or 403 is the API's own: its body is a JSON object.

    Amber refuses a key by ``{"message": ...}``, our own server by ``{"error": ...}``.
    A gateway or a maintenance page in front of them answers 401 and 403 as well, by a
    web page or without a body, and knows nothing of the key.
    """
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > _LONGEST_REFUSAL_BYTES:
            return False
    try:
        return isinstance(exact_json.loads(bytes(body)), dict)
    except ValueError:
        return False


def _secrets_of(headers: Mapping[str, str]) -> tuple[str, ...]:
    keys = [text for name, text in headers.items() if name.lower() in _KEY_HEADERS]
    bare = [text.rpartition(" ")[2] for text in keys]
    return tuple(text for text in (*keys, *bare) if text)


@dataclass(frozen=True, slots=True)
class _Guard:
    """Turns what came back into a value or a typed error that holds no key."""

    source: str
    path: str
    secrets: tuple[str, ...] = field(repr=False)

    async def check_status(
        self, response: aiohttp.ClientResponse, now: Callable[[], datetime]
    ) -> None:
        """Raise the error that belongs to a status other than 2xx."""
        status = response.status
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            moment = now()
            delay_s = read_retry_delay_s(response.headers, moment) or _DEFAULT_RETRY_S
            retry_at = moment + timedelta(seconds=delay_s)
            raise SourceRateLimited(self.source, self.path, retry_at=retry_at)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise self._unavailable(response.headers, now())
        kind, words = _MEANINGS.get(status) or _meaning_of_class(status)
        if kind is SourceRefused and not await is_api_refusal(response):
            kind, words = SourceUnreachable, NOT_FROM_API
        if kind is SourceRejected:
            start = await response.content.read(_SAMPLE_BYTES)
            words = self.words(f"{words}: {self.sample(start)}")
        raise kind(self.source, self.path, f"{words} ({status})", status=status)

    def _unavailable(
        self, headers: Mapping[str, str], now: datetime
    ) -> SourceUnreachable:
        """Return the error of a server that may say when it can answer again."""
        status = HTTPStatus.SERVICE_UNAVAILABLE
        delay_s = read_retry_delay_s(headers, now)
        return SourceUnreachable(
            self.source,
            self.path,
            f"{_FAILURE} ({status})",
            status=status,
            retry_at=None if delay_s is None else now + timedelta(seconds=delay_s),
        )

    async def read(self, response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
        """Return the unpacked body, or give up when it passes the limit."""
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > max_bytes:
                raise self._unreadable(f"body above {max_bytes:,} bytes", body)
        return bytes(body)

    async def parse(self, body: bytes) -> JsonValue:
        """Return the body's JSON."""
        if not body:
            raise self._unreadable("empty body", body)
        if len(body) <= _MOST_BYTES_ON_LOOP:
            return self._parsed(body)
        return await asyncio.to_thread(self._parsed, body)

    def _parsed(self, body: bytes) -> JsonValue:
        try:
            return exact_json.loads(body)
        except ValueError as err:
            reason = self.words(f"not valid JSON ({err})")
        # without a cause: it holds the whole body
        raise self._unreadable(reason, body)

    def sample(self, body: bytes | bytearray) -> str:
        """Return the start of a body as text that any database can hold."""
        text = bytes(body[:_SAMPLE_BYTES]).decode("utf-8", errors="replace")
        return self._scrubbed(text.replace("\0", "\ufffd"))[:_SAMPLE_LENGTH]

    def words(self, text: str) -> str:
        """Return a text for an error message."""
        return self._scrubbed(text)[:_REASON_LENGTH]

    def _unreadable(self, reason: str, body: bytes | bytearray) -> SourceUnreadable:
        sample = self.sample(body)
        return SourceUnreadable(self.source, self.path, reason, sample=sample)

    def _scrubbed(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "***")
            # the text may have been cut in the middle of the key
            cuts = range(len(secret) - 1, _TELLING_LENGTH, -1)
            tail = next((n for n in cuts if text.endswith(secret[:n])), 0)
            text = text[: len(text) - tail]
        return text


_FAILURE = "failure at the other end"

type _Failure = type[
    SourceRefused | SourceMissing | RangeTooLarge | SourceRejected | SourceUnreachable
]

_MEANINGS: dict[int, tuple[_Failure, str]] = {
    HTTPStatus.UNAUTHORIZED: (SourceRefused, "access refused, no valid key"),
    HTTPStatus.FORBIDDEN: (SourceRefused, "access refused, no valid key"),
    HTTPStatus.NOT_FOUND: (SourceMissing, "does not exist"),
    HTTPStatus.UNPROCESSABLE_ENTITY: (RangeTooLarge, "asked for too much at once"),
}


def _meaning_of_class(status: int) -> tuple[_Failure, str]:
    if status < HTTPStatus.BAD_REQUEST:
        return SourceUnreachable, "answer leads elsewhere and is not followed"
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return SourceRejected, "request rejected"
    return SourceUnreachable, _FAILURE
