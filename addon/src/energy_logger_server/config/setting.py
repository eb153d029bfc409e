"""What a declaration of a setting says; the declarations are ``Settings``' fields."""

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from datetime import time
from typing import Any

import voluptuous as vol

from energy_logger_server.domain.collecting.area_choice import AreaChoice
from energy_logger_server.domain.peak_watch.numbers_text import Numbers
from energy_logger_server.domain.setting_state import SettingType, SettingValue

from .secret import Secret


@dataclass(frozen=True, slots=True)
class Kind[Value]:
    """What can be written for a setting, and what it means."""

    allowed: str
    """What can be written, for the reader of the documentation."""

    read: Callable[[str], Value]
    """Returns the value of a text that is not empty; raises ``vol.Invalid``."""

    type: SettingType = SettingType.STRING
    """Of the value in JSON."""

    choices: tuple[str | int, ...] = ()
    """The only values there are; empty when there are others."""

    is_secret: bool = False
    """Whether the value is never shown."""

    clean: Callable[[str], str] = str.strip
    """Takes away what does not belong to the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One declaration."""

    name: str
    """In capitals, as in the environment."""

    kind: Kind[Any]

    default: Any
    """The value when nobody sets one; None for nothing."""

    description: str
    """What it does, in a sentence or two."""

    is_editable: bool
    """Whether the API can save it, which then takes effect at once."""

    is_environment_only: bool
    """For demo and tests: not in files, not in options."""

    @property
    def field(self) -> str:
        """Its name as a field of ``Settings`` and in the app's options."""
        return self.name.lower()

    @property
    def is_secret(self) -> bool:
        """Whether its value is never shown."""
        return self.kind.is_secret

    def read(self, text: str) -> object:
        """Return the value of a text; an empty one stands for nothing.

        Raises:
            vol.Invalid: Says what can be written; never repeats the text.
        """
        if text:
            return self.kind.read(text)
        if self.default is not None:
            raise vol.Invalid("must not be empty")
        return None

    def as_json(self, value: object) -> SettingValue:
        """Return a value as JSON has it; None for a secret and for nothing."""
        if value is None and self.default and self.kind.type is SettingType.INTEGER:
            # for ever, which is written as 0 hours
            return 0
        if value is None or isinstance(value, Secret):
            return None
        if isinstance(value, (int, str)):
            return value
        if isinstance(value, (AreaChoice, Numbers)):
            return value.text
        if isinstance(value, time):
            return value.isoformat("minutes")
        return ",".join(value) if isinstance(value, tuple) else str(value)


def setting[Value](
    kind: Kind[Value],
    default: Value,
    description: str,
    *,
    is_editable: bool = False,
    is_environment_only: bool = False,
) -> Value:
    """Declare a setting as a field of a dataclass; see ``Setting`` for what it says."""
    declared: Any = field(
        default=default,
        metadata={
            "kind": kind,
            "description": description,
            "is_editable": is_editable,
            "is_environment_only": is_environment_only,
        },
    )
    return declared  # type: ignore[no-any-return] # the decorator turns it into a value


def declared_settings(record: type) -> tuple[Setting, ...]:
    """Return the settings that a dataclass declares, in its order."""
    return tuple(_setting_of(one) for one in fields(record) if "kind" in one.metadata)


def _setting_of(one: Field[Any]) -> Setting:
    return Setting(name=one.name.upper(), default=one.default, **one.metadata)


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
