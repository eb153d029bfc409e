"""The kinds of settings: how the text that a user wrote is read.

No message repeats the text: it may be a secret.
"""

import re
from datetime import date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import voluptuous as vol

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.domain.collecting.area_choice import parse_area_choice
from energy_logger_server.domain.notifications.messages import MailSecurity
from energy_logger_server.domain.notifications.quiet_hours import QuietHours
from energy_logger_server.domain.peak_watch.numbers_text import Numbers, parse_numbers
from energy_logger_server.domain.peak_watch.rule import BillingPeriod
from energy_logger_server.domain.setting_state import SettingType
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.store.db.engine import store_url

from .secret import Secret
from .setting import Kind

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_MAXIMUM_RETENTION_HOURS = 876_000
_DECIMAL = re.compile(r"[0-9]{1,9}")
_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")
_HEADER_TEXT = re.compile(r"[!-~]+")
_ORIGIN = re.compile(
    r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?"
)
_MAIL_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_NOTIFICATION_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[,\s]+(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_HOURS = re.compile(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_MINIMUM_KEY_LENGTH = 8
# documented example keys of other programs; whoever kept one has no key
_PLACEHOLDERS = frozenset({"change-me", "changeme", "your-api-key", "your-secret-key"})
_NUL = "\0"
_FIRST_YEAR, _LAST_YEAR = 1998, 2999


def whole_number(low: int, high: int, allowed: str = "") -> Kind[int]:
    """Return the kind of whole numbers between two bounds, both allowed."""

    def read(text: str) -> int:
        if not _DECIMAL.fullmatch(text) or not low <= int(text) <= high:
            raise vol.Invalid(f"must be a whole number from {low} to {high}")
        return int(text)

    return Kind(allowed or f"{low} to {high}", read, SettingType.INTEGER)


def numbers(low: int, high: int) -> Kind[Numbers]:
    """Return the kind of numbers between two bounds, single ones and spans."""

    def read(text: str) -> Numbers:
        try:
            return parse_numbers(text, low, high)
        except ValueError:
            raise vol.Invalid(
                f"must be numbers from {low} to {high} such as {low}-{low + 2},{high}"
            ) from None

    return Kind(f"numbers from {low} to {high}, such as `{low}-{low + 2},{high}`", read)


def _interval(text: str) -> int:
    if not _DECIMAL.fullmatch(text) or int(text) not in INTERVAL.choices:
        raise vol.Invalid(f"must be one of {', '.join(map(str, INTERVAL.choices))}")
    return int(text)


def _flag(text: str) -> bool:
    word = text.casefold()
    if word not in _TRUE | _FALSE:
        raise vol.Invalid("must be true or false")
    return word in _TRUE


def _folder(text: str) -> Path:
    """Read the path of a folder, which need not exist yet."""
    _check_path(text)
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise vol.Invalid("must not be in the home of a user who has none") from None


def _header_secret(text: str) -> Secret:
    """Read a key that travels in a header."""
    if not _HEADER_TEXT.fullmatch(text):
        raise vol.Invalid("must not contain spaces or characters outside ASCII")
    return Secret(text)


def _own_key(text: str) -> Secret:
    """Read a key that guards this server: not too short, and nobody's example."""
    if len(text) < _MINIMUM_KEY_LENGTH or text.casefold() in _PLACEHOLDERS:
        raise vol.Invalid(
            f"must have at least {_MINIMUM_KEY_LENGTH} characters and be nobody's "
            "example; without it a key is made, see energy-logger key show"
        )
    return _header_secret(text)


def _database(text: str) -> Secret:
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


def _start_date(text: str) -> date:
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


def _retention_hours(text: str) -> int | None:
    """Read for how many hours to keep; None is for ever."""
    if text.casefold() == "forever":
        return None
    if not _DECIMAL.fullmatch(text) or int(text) > _MAXIMUM_RETENTION_HOURS:
        raise vol.Invalid("must be a number of hours; 0 or forever never drops any")
    return int(text) or None


def _time_of_day(text: str) -> time | None:
    """Read a time of the day; None is never."""
    if text.casefold() == "never":
        return None
    if not _TIME_OF_DAY.fullmatch(text):
        raise vol.Invalid("must be a time such as 03:40, or never")
    return time.fromisoformat(text.zfill(5))


def _mark(text: str) -> str | None:
    """Read a text that starts something once; None is no."""
    return None if text.casefold() in _FALSE else text


def _zone(text: str) -> ZoneInfo:
    """Read the name of a time zone; a leading colon, as POSIX allows, is dropped."""
    try:
        return ZoneInfo(text.removeprefix(":"))
    except (KeyError, ValueError, OSError):
        raise vol.Invalid(
            "must be a time zone such as Australia/Sydney or America/Chicago"
        ) from None


def _log_level(text: str) -> str:
    if text.upper() not in _LOG_LEVELS:
        raise vol.Invalid(f"must be one of {', '.join(_LOG_LEVELS)}")
    return text.upper()


def is_mail_address(text: str) -> bool:
    """Return whether a text is an e-mail address."""
    return _MAIL_ADDRESS.fullmatch(text) is not None


def _mail_address(text: str) -> str:
    """Read an e-mail address; whether somebody reads it only a mail can show."""
    if not is_mail_address(text):
        raise vol.Invalid("must be an e-mail address such as me@example.org")
    return text


def _mail_security(text: str) -> MailSecurity:
    if text.lower() not in MAIL_SECURITY.choices:
        raise vol.Invalid(f"must be one of {', '.join(MailSecurity)}")
    return MailSecurity(text.lower())


def _billing_period(text: str) -> BillingPeriod:
    if text.lower() not in BILLING_PERIOD.choices:
        raise vol.Invalid(f"must be one of {', '.join(BillingPeriod)}")
    return BillingPeriod(text.lower())


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses of a text; they may hold commas themselves."""
    return tuple(one for one in _BETWEEN_ADDRESSES.split(text) if one)


def _notification_addresses(text: str) -> Secret:
    """Read addresses of Apprise; which kinds there are only Apprise knows."""
    addresses = addresses_in(text)
    if not all(_NOTIFICATION_ADDRESS.fullmatch(one) for one in addresses):
        raise vol.Invalid(
            "must be addresses of Apprise such as ntfys://my-topic, commas between"
        )
    return Secret(text)


def _quiet_hours(text: str) -> QuietHours:
    found = _HOURS.fullmatch(text)
    try:
        start, end = map(time.fromisoformat, found.groups() if found else ())
    except ValueError:
        start = end = time()
    if start == end:
        raise vol.Invalid("must be two different times such as 22:00-07:00")
    return QuietHours(start, end)


def _origins(text: str) -> tuple[str, ...]:
    """Read origins of web sites: scheme, host and port, nothing behind."""
    origins = tuple(
        part.strip().rstrip("/") for part in text.split(",") if part.strip()
    )
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise vol.Invalid(
            "must be addresses such as https://grafana.example.org, commas between"
        )
    return origins


def _base_url(text: str) -> str:
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


TEXT = Kind("text", str)
HOST_NAME = Kind("host name", str)
ADDRESS = Kind("address", str)
PASSWORD = Kind("text", Secret, is_secret=True)
TOKEN = Kind("text", _header_secret, is_secret=True, clean=clean_key)
OWN_KEY = Kind(
    f"at least {_MINIMUM_KEY_LENGTH} characters",
    _own_key,
    is_secret=True,
    clean=clean_key,
)
DATABASE = Kind(
    "`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`",
    _database,
    is_secret=True,
)
FOLDER = Kind("folder", _folder)
START_DATE = Kind("date, or ISO time", _start_date)
INTERVAL = Kind("5, 10, 15 or 30", _interval, SettingType.INTEGER, (5, 10, 15, 30))
FLAG = Kind("true or false", _flag, SettingType.BOOLEAN)
RETENTION = Kind("hours; 0 or `forever`", _retention_hours, SettingType.INTEGER)
TIME_OF_DAY = Kind("time, or `never`", _time_of_day)
MARK = Kind("any text", _mark)
AREAS = Kind("`all`, `none`, or areas between commas", parse_area_choice)
PORT = whole_number(1, 65_535, "port")
MAIL_ADDRESS = Kind("e-mail address", _mail_address)
MAIL_SECURITY = Kind(
    "starttls, tls or none", _mail_security, choices=tuple(map(str, MailSecurity))
)
BILLING_PERIOD = Kind(
    "month or season", _billing_period, choices=tuple(map(str, BillingPeriod))
)
NOTIFICATION_ADDRESSES = Kind(
    "addresses, with commas between", _notification_addresses, is_secret=True
)
QUIET_HOURS = Kind("two times such as 22:00-07:00", _quiet_hours)
ORIGINS = Kind("addresses, with commas between", _origins)
ZONE = Kind("time zone", _zone)
LOG_LEVEL = Kind(
    "DEBUG, INFO, WARNING, ERROR or CRITICAL", _log_level, choices=_LOG_LEVELS
)
BASE_URL = Kind("address", _base_url)
