"""How the text of a setting is read: voluptuous validators, one for each kind.

Each takes the text that a user wrote and returns the value, or raises ``Invalid``
with what is allowed. No message repeats the text: it may be a secret.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import voluptuous as vol

from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.domain.area_choice import AreaChoice, parse_area_choice
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.store.db.engine import store_url

from .secret import Secret

type Reader = Callable[[str], Any]

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_LONGEST_RETENTION_HOURS = 876_000
_DECIMAL = re.compile(r"[0-9]{1,9}")
_HEADER_TEXT = re.compile(r"[!-~]+")
_ORIGIN = re.compile(
    r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?"
)
_MAIL_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SHORTEST_API_KEY = 8
# documented example keys of other programs; whoever kept one has no key
_PLACEHOLDERS = frozenset({"change-me", "changeme", "your-api-key", "your-secret-key"})
_NUL = "\0"
_FIRST_YEAR, _LAST_YEAR = 1998, 2999


def whole_number(low: int, high: int) -> Reader:
    """Return a reader of whole numbers between two bounds, both allowed."""

    def read(text: str) -> int:
        if not _DECIMAL.fullmatch(text) or not low <= int(text) <= high:
            raise vol.Invalid(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def one_of(*choices: int) -> Reader:
    """Return a reader of one of a few whole numbers."""

    def read(text: str) -> int:
        if not _DECIMAL.fullmatch(text) or int(text) not in choices:
            raise vol.Invalid(f"must be one of {', '.join(map(str, choices))}")
        return int(text)

    return read


def flag(text: str) -> bool:
    """Read yes or no in the usual spellings."""
    word = text.casefold()
    if word not in _TRUE | _FALSE:
        raise vol.Invalid("must be true or false")
    return word in _TRUE


def plain_text(text: str) -> str:
    """Read any text."""
    return text


def folder(text: str) -> Path:
    """Read the path of a folder, which need not exist yet."""
    _check_path(text)
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise vol.Invalid("must not be in the home of a user who has none") from None


def secret(text: str) -> Secret:
    """Read any text that must not be shown."""
    return Secret(text)


def header_secret(text: str) -> Secret:
    """Read a key that travels in a header: printable, without space."""
    if not _HEADER_TEXT.fullmatch(text):
        raise vol.Invalid("must not contain spaces or characters outside ASCII")
    return Secret(text)


def api_key(text: str) -> Secret:
    """Read a key that guards this server: not too short, and nobody's example."""
    if len(text) < _SHORTEST_API_KEY or text.casefold() in _PLACEHOLDERS:
        raise vol.Invalid(
            f"must have at least {_SHORTEST_API_KEY} characters and be nobody's "
            "example; without it a key is made, see energy-logger key show"
        )
    return header_secret(text)


def database(text: str) -> Secret:
    """Read a database address; it may hold a password."""
    _check_path(text)
    try:
        store_url(text)
    except ConfigurationError as err:
        # the setting is named by the caller
        raise vol.Invalid(
            err.problems[0].removeprefix("DATABASE_URL").lstrip(": ")
        ) from err
    return Secret(text)


def _check_path(text: str) -> None:
    if _NUL in text:
        raise vol.Invalid("must not contain a null character")


def start_date(text: str) -> date:
    """Read a day: a date, or an ISO time, of which the NEM date counts."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            instant = datetime.fromisoformat(text)
            day = nem_date_at(instant) if instant.tzinfo else instant.date()
        except (ValueError, OverflowError):
            raise vol.Invalid(
                "must be a date such as 2024-07-01, or an ISO time"
            ) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise vol.Invalid(f"must lie in {_FIRST_YEAR} or later")
    return day


def retention_hours(text: str) -> int | None:
    """Read for how many hours to keep; None is for ever."""
    if text.casefold() == "forever":
        return None
    if not _DECIMAL.fullmatch(text) or int(text) > _LONGEST_RETENTION_HOURS:
        raise vol.Invalid("must be a number of hours; 0 or forever never drops any")
    return int(text) or None


def mark(text: str) -> str | None:
    """Read a text that starts something once; None is no."""
    return None if text.casefold() in _FALSE else text


def areas(text: str) -> AreaChoice:
    """Read which areas are meant."""
    return parse_area_choice(text)


def zone(text: str) -> ZoneInfo:
    """Read the name of a time zone; a leading colon, as POSIX allows, is dropped."""
    try:
        return ZoneInfo(text.removeprefix(":"))
    except (KeyError, ValueError, OSError):
        raise vol.Invalid(
            "must be a time zone such as Australia/Sydney or America/Chicago"
        ) from None


def log_level(text: str) -> str:
    """Read the name of a log level, in any case."""
    if text.upper() not in LOG_LEVELS:
        raise vol.Invalid(f"must be one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def mail_address(text: str) -> str:
    """Read an e-mail address; whether somebody reads it only a mail can tell."""
    if not _MAIL_ADDRESS.fullmatch(text):
        raise vol.Invalid("must be an e-mail address such as me@example.org")
    return text


def origins(text: str) -> tuple[str, ...]:
    """Read origins of web sites: scheme, host and port, nothing behind."""
    found = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if not all(_ORIGIN.fullmatch(origin) for origin in found):
        raise vol.Invalid(
            "must be addresses such as https://grafana.example.org, commas between"
        )
    return found


def web_address(text: str) -> str:
    """Read the base address of a utility's API."""
    try:
        address = urlsplit(text)
        is_usable = address.scheme in ("http", "https") and bool(address.hostname)
        # it is no secret, so it must not contain one
        is_usable = is_usable and "@" not in address.netloc
    except ValueError:
        is_usable = False
    if not is_usable:
        raise vol.Invalid("must be an address such as http://127.0.0.1:8081")
    return text.rstrip("/")
