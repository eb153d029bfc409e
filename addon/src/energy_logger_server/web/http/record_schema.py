"""The schema of an answer that shows a record, made from the record's own fields."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeAliasType, get_args, get_origin, get_type_hints

import voluptuous as vol


def schema_of(
    record: type, *, without: Collection[str] = ()
) -> Mapping[vol.Required, Any]:
    """Return the required keys of an object that has a dataclass's fields.

    Fields are texts, numbers, truths, words of a ``StrEnum``, None, tuples of one
    kind, or unions of those; ``description`` in a field's metadata describes it.

    Args:
        record: The dataclass.
        without: Names of fields that the answer has elsewhere.
    """
    hints = get_type_hints(record)
    return {
        vol.Required(one.name, description=one.metadata.get("description")): _check(
            hints[one.name]
        )
        for one in fields(record)
        if one.name not in without
    }


def _check(hint: Any) -> Any:
    """Return what a value of a type must match, in voluptuous' words."""
    if isinstance(hint, TypeAliasType):
        return _check(hint.__value__)
    if isinstance(hint, UnionType):
        return vol.Any(*map(_check, get_args(hint)))
    if get_origin(hint) is tuple:
        return [_check(get_args(hint)[0])]
    if issubclass(hint, StrEnum):
        return vol.In([word.value for word in hint])
    return None if hint is NoneType else hint
