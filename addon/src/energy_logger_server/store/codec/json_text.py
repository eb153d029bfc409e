"""JSON text of parsed values, ``Decimal`` included, and the strict comparison."""

from collections.abc import Mapping
from decimal import Decimal

import orjson

from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads


def dumps(value: JsonValue) -> str:
    """Return compact JSON; a ``Decimal`` is written with all its digits."""
    return orjson.dumps(value, default=_decimal).decode()


def _decimal(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError


def storable(text: str) -> str:
    """Return a text that every database can hold: without NUL characters.

    Where one was, ``extra`` then holds the text as it was sent.
    """
    return text.replace("\x00", "")


def is_same(left: JsonValue, right: JsonValue) -> bool:
    """Return whether two values are the same JSON.

    Python thinks ``1 == True == 1.0``; this does not. Key order does not count.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            is_same(item, right[name]) for name, item in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_same, left, right))
    return type(left) is type(right) and left == right


def difference(decoded: JsonObject, sent: Mapping[str, JsonValue]) -> str | None:
    """Return what ``decoded`` misses of what was sent, as the text of ``extra``.

    Shape: ``{"set": {name: value}, "drop": [name]}``; None when nothing is missed.
    """
    if _is_same_text(decoded, sent):
        return None
    wrong = {
        name: value
        for name, value in sent.items()
        if name not in decoded or not is_same(decoded[name], value)
    }
    surplus = [name for name in decoded if name not in sent]
    if not wrong and not surplus:
        return None
    extra: JsonObject = {}
    if wrong:
        extra["set"] = wrong
    if surplus:
        extra["drop"] = [*surplus]
    return dumps(extra)


def _is_same_text(decoded: JsonObject, sent: Mapping[str, JsonValue]) -> bool:
    """Return whether both are equal to the byte, so in every type: the usual case."""
    try:
        return orjson.dumps(decoded) == orjson.dumps(sent)
    except TypeError:
        # a Decimal: a number with more digits than a double holds
        return False


def apply_extra(decoded: JsonObject, extra: str | None) -> JsonObject:
    """Return the object as it was sent: the inverse of ``difference``."""
    if extra is None:
        return decoded
    parsed = loads(extra)
    if isinstance(parsed, dict):
        drop, wrong = parsed.get("drop"), parsed.get("set")
        for name in drop if isinstance(drop, list) else ():
            decoded.pop(str(name), None)
        decoded.update(wrong if isinstance(wrong, dict) else {})
    return decoded
