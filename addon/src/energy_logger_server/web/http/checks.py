"""Validators of query parameters that also know their JSON schema.

The schema is exact: what matches it is accepted, what does not is refused. It is what
``/api/openapi.json`` shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import voluptuous as vol

_DIGITS = 12
# what str.strip() removes, spelt out: "\\s" is something else to every engine
_BLANK = (
    r"\x09-\x0d\x1c-\x20\x85\xa0\u1680\u2000-\u200a"
    r"\u2028\u2029\u202f\u205f\u3000"
)
_TEXT = rf"^[^\x00]*[^\x00{_BLANK}][^\x00]*$"
_LONGEST_HOURS = 876_000

type JsonSchema = Mapping[str, Any]

NUMBER = vol.Any(float, int)
"""A JSON number, in the schema of an answer."""

TIME = vol.Datetime("%Y-%m-%dT%H:%M:%S%z")
"""A time with its offset, in the schema of an answer."""

MAYBE_TIME = vol.Any(TIME, None)
MAYBE_NUMBER = vol.Any(float, int, None)
MAYBE_TEXT = vol.Any(str, None)


class Check(Protocol):
    """Turns the text of a parameter into its value."""

    def __call__(self, text: str) -> Any:
        """Return the value; raises ``vol.Invalid`` if there is none."""
        ...

    @property
    def json_schema(self) -> JsonSchema:
        """What texts are accepted, in JSON Schema's words."""
        ...


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number between two bounds, both allowed."""

    low: int
    high: int

    def __call__(self, text: str) -> int:
        """Return the number."""
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
            raise vol.Invalid("must be a whole number")
        if not self.low <= int(text) <= self.high:
            raise vol.Invalid(f"must be between {self.low} and {self.high}")
        return int(text)

    @property
    def json_schema(self) -> JsonSchema:
        """An integer with its bounds."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


HOURS = WholeNumber(1, _LONGEST_HOURS)
"""How many hours to go back."""


@dataclass(frozen=True, slots=True)
class OneOf[Word: StrEnum]:
    """A word of a closed set."""

    words: type[Word]

    def __call__(self, text: str) -> Word:
        """Return the word."""
        if text not in [word.value for word in self.words]:
            raise vol.Invalid(f"must be one of {', '.join(self.words)}")
        return self.words(text)

    @property
    def json_schema(self) -> JsonSchema:
        """The words."""
        return {"type": "string", "enum": [word.value for word in self.words]}


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""

    def __call__(self, text: str) -> bool:
        """Return the truth."""
        if text not in ("true", "false"):
            raise vol.Invalid("must be true or false")
        return text == "true"

    @property
    def json_schema(self) -> JsonSchema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class SomeText:
    """A text: not blank, and no NUL, which PostgreSQL cannot hold."""

    def __call__(self, text: str) -> str:
        """Return the text as it is."""
        if not re.fullmatch(_TEXT, text):
            raise vol.Invalid("must be a text")
        return text

    @property
    def json_schema(self) -> JsonSchema:
        """A text with one visible character at least."""
        return {"type": "string", "pattern": _TEXT}


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of a form.

    Attributes:
        form: Regular expression of the whole text, valid in JSON Schema too.
        message: What to say when it does not match, such as ``must be ...``.
    """

    form: str
    message: str

    def __call__(self, text: str) -> str:
        """Return the text as it is."""
        if not re.fullmatch(self.form, text):
            raise vol.Invalid(self.message)
        return text

    @property
    def json_schema(self) -> JsonSchema:
        """The form."""
        return {"type": "string", "pattern": f"^(?:{self.form})$"}


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Words of a closed set between commas, in the order of the asker.

    Attributes:
        words: What there is.
    """

    words: tuple[str, ...]

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return the words."""
        asked = tuple(text.split(","))
        for word in asked:
            if word not in self.words:
                raise vol.Invalid(f"has no {word!r}, allowed: {', '.join(self.words)}")
        return asked

    @property
    def json_schema(self) -> JsonSchema:
        """A list between commas."""
        word = "|".join(re.escape(word) for word in self.words)
        return {"type": "string", "pattern": f"^({word})(,({word}))*$"}
