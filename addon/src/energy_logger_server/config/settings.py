"""The settings as the machine has them: read once, checked as a whole.

The only reader of the environment. A value is taken from the first place that has it:
environment, ``.env.local``, ``.env``, the app's ``/data/options.json`` (lower-case
names), default. An empty value counts as none. What was saved over the API comes
before all of them, see ``saved_settings``.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import voluptuous as vol

from energy_logger_server.domain.area_choice import AreaChoice
from energy_logger_server.domain.setting_state import SettingOrigin
from energy_logger_server.errors import ConfigurationError, PlaceUnusable

from .declarations import DATABASE_FILE, NO_MAIL, SETTINGS, Setting
from .env_file import parse_env_file
from .secret import Secret

OPTIONS_FILE = Path("/data/options.json")
"""Where the Supervisor writes the options of the app."""

NOTHING_TO_COLLECT = "nothing to collect: set AMBER_API_KEY, or KAMO_ENABLED to true"

_PLACE_NAMES = {
    SettingOrigin.ENVIRONMENT: "the environment",
    SettingOrigin.ENV_LOCAL: ".env.local",
    SettingOrigin.ENV_FILE: ".env",
    SettingOrigin.OPTIONS: "options.json",
}
_OPTIONS = _PLACE_NAMES[SettingOrigin.OPTIONS]

type _Places = Mapping[SettingOrigin, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force; what each means stands in ``SETTINGS``.

    Attributes:
        origins: Where those settings come from that somebody set, by name.
        unusable: Why saved values are ignored, by name of the setting.
        ignored: What else was found and ignored, a sentence each.
    """

    amber_api_key: Secret | None
    database_url: Secret
    data_dir: Path
    historical_start_date: date | None
    collection_interval_minutes: int
    poll_interval_minutes: int
    collect_forecasts: bool
    forecast_hours_ahead: int
    forecast_retention_hours: int | None
    force_reinit: str | None
    kamo_enabled: bool
    kamo_substation_areas: AreaChoice
    api_key: Secret | None
    smtp_host: str | None
    smtp_port: int
    smtp_user: str | None
    smtp_password: Secret | None
    smtp_from: str | None
    notification_email: str | None
    port: int
    host: str
    ingress_port: int | None
    cors_origins: tuple[str, ...] | None
    tz: ZoneInfo | None
    log_level: str
    amber_base_url: str | None
    kamo_base_url: str | None
    origins: Mapping[str, SettingOrigin] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has no effect, a sentence each, for the log."""
        return (
            *self.ignored,
            *(
                f"the saved value of {name} is ignored: it {problem}"
                for name, problem in self.unusable.items()
            ),
            *_without_effect(self),
        )

    @property
    def has_a_source(self) -> bool:
        """Whether there is anything to collect."""
        return self.kamo_enabled or self.amber_api_key is not None

    @property
    def forecast_retention(self) -> timedelta | None:
        """How long old forecasts are kept; None is for ever."""
        if self.forecast_retention_hours is None:
            return None
        return timedelta(hours=self.forecast_retention_hours)


def build_settings(
    *,
    environment: Mapping[str, str],
    env_local: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Settings:
    """Return the settings in force.

    Args:
        environment: Of the process.
        env_local: What ``.env.local`` says.
        env: What ``.env`` says.
        options: What the app's options say, by lower-case name.

    Raises:
        ConfigurationError: With every problem at once.
    """
    texts, problems = _option_texts(options or {})
    places = {
        SettingOrigin.ENVIRONMENT: environment,
        SettingOrigin.ENV_LOCAL: env_local or {},
        SettingOrigin.ENV_FILE: env or {},
        SettingOrigin.OPTIONS: texts,
    }
    found = {
        setting.name: place_and_text
        for setting in SETTINGS
        if (place_and_text := _find(setting, places))
    }
    read, refused = _validate({name: text for name, (_place, text) in found.items()})
    problems += [
        f"{name} in {_PLACE_NAMES[found[name][0]]} {message}"
        for name, message in refused.items()
    ]
    if problems:
        raise ConfigurationError(problems)
    defaults = {
        setting.name: setting.read(setting.default) if setting.default else None
        for setting in SETTINGS
    }
    merged: dict[str, Any] = {
        name.lower(): value for name, value in {**defaults, **read}.items()
    }
    if merged["database_url"] is None:
        merged["database_url"] = _default_database(merged["data_dir"])
    return Settings(
        **merged,
        origins={name: origin for name, (origin, _text) in found.items()},
        ignored=(*_unknown_options(options or {}), *_misplaced(places)),
    )


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    options_file: Path = OPTIONS_FILE,
) -> Settings:
    """Return the settings in force, from the places where they are kept.

    Args:
        environment: The process's own if not given.
        folder: Where ``.env`` and ``.env.local`` lie; the working folder if not given.
        options_file: The app's options.

    Raises:
        ConfigurationError: With every problem at once.
        PlaceUnusable: If a file is there that cannot be read.
    """
    place = folder or Path()
    problems: list[str] = []
    env_local = _read_env(place / ".env.local", problems)
    env = _read_env(place / ".env", problems)
    options = _read_options(options_file, problems)
    try:
        settings = build_settings(
            environment=os.environ if environment is None else environment,
            env_local=env_local,
            env=env,
            options=options,
        )
    except ConfigurationError as err:
        raise ConfigurationError([*problems, *err.problems]) from err
    if problems:
        raise ConfigurationError(problems)
    return settings


def _find(setting: Setting, places: _Places) -> tuple[SettingOrigin, str] | None:
    """Return the first place that has a setting, and its text there."""
    for origin, texts in places.items():
        if setting.is_environment_only and origin is not SettingOrigin.ENVIRONMENT:
            continue
        text = setting.clean(texts.get(setting.name, ""))
        if text:
            return origin, text
    return None


def _validate(texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values, and by name what is wrong with those that cannot be read."""
    schema = vol.Schema(
        {vol.Optional(setting.name): setting.read for setting in SETTINGS}
    )
    try:
        return dict(schema(dict(texts))), {}
    except vol.MultipleInvalid as err:
        return {}, {str(problem.path[0]): problem.msg for problem in err.errors}


