"""What an answer holds, said once: a ``TypedDict`` whose fields have their texts below.

The type checker compares the dict that is answered with the declaration, and the
description of the operations takes its JSON Schema from here. An object has the fields
that are declared and no others.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from types import NoneType, UnionType, get_original_bases
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeAliasType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

type Json = dict[str, Any]
type _Known = Mapping[object, object]
type _Parts = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Doc:
    """The text of a field in its ``Annotated`` type: one that several fields share."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """JSON Schema beside the type that Python knows, such as a text's format."""

    json_schema: Mapping[str, Any]


_SHAPES = (list, Union, UnionType)

type Time = Annotated[str, Words({"type": "string", "format": "date-time"})]
"""A time with its offset."""

type Date = Annotated[str, Words({"type": "string", "format": "date"})]
"""A day, such as ``2026-01-04``."""

_PLAIN = {
    NoneType: "null",
    bool: "boolean",
    float: "number",
    int: "integer",
    str: "string",
}


def is_answer_type(shape: object) -> bool:
    """Return whether this is a ``TypedDict``, a list of something, or a choice."""
    origin = get_origin(shape) or shape
    return origin in _SHAPES or is_typeddict(origin)


def field_names(shape: type) -> tuple[str, ...]:
    """Return the names of a ``TypedDict``'s fields in their order."""
    return tuple(name for name, _ in _fields(shape, {}))


def type_schema(shape: object) -> Json:
    """Return the JSON Schema of an answer's type.

    Raises:
        TypeError: If JSON has no such thing.
    """
    return _schema(shape, {})


def _schema(shape: object, known: _Known) -> Json:
    """Return a schema.

    Args:
        shape: The type.
        known: What the type variables of the declaration around it stand for.
    """
    if isinstance(shape, TypeAliasType):
        return _schema(shape.__value__, known)
    if isinstance(shape, TypeVar):
        return _schema(known[shape], {})
    origin = get_origin(shape)
    if is_typeddict(origin or shape):
        return _object(shape, known)
    if origin in _COMPOSED:
        return _COMPOSED[origin](get_args(shape), known)
    return _simple(shape)


def _simple(shape: object) -> Json:
    if isinstance(shape, type) and issubclass(shape, StrEnum):
        return _words([one.value for one in shape])
    if isinstance(shape, type) and shape in _PLAIN:
        return {"type": _PLAIN[shape]}
    raise TypeError(f"JSON has no {shape!r}")


def _object(shape: object, known: _Known) -> Json:
    fields = _fields(shape, known)
    declared: Any = get_origin(shape) or shape
    return {
        "type": "object",
        "properties": dict(fields),
        "required": [name for name, _ in fields if name in declared.__required_keys__],
        "additionalProperties": False,
    }


def _annotated(parts: _Parts, known: _Known) -> Json:
    shape, *notes = parts
    schema = _schema(shape, known)
    for note in notes:
        if isinstance(note, Words):
            schema = {**note.json_schema}
        elif isinstance(note, Doc):
            schema["description"] = note.text
    return schema


def _one_of(parts: _Parts, known: _Known) -> Json:
    """Return a union; sets of words in it become one."""
    choices = [_schema(one, known) for one in parts]
    words = [word for one in choices for word in one.get("enum", ())]
    others = [one for one in choices if "enum" not in one]
    every = [_words(words), *others] if words else others
    return every[0] if len(every) == 1 else {"anyOf": every}


def _words(words: Sequence[object]) -> Json:
    return {"type": "string", "enum": [*words]}


_COMPOSED: Mapping[object, Callable[[_Parts, _Known], Json]] = {
    Annotated: _annotated,
    Literal: lambda words, _: _words(words),
    Union: _one_of,
    UnionType: _one_of,
    NotRequired: lambda parts, known: _schema(parts[0], known),
    list: lambda parts, known: {"type": "array", "items": _schema(parts[0], known)},
    dict: lambda parts, known: {
        "type": "object",
        "additionalProperties": _schema(parts[1], known),
    },
}


def _fields(shape: object, known: _Known) -> list[tuple[str, Json]]:
    """Return the fields with their schemas, those of the bases first."""
    found: dict[str, Json] = {}
    declared: Any = get_origin(shape) or shape
    arguments = [known.get(one, one) for one in get_args(shape)]
    here = dict(zip(declared.__type_params__, arguments, strict=True))
    for base in get_original_bases(declared):
        if is_typeddict(get_origin(base) or base):
            found.update(_fields(base, here))
    texts = dict(_texts(declared.__module__, declared.__qualname__))
    for name, kind in declared.__annotations__.items():
        if name not in found:
            found[name] = _schema(kind, here)
            if name in texts:
                found[name]["description"] = texts[name]
    return [*found.items()]


@cache
def _texts(module: str, qualified_name: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class that have a text below them, and the texts.

    Python throws such texts away, so they are read from the source.
    """
    body: list[ast.stmt] = ast.parse(inspect.getsource(sys.modules[module])).body
    for part in qualified_name.split("."):
        [body] = [
            one.body
            for one in body
            if isinstance(one, ast.ClassDef) and one.name == part
        ]
    return tuple(_texts_in(body))


def _texts_in(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            text = ast.literal_eval(below.value)
            yield ast.unparse(field.target), " ".join(text.split())
