"""JSON in which no digit is lost.

A double gives back every decimal of up to 15 significant digits. A longer number that
a double would change, an integer beyond 64 bits and an overflow become ``Decimal``.
"""

import json
from decimal import Decimal, InvalidOperation
from math import isfinite

type JsonValue = (
    bool | int | float | Decimal | str | list[JsonValue] | dict[str, JsonValue] | None
)
type JsonObject = dict[str, JsonValue]

_BYTE_ORDER_MARK = "\ufeff"
_ALWAYS_EXACT_LENGTH = 15
_LONGEST_64_BIT_INT = 20
_END_OF_64_BITS = 2**63


def loads(body: bytes | str) -> JsonValue:
    """Return the parsed body; a byte order mark before it is none of it.

    ``NaN`` and ``Infinity``, which are no JSON, come back as such floats: a record
    that holds one is refused by itself instead of taking the whole list with it.

    Raises:
        ValueError: If the body is not valid JSON or UTF-8, is nested too deeply, has a
            number that not even ``Decimal`` can hold, or names half a surrogate pair
            (a text that no database can hold).
    """
    text = body if isinstance(body, str) else body.decode("utf-8")
    text = text.removeprefix(_BYTE_ORDER_MARK)
    try:
        parsed: JsonValue = json.loads(text, parse_float=_exact, parse_int=_exact_int)
        if "\\u" in text:
            json.dumps(parsed, ensure_ascii=False, default=str).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except InvalidOperation:
        raise ValueError("a number beyond every range") from None
    return parsed


def _exact(text: str) -> float | Decimal:
    value = float(text)
    if len(text) <= _ALWAYS_EXACT_LENGTH and "e" not in text and "E" not in text:
        return value
    exact = Decimal(text)
    if isfinite(value) and Decimal(repr(value)) == exact:
        return value
    return exact


def _exact_int(text: str) -> int | Decimal:
    if len(text) <= _LONGEST_64_BIT_INT:
        value = int(text)
        if -_END_OF_64_BITS <= value < _END_OF_64_BITS:
            return value
    return Decimal(text)