def _option_texts(options: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Return the app's options as texts by setting's name, and what has no text."""
    names = {setting.name.lower(): setting.name for setting in SETTINGS}
    texts: dict[str, str] = {}
    problems: list[str] = []
    for option, value in options.items():
        name = names.get(option)
        if name is None:
            continue
        text = text_of(value)
        if text is None:
            problems.append(f"{name} in {_OPTIONS} must be a text, number or list")
        else:
            texts[name] = text
    return texts, problems


def text_of(value: object) -> str | None:
    """Return the text of a value from JSON, None if it has none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, list):
        parts = [text_of(part) for part in value]
        return None if None in parts else ",".join(part or "" for part in parts)
    return None


def _unknown_options(options: Mapping[str, object]) -> list[str]:
    known = {setting.name.lower() for setting in SETTINGS}
    return [
        f"{option} in {_OPTIONS} is ignored: there is no such setting"
        for option in sorted(options.keys() - known)
    ]


def _misplaced(places: _Places) -> list[str]:
    only = SettingOrigin.ENVIRONMENT
    return [
        f"{setting.name} in {_PLACE_NAMES[origin]} is ignored: only "
        f"{_PLACE_NAMES[only]} can set it"
        for setting in SETTINGS
        if setting.is_environment_only
        for origin, texts in places.items()
        if origin is not only and texts.get(setting.name)
    ]


def _without_effect(settings: Settings) -> list[str]:
    return [
        f"{setting.name} has no effect: {NO_MAIL}"
        for setting in SETTINGS
        if not setting.has_effect and setting.name in settings.origins
        if getattr(settings, setting.name.lower()) is not None
    ]


def _default_database(data_dir: Path) -> Secret:
    return Secret(f"sqlite:///{data_dir / DATABASE_FILE}")


def _read_env(path: Path, problems: list[str]) -> Mapping[str, str]:
    text = _read(path, problems)
    if text is None:
        return {}
    parsed = parse_env_file(text)
    problems += [
        f"line {number} of {path.name} is not NAME=VALUE"
        for number in parsed.unreadable_lines
    ]
    return parsed.values


def _read_options(path: Path, problems: list[str]) -> Mapping[str, object]:
    text = _read(path, problems)
    if text is None:
        return {}
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        problems.append(f"{path.name} is not a JSON object")
        return {}
    return options


def _read(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        problems.append(f"{path.name} is not UTF-8 text")
        return None
    except OSError as err:
        raise PlaceUnusable("cannot read settings from", path, err) from err
