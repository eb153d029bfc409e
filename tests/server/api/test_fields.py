"""Fields are read strictly: a boolean is no number, and only 5.0 is 5 besides 5."""

from decimal import Decimal
from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.errors import SourceUnreadable
from energy_logger_server.api.fields import (
    FieldError,
    check_readable,
    count_or_none,
    flag_or_none,
    known_number,
    number_or_none,
    reject,
    required_number,
    required_text,
    sample_of,
    sift,
    text_or_none,
)
from energy_logger_server.api.models import RejectedRecord


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1.5, 1.5),
        (-3, -3.0),
        (0, 0.0),
        (Decimal("0.1234567890123456789"), 0.12345678901234568),
        (True, None),
        (None, None),
        ("1", None),
        ([1], None),
        (nan, None),
        (-inf, None),
        (Decimal("1e400"), None),
        (10**400, None),
    ],
)
def test_a_number_is_finite_and_no_boolean(value, number):
    read = number_or_none(value)

    assert read == number
    assert read is None or type(read) is float


@given(st.integers() | st.decimals(allow_nan=False) | st.floats())
def test_whatever_a_number_is_the_float_of_it_is_finite(value):
    read = number_or_none(value)

    assert read is None or isfinite(read)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (5, 5),
        (5.0, 5),
        (-0.0, 0),
        (Decimal("5.00000000000000000000000"), 5),
        (2**63 - 1, 2**63 - 1),
        (5.5, None),
        (1e300, None),
        (nan, None),
        (inf, None),
        (Decimal("1e400"), None),
        (True, None),
        ("5", None),
        (None, None),
    ],
)
def test_a_count_is_an_integer_however_it_is_written(value, count):
    read = count_or_none(value)

    assert read == count
    assert read is None or type(read) is int


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), (False, False), (1, None), ("true", None)]
)
def test_a_flag_is_a_boolean(value, flag):
    assert flag_or_none(value) is flag


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), ("", ""), ("a\0", None), (1, None), (None, None)]
)
def test_a_text_can_be_stored_everywhere(value, text):
    assert text_or_none(value) == text


@pytest.mark.parametrize("value", ["", "  ", "a\0b", 5, None, ["a"]])
def test_a_key_is_never_blank_nor_of_another_type(value):
    with pytest.raises(FieldError, match="name is not usable text"):
        required_text({"name": value}, "name")


def test_a_key_is_taken_as_it_is():
    assert required_text({"name": " Ash Grove "}, "name") == " Ash Grove "


def test_a_missing_number_is_named():
    with pytest.raises(FieldError, match="kwh is not a finite number"):
        required_number({}, "kwh")


def test_a_sample_is_the_start_of_the_json():
    assert (
        sample_of({"a": Decimal("1.5"), "b": "\0é"}) == '{"a": "1.5", "b": "\\u0000é"}'
    )
    assert len(sample_of(["x" * 9000])) == 2000


def test_a_rejected_record_leaves_its_neighbours_in_place():
    records, rejected = sift(
        [{"n": 1}, None, {"n": "x"}, {"n": 4}],
        lambda position, row: (position, required_number(row, "n")),
    )

    assert records == ((0, 1.0), (3, 4.0))
    assert rejected == (
        RejectedRecord(1, "not an object", "null"),
        reject(2, "n is not a finite number", {"n": "x"}),
    )


@pytest.mark.parametrize(("row", "number"), [({"a": None}, None), ({"a": 5}, 5.0)])
def test_a_number_that_upstream_need_not_know_is_none(row, number):
    assert known_number(row, "a") == number


@pytest.mark.parametrize("value", ["5", True, nan, []])
def test_a_number_that_is_something_else_is_no_unknown_one(value):
    with pytest.raises(FieldError, match="a is not a finite number"):
        known_number({"a": value}, "a")


def test_a_number_that_is_missing_may_have_another_name_now_and_is_no_unknown_one():
    with pytest.raises(FieldError, match="a is missing"):
        known_number({"b": 5}, "a")


def test_an_answer_without_a_readable_record_is_unreadable_and_says_why():
    with pytest.raises(SourceUnreadable) as caught:
        check_readable("amber", "/x", (), (reject(0, "no id", 5),), sample="[5]")

    assert str(caught.value) == "amber /x: no record can be read; the first: no id"
    assert caught.value.sample == "[5]"


@pytest.mark.parametrize(
    ("records", "rejected"),
    [((), ()), ((1,), ()), ((1,), (reject(0, "no id", 5),))],
    ids=["empty", "whole", "one-of-two"],
)
def test_an_answer_that_is_empty_or_partly_readable_passes(records, rejected):
    check_readable("amber", "/x", records, rejected, sample="")
