"""Numbers without an exponent and without a negative zero.

A spreadsheet shows ``1e-06`` as it stands, and nothing amounts to ``-0.0``.
"""

from decimal import Decimal
from typing import Any

import orjson

_MOST_ZEROS = 400
"""More than any double needs; written out, ``1E-999999`` would fill a megabyte."""

# orjson gives every exponent its sign
_EXPONENTS = (b"e-", b"e+")
_NEGATIVE_ZERO = b"-0.0"
_DIGITS = b"0123456789"
_BEHIND_A_NUMBER = b",]}"


def plain_text(number: str) -> str:
    """Return a number, written in any way, without an exponent or a negative zero.

    One of more than 400 zeros, which no double holds, stays as it is.
    """
    if "e" in number or "E" in number:
        exact = Decimal(number)
        if not exact:
            return "0"
        if abs(exact.adjusted()) <= _MOST_ZEROS:
            return f"{exact:f}"
    if number.startswith("-0") and not number.strip("-0."):
        return number[1:]
    return number


def has_odd_numbers(body: bytes) -> bool:
    """Return whether JSON that orjson wrote may hold an exponent or a negative zero.

    A text that looks like one counts as well.
    """
    for sign in _EXPONENTS:
        at = body.find(sign)
        while at > 0:
            if body[at - 1] in _DIGITS and body[at + 2] in _DIGITS:
                return True
            at = body.find(sign, at + 1)
    at = body.find(_NEGATIVE_ZERO)
    while at >= 0:
        end = at + len(_NEGATIVE_ZERO)
        behind = body[end : end + 1]
        if not behind or behind in _BEHIND_A_NUMBER:
            return True
        at = body.find(_NEGATIVE_ZERO, at + 1)
    return False


def with_plain_numbers(value: Any) -> Any:
    """Return a value for orjson whose floats will be written in plain digits."""
    if isinstance(value, float):
        text = repr(value)
        plain = plain_text(text)
        return value if plain == text else orjson.Fragment(plain)
    if isinstance(value, dict):
        return {name: with_plain_numbers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_plain_numbers(item) for item in value]
    return value
