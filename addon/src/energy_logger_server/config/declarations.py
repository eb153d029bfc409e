"""Every setting there is: name, values, default, description.

``docs/settings.md`` shows this table, and a test compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.domain.setting_state import SettingType

from . import values

DATABASE_FILE = "energy-logger.db"
"""The store's file in ``DATA_DIR``, unless ``DATABASE_URL`` says otherwise."""

NO_MAIL = "this version sends no mail yet"
"""Why some settings have no effect."""

_INTERVAL = "5, 10, 15 or 30"
_INTERVALS = (5, 10, 15, 30)
_LAST_PORT = 65_535

_STRING, _INTEGER, _BOOLEAN = SettingType


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table.

    Attributes:
        name: As in the environment; in the app's options in lower case.
        value: What can be written, for the reader of the documentation.
        default: What holds when nothing is written; empty for nothing.
        read: Turns the clean text into the value.
        description: What it does.
        type: Of its value in JSON.
        choices: The only values there are; empty when there are others.
        is_secret: Whether its value is never shown.
        is_environment_only: For demo and tests: not in files, not in options.
        is_editable: Whether the API can save it, which then takes effect at once.
        has_effect: Whether anything goes by it yet.
        clean: Takes away what does not belong to the text.
    """

    name: str
    value: str
    default: str
    read: values.Reader
    description: str
    type: SettingType = _STRING
    choices: tuple[str | int, ...] = ()
    is_secret: bool = False
    is_environment_only: bool = False
    is_editable: bool = False
    has_effect: bool = True
    clean: Callable[[str], str] = str.strip


SETTINGS = (
    Setting(
        "AMBER_API_KEY",
        "text",
        "",
        values.header_secret,
        "Token of the Amber account; without it Amber is not collected.",
        is_secret=True,
        clean=clean_key,
    ),
    Setting(
        "DATABASE_URL",
        "`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/NAME`",
        "",
        values.database,
        f"Where the store is; by default the SQLite file `{DATABASE_FILE}` "
        "in `DATA_DIR`.",
        is_secret=True,
    ),
    Setting(
        "DATA_DIR",
        "folder",
        "data",
        values.folder,
        "Where files are kept: the SQLite store and the generated API key.",
    ),
    Setting(
        "HISTORICAL_START_DATE",
        "date, or ISO time",
        "",
        values.start_date,
        "First NEM date of Amber's history to fetch; without it history begins with "
        "the first run.",
        is_editable=True,
    ),
    Setting(
        "COLLECTION_INTERVAL_MINUTES",
        _INTERVAL,
        "5",
        values.one_of(*_INTERVALS),
        "How often Amber is asked.",
        type=_INTEGER,
        choices=_INTERVALS,
        is_editable=True,
    ),
    Setting(
        "POLL_INTERVAL_MINUTES",
        _INTERVAL,
        "5",
        values.one_of(*_INTERVALS),
        "How often KAMO is asked.",
        type=_INTEGER,
        choices=_INTERVALS,
        is_editable=True,
    ),
    Setting(
        "COLLECT_FORECASTS",
        "true or false",
        "true",
        values.flag,
        "Whether Amber's price forecasts are collected.",
        type=_BOOLEAN,
        is_editable=True,
    ),
    Setting(
        "FORECAST_HOURS_AHEAD",
        "1 to 72",
        "36",
        values.whole_number(1, 72),
        "How far ahead Amber's forecasts are asked for, in hours.",
        type=_INTEGER,
        is_editable=True,
    ),
    Setting(
        "FORECAST_RETENTION_HOURS",
        "hours; 0 or `forever`",
        "48",
        values.retention_hours,
        "How long old forecasts are kept; 0 or `forever` never drops one.",
        type=_INTEGER,
        is_editable=True,
    ),
    Setting(
        "FORCE_REINIT",
        "any text",
        "",
        values.mark,
        "Each new text has every Amber day read again once; it deletes nothing.",
        is_editable=True,
    ),
    Setting(
        "KAMO_ENABLED",
        "true or false",
        "true",
        values.flag,
        "Whether KAMO is collected.",
        type=_BOOLEAN,
        is_editable=True,
    ),
    Setting(
        "KAMO_SUBSTATION_AREAS",
        "`all`, `none`, or areas between commas",
        "all",
        values.areas,
        "Areas whose substations are collected, by number or abbreviation "
        "(`1,3` or `OZEC,BAEC`); hourly load is collected of every area.",
        is_editable=True,
    ),
    Setting(
        "API_KEY",
        "at least 8 characters",
        "",
        values.api_key,
        "Key of this server's own API; without it one is made and kept in "
        "`DATA_DIR/api_key`, and `energy-logger key show` prints it.",
        is_secret=True,
        clean=clean_key,
    ),
    Setting(
        "SMTP_HOST",
        "host name",
        "",
        values.plain_text,
        f"Server that sends mail; without effect: {NO_MAIL}.",
        has_effect=False,
        is_editable=True,
    ),
    Setting(
        "SMTP_PORT",
        "port",
        "587",
        values.whole_number(1, _LAST_PORT),
        f"Port of that server; without effect: {NO_MAIL}.",
        has_effect=False,
        type=_INTEGER,
        is_editable=True,
    ),
    Setting(
        "SMTP_USER",
        "text",
        "",
        values.plain_text,
        f"User name at that server; without effect: {NO_MAIL}.",
        has_effect=False,
        is_editable=True,
    ),
    Setting(
        "SMTP_PASSWORD",
        "text",
        "",
        values.secret,
        f"Password at that server; without effect: {NO_MAIL}.",
        has_effect=False,
        is_secret=True,
    ),
    Setting(
        "SMTP_FROM",
        "e-mail address",
        "",
        values.mail_address,
        f"Sender of the mails; without effect: {NO_MAIL}.",
        has_effect=False,
        is_editable=True,
    ),
    Setting(
        "NOTIFICATION_EMAIL",
        "e-mail address",
        "",
        values.mail_address,
        f"Who gets mail about failures; without effect: {NO_MAIL}.",
        has_effect=False,
        is_editable=True,
    ),
    Setting(
        "PORT",
        "port",
        "8080",
        values.whole_number(1, _LAST_PORT),
        "Port that the server listens on.",
        type=_INTEGER,
    ),
    Setting(
        "HOST",
        "address",
        "0.0.0.0",  # noqa: S104 - a container is reached from outside or not at all
        values.plain_text,
        "Address that the server listens on.",
    ),
    Setting(
        "INGRESS_PORT",
        "port",
        "",
        values.whole_number(1, _LAST_PORT),
        "Port for Home Assistant's ingress, which answers the Supervisor without a "
        "key and nobody else; the app sets it. Without it there is no such port.",
        type=_INTEGER,
    ),
    Setting(
        "CORS_ORIGINS",
        "addresses, with commas between",
        "",
        values.origins,
        "Web sites whose scripts may read answers, such as "
        "`https://grafana.example.org`; none unless set.",
    ),
    Setting(
        "TZ",
        "time zone",
        "",
        values.zone,
        "Zone of exports that name none by `tz`: of the times in them, and of dates "
        "asked for; without it each utility's own clock (Central for KAMO, NEM time "
        "for Amber). What is collected does not depend on it.",
        is_editable=True,
    ),
    Setting(
        "LOG_LEVEL",
        "DEBUG, INFO, WARNING, ERROR or CRITICAL",
        "INFO",
        values.log_level,
        "How much is logged.",
        choices=values.LOG_LEVELS,
        is_editable=True,
    ),
    Setting(
        "AMBER_BASE_URL",
        "address",
        "",
        values.web_address,
        "Another Amber, for demo and tests.",
        is_environment_only=True,
    ),
    Setting(
        "KAMO_BASE_URL",
        "address",
        "",
        values.web_address,
        "Another KAMO, for demo and tests.",
        is_environment_only=True,
    ),
)
"""Every setting, in the order of the documentation."""

BY_NAME = {setting.name: setting for setting in SETTINGS}
"""Every setting by its name."""
