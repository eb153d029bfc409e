"""What can be said of a setting to whoever may see it: never a secret's value."""

from dataclasses import dataclass
from enum import StrEnum

type SettingValue = str | int | bool | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingState:
    """One setting as it is now.

    Attributes:
        name: In capitals, as in the environment.
        value: In force; None for a secret, set or not, and for nothing.
        type: Of the value, unless that is None.
        default: What holds when nobody sets it; None for nothing.
        choices: The only values there are; empty when there are others.
        allowed: What can be written, in words.
        description: What it does.
        source: Where the value comes from.
        is_editable: Whether the API can save it.
        is_secret: Whether its value is never shown.
        is_set: Whether anybody set it.
        applies: When a change of it takes effect.
        has_effect: Whether anything goes by it in this version.
        problem: Why the saved value is ignored; None when it is not.
    """

    name: str
    value: SettingValue
    type: SettingType
    default: SettingValue
    choices: tuple[str | int, ...]
    allowed: str
    description: str
    source: SettingOrigin
    is_editable: bool
    is_secret: bool
    is_set: bool
    applies: Applies
    has_effect: bool
    problem: str | None
