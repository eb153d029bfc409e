"""The settings as the machine has them: read once, checked as a whole.

The only reader of the environment. A value is taken from the first place that has it:
environment, ``.env.local``, ``.env``, the app's ``/data/options.json`` (lower-case
names), default. An empty value counts as none. What was saved over the API comes
before all of them, see ``saved``.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import voluptuous as vol

from energy_logger_server.domain.setting_state import SettingOrigin
from energy_logger_server.errors import ConfigurationError, PlaceUnusable

from .env_file import parse_env_file
from .setting import Setting, text_of
from .settings import BY_FIELD, SETTINGS, Settings

OPTIONS_FILE = Path("/data/options.json")
"""Where the Supervisor writes the options of the app."""

_PLACE_NAMES = {
    SettingOrigin.ENVIRONMENT: "the environment",
    SettingOrigin.ENV_LOCAL: ".env.local",
    SettingOrigin.ENV_FILE: ".env",
    SettingOrigin.OPTIONS: "options.json",
}
_OPTIONS = _PLACE_NAMES[SettingOrigin.OPTIONS]

type _Places = Mapping[SettingOrigin, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Settings as far as they can be read.

    Attributes:
        settings: The values in force; defaults in place of those that are wrong.
        problem: What is to be raised by whoever cannot work with that; None if all
            could be read.
    """

    settings: Settings
    problem: ConfigurationError | PlaceUnusable | None

    def or_raise(self) -> Settings:
        """Return the settings if all could be read.

        Raises:
            ConfigurationError: With every problem at once.
            PlaceUnusable: If a file is there that cannot be read.
        """
        if self.problem is not None:
            raise self.problem
        return self.settings


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
    settings, problems = _build(environment, env_local or {}, env or {}, options or {})
    if problems:
        raise ConfigurationError(problems)
    return settings


def _build(
    environment: Mapping[str, str],
    env_local: Mapping[str, str],
    env: Mapping[str, str],
    options: Mapping[str, object],
) -> tuple[Settings, list[str]]:
    texts, problems = _option_texts(options)
    places = {
        SettingOrigin.ENVIRONMENT: environment,
        SettingOrigin.ENV_LOCAL: env_local,
        SettingOrigin.ENV_FILE: env,
        SettingOrigin.OPTIONS: texts,
    }
    values: dict[str, Any] = {}
    origins: dict[str, SettingOrigin] = {}
    for setting in SETTINGS:
        origin, text = _first_text(setting, places)
        if not text:
            continue
        origins[setting.name] = origin
        try:
            values[setting.field] = setting.read(text)
        except vol.Invalid as err:
            problems.append(f"{setting.name} in {_PLACE_NAMES[origin]} {err.msg}")
    ignored = (*_unknown_options(options), *_misplaced(places))
    return Settings(**values, origins=origins, ignored=ignored), problems


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
    return read_settings(
        environment, folder=folder, options_file=options_file
    ).or_raise()


def read_settings(
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    options_file: Path = OPTIONS_FILE,
) -> ReadSettings:
    """Return the settings in force, as far as they can be read.

    Args:
        environment: As of ``load_settings``.
        folder: Likewise.
        options_file: Likewise.
    """
    place = folder or Path()
    problems: list[str] = []
    unreadable: list[PlaceUnusable] = []
    env_local = _read_env(place / ".env.local", problems, unreadable)
    env = _read_env(place / ".env", problems, unreadable)
    options = _read_options(options_file, problems, unreadable)
    settings, more = _build(
        os.environ if environment is None else environment, env_local, env, options
    )
    problems += more
    if unreadable:
        return ReadSettings(settings, unreadable[0])
    return ReadSettings(settings, ConfigurationError(problems) if problems else None)


def _first_text(setting: Setting, places: _Places) -> tuple[SettingOrigin, str]:
    """Return the first place that has a setting, and its text; empty if none has."""
    for origin, texts in places.items():
        if setting.is_environment_only and origin is not SettingOrigin.ENVIRONMENT:
            continue
        text = setting.kind.clean(texts.get(setting.name, ""))
        if text:
            return origin, text
    return SettingOrigin.DEFAULT, ""


def _option_texts(options: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Return the app's options as texts by setting's name, and what has no text."""
    texts: dict[str, str] = {}
    problems: list[str] = []
    for option, value in options.items():
        if option not in BY_FIELD:
            continue
        name = BY_FIELD[option].name
        text = text_of(value)
        if text is None:
            problems.append(f"{name} in {_OPTIONS} must be a text, number or list")
        else:
            texts[name] = text
    return texts, problems


def _unknown_options(options: Mapping[str, object]) -> list[str]:
    return [
        f"{option} in {_OPTIONS} is ignored: there is no such setting"
        for option in sorted(options.keys() - BY_FIELD.keys())
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


def _read_env(
    path: Path, problems: list[str], unreadable: list[PlaceUnusable]
) -> Mapping[str, str]:
    text = _read(path, problems, unreadable)
    if text is None:
        return {}
    parsed = parse_env_file(text)
    problems += [
        f"line {number} of {path.name} is not NAME=VALUE"
        for number in parsed.unreadable_lines
    ]
    return parsed.values


def _read_options(
    path: Path, problems: list[str], unreadable: list[PlaceUnusable]
) -> Mapping[str, object]:
    text = _read(path, problems, unreadable)
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


def _read(
    path: Path, problems: list[str], unreadable: list[PlaceUnusable]
) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        problems.append(f"{path.name} is not UTF-8 text")
        return None
    except OSError as err:
        unreadable.append(PlaceUnusable("cannot read settings from", path, err))
        return None
