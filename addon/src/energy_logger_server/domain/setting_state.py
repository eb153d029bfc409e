"""What can be said of a setting to whoever may see it: never a secret's value."""

from enum import StrEnum
from typing import TypedDict

type SettingValue = str | bool | int | None
"""A value as JSON has it; dates in ISO form, None for nothing."""


class SettingOrigin(StrEnum):
    """Where the value in force comes from, the strongest first."""

    COMMAND = "command line"
    SAVED = "saved"
    ENVIRONMENT = "environment"
    ENV_LOCAL = ".env.local"
    ENV_FILE = ".env"
    OPTIONS = "options"
    DEFAULT = "default"


class SettingType(StrEnum):
    """JSON's type of a value."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"


class Applies(StrEnum):
    """When a change takes effect."""

    NOW = "now"
    RESTART = "restart"


class SettingState(TypedDict):
    """One setting as it is now, in the order of the answer."""

    value: SettingValue
    """In force; null for a secret."""
    description: str
    type: SettingType
    """JSON type of the value."""
    default: SettingValue
    choices: list[str | int]
    """The only values, if there are few."""
    allowed: str
    """What can be written, in words."""
    source: SettingOrigin
    """Where the value comes from."""
    is_editable: bool
    """Whether it can be saved here."""
    is_secret: bool
    is_set: bool
    """Whether anybody set it."""
    applies: Applies
    """When a change takes effect."""
    problem: str | None
    """Why the saved value is ignored; null if it is not."""
