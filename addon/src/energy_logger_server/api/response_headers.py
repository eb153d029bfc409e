"""What the headers of an answer say about time and about call limits.

Amber sends ``RateLimit-Limit``, ``-Remaining``, ``-Reset`` (seconds to the end of the
window) and ``-Policy`` (``50;w=300``) on authorised answers, none of them on a refused
key, and now and then none on a 429 (Amber OpenAPI 2.0.0; measurements by others). So
anything may be missing or garbled here, and reads as None then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT_S = 3600
"""Nobody is made to wait longer than this before one more try, seconds."""

_LEADING_NUMBER = re.compile(r"\s*(\d{1,9})\s*(?:[;,].*)?", re.ASCII)
_POLICY_WINDOW = re.compile(r";\s*w\s*=\s*(\d{1,9})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """The call limits that an answer states; None where it does not.

    Attributes:
        limit: Calls allowed in a window, at least 1.
        window_s: Length of a window, seconds.
        remaining: Calls left in the present window.
        reset_s: Seconds until it ends.
    """

    limit: int | None
    window_s: int | None
    remaining: int | None
    reset_s: int | None


def read_call_limits(headers: Mapping[str, str]) -> CallLimits:
    """Return the ``RateLimit-*`` headers, whatever the case of their names."""
    policy = _header(headers, "RateLimit-Policy") or ""
    window = _POLICY_WINDOW.search(policy)
    limit = _number(_header(headers, "RateLimit-Limit")) or _number(policy)
    return CallLimits(
        limit=limit or None,
        window_s=_span(int(window[1])) if window else None,
        remaining=_number(_header(headers, "RateLimit-Remaining")),
        reset_s=_span(_number(_header(headers, "RateLimit-Reset"))),
    )


def read_retry_delay_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return how long a 429 or a 503 asks to wait, 1 to ``LONGEST_WAIT_S`` seconds.

    ``RateLimit-Reset`` comes before ``Retry-After``. A date in the latter counts from
    the answer's own ``Date``, so that a wrong clock on either side does no harm.

    Args:
        headers: The answer's headers.
        now: Present instant, used when the answer has no ``Date``.
    """
    delay_s = read_call_limits(headers).reset_s
    if delay_s is None:
        asked = _header(headers, "Retry-After")
        delay_s = _number(asked)
        if delay_s is None:
            until = read_http_date(asked)
            if until is None:
                return None
            since = read_http_date(_header(headers, "Date")) or now
            delay_s = int((until - since).total_seconds())
    # never zero: the seconds may be rounded down, and 429s follow at once
    return min(max(delay_s, 1), LONGEST_WAIT_S)


def read_server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the instant (UTC) of an answer by the clock of who sent it.

    That is its ``Date``, and for an answer out of a cache as much later as its ``Age``
    says (RFC 9111, section 5.1).
    """
    sent_at = read_http_date(_header(headers, "Date"))
    age_s = _number(_header(headers, "Age")) or 0
    try:
        return sent_at and sent_at + timedelta(seconds=age_s)
    except OverflowError:
        return None


def read_http_date(text: str | None) -> datetime | None:
    """Return the instant (UTC) of a header such as ``Last-Modified``."""
    if text is None:
        return None
    try:
        read = parsedate_to_datetime(text)
        return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _header(headers: Mapping[str, str], name: str) -> str | None:
    wanted = name.lower()
    return next((text for key, text in headers.items() if key.lower() == wanted), None)


def _number(text: str | None) -> int | None:
    found = _LEADING_NUMBER.fullmatch(text) if text else None
    return int(found[1]) if found else None


def _span(seconds: int | None) -> int | None:
    """Drop what is no span, such as the end of the window as seconds since 1970."""
    return seconds if seconds is not None and seconds <= LONGEST_WAIT_S else None
