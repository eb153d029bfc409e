"""What can be said of a setting to whoever may see it: never a secret's value."""

from dataclasses import dataclass, field
from enum import StrEnum

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


def _described(text: str) -> dict[str, str]:
    """Return metadata: the field's text in the description of the API, too."""
    return {"description": text}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingState:
    """One setting as it is now; ``/api/settings`` has these fields in this order."""

    name: str
    """In capitals, as in the environment."""

    value: SettingValue = field(metadata=_described("In force; null for a secret."))
    """None for a secret, set or not, and for nothing."""

    description: str
    """What it does."""

    type: SettingType = field(metadata=_described("JSON type of the value."))
    """Unless that is None."""

    default: SettingValue
    """What holds when nobody sets it; None for nothing."""

    choices: tuple[str | int, ...] = field(
        metadata=_described("The only values, if there are few.")
    )
    allowed: str = field(metadata=_described("What can be written, in words."))
    source: SettingOrigin = field(metadata=_described("Where the value comes from."))
    is_editable: bool = field(metadata=_described("Whether it can be saved here."))

    is_secret: bool
    """Whether its value is never shown."""

    is_set: bool = field(metadata=_described("Whether anybody set it."))
    applies: Applies = field(metadata=_described("When a change takes effect."))
    has_effect: bool = field(
        metadata=_described("Whether this version does anything by it.")
    )
    problem: str | None = field(
        metadata=_described("Why the saved value is ignored; null if it is not.")
    )
