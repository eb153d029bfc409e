"""What an answer holds is declared once, and its JSON Schema follows from that."""

from enum import StrEnum
from typing import Annotated, Literal, NotRequired, TypedDict

import pytest

from energy_logger_server.web.http.answer_types import (
    Date,
    Doc,
    Time,
    field_names,
    is_answer_type,
    type_schema,
)
from energy_logger_server.web.http.openapi import json_schema


class Colour(StrEnum):
    """A closed set of words."""

    RED = "red"
    BLUE = "blue"


type Share = Annotated[float | None, Doc("Of the whole.")]


class Thing(TypedDict):
    """Something."""

    name: str
    """What it is called,
    on two lines."""
    size: int
    share: Share


class Page[Row](TypedDict):
    """Rows of any kind."""

    rows: list[Row]
    """Newest first."""
    truncated: bool


class Things(Page[Thing]):
    """Rows of one kind."""

    note: NotRequired[str]


class Unknown(TypedDict):
    """What cannot be answered."""

    at: complex


THING = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "What it is called, on two lines."},
        "size": {"type": "integer"},
        "share": {
            "anyOf": [{"type": "number"}, {"type": "null"}],
            "description": "Of the whole.",
        },
    },
    "required": ["name", "size", "share"],
    "additionalProperties": False,
}


def test_the_text_below_a_field_is_its_description():
    assert type_schema(Thing) == THING


def test_a_page_names_its_rows_and_what_may_be_missing():
    assert type_schema(Things) == {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": THING, "description": "Newest first."},
            "truncated": {"type": "boolean"},
            "note": {"type": "string"},
        },
        "required": ["rows", "truncated"],
        "additionalProperties": False,
    }
    assert field_names(Things) == ("rows", "truncated", "note")
    assert type_schema(Page[Thing])["properties"]["rows"]["items"] == THING


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (Time, {"type": "string", "format": "date-time"}),
        (Date, {"type": "string", "format": "date"}),
        (Colour, {"type": "string", "enum": ["red", "blue"]}),
        (Literal["no"] | Colour, {"type": "string", "enum": ["no", "red", "blue"]}),
        (
            Colour | None,
            {"anyOf": [{"type": "string", "enum": ["red", "blue"]}, {"type": "null"}]},
        ),
        (
            dict[str, int],
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
    ],
)
def test_a_type_is_reported_in_the_words_of_json_schema(shape: object, schema: object):
    assert type_schema(shape) == schema


def test_the_description_of_operations_takes_types_and_lists_of_them():
    assert json_schema(list[Thing]) == {"type": "array", "items": THING}
    assert is_answer_type(Page[Thing])
    assert not is_answer_type(dict)


def test_what_json_does_not_have_is_an_error():
    with pytest.raises(TypeError, match="JSON has no <class 'complex'>"):
        type_schema(Unknown)
