"""Query strings: checked by schema, errors that name the parameter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import Any

import voluptuous as vol
from aiohttp import web

from .errors import invalid_parameter

_LONGEST_HOURS = 876_000
_DIGITS = 12


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a validator of whole numbers between two bounds, both allowed."""

    def check(text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
            raise vol.Invalid("must be a whole number")
        if not low <= int(text) <= high:
            raise vol.Invalid(f"must lie from {low} to {high}")
        return int(text)

    return check


HOURS = whole_number(1, _LONGEST_HOURS)
"""How many hours to go back."""


def one_of[Word: StrEnum](words: type[Word]) -> Callable[[str], Word]:
    """Return a validator of the words of a closed set."""

    def check(text: str) -> Word:
        if text not in [word.value for word in words]:
            raise vol.Invalid(f"must be one of {', '.join(words)}")
        return words(text)

    return check


def some_text(text: str) -> str:
    """Validate a text: not empty, and no NUL, which PostgreSQL cannot hold."""
    if not text.strip() or "\0" in text:
        raise vol.Invalid("must be a text")
    return text


NOTHING = vol.Schema({})
"""The schema of a request without parameters."""

_SUMMARY = vol.Schema({vol.Optional("hours", default="24"): HOURS})


def read_query(request: web.Request, schema: vol.Schema) -> dict[str, Any]:
    """Return the checked parameters of a request.

    Raises:
        ApiError: Names the first parameter that is wrong.
    """
    sent: dict[str, str] = {}
    for name, value in request.query.items():
        if name in sent:
            raise invalid_parameter(name, "is there twice")
        sent[name] = value
    known = sorted(str(name) for name in schema.schema)
    for name in sent:
        if name not in known:
            there_are = ", ".join(known) or "none"
            raise invalid_parameter(name, f"is not known here; there are: {there_are}")
    try:
        return dict(schema(sent))
    except vol.MultipleInvalid as err:
        problem = err.errors[0]
        raise invalid_parameter(str(problem.path[0]), problem.msg) from err


def hours_back(request: web.Request, now: datetime) -> tuple[int, tuple[int, int]]:
    """Return the ``hours`` of a summary, and the span from then until now.

    Raises:
        ApiError: Names the parameter that is wrong.
    """
    hours: int = read_query(request, _SUMMARY)["hours"]
    return hours, last_hours(hours, now)


def last_hours(hours: int, now: datetime) -> tuple[int, int]:
    """Return the span of the last hours: first instant, and the one past now."""
    first = ceil((now - timedelta(hours=hours)).timestamp())
    return first, floor(now.timestamp()) + 1
