"""What a parameter's schema says is what is accepted, no more and no less."""

from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.web.http.checks import (
    Check,
    Flag,
    Matching,
    OneOf,
    SomeOf,
    SomeText,
    WholeNumber,
)
from energy_logger_server.web.http.history_query import Moment


class Colour(StrEnum):
    """Two words."""

    RED = "red"
    BLUE = "blue"


CENTRAL = ZoneInfo("America/Chicago")
TEXT_CHECKS = (
    OneOf(Colour),
    SomeText(),
    Matching("[a-z]{2}", "must be two letters"),
    SomeOf(("load_kw", "a.b")),
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["red", "ab", "load_kw,a.b", "a.b", "aXb", "load_kw,", "1", " \n", "\0a"]
    ),
)


def is_accepted(check: Check, text: str) -> bool:
    try:
        check(text)
    except vol.Invalid:
        return False
    return True


def is_described(check: Check, value: Any) -> bool:
    validator = jsonschema_rs.validator_for(
        dict(check.json_schema), validate_formats=True
    )
    return validator.is_valid(value)


@pytest.mark.parametrize("check", TEXT_CHECKS)
@given(text=TEXTS)
def test_a_text_is_accepted_exactly_when_the_schema_says_so(check: Check, text: str):
    assert is_accepted(check, text) == is_described(check, text)


def test_a_text_of_one_character_is_blank_as_python_says():
    check = SomeText()
    every = [chr(at) for at in range(0x110000) if not 0xD800 <= at < 0xE000]
    refused = [text for text in every if not is_accepted(check, text)]

    assert refused == ["\0", *(text for text in every if text.isspace())]
    for text in (*refused, "\x1b", "\x84", "\u200b", "\ufeff"):
        assert is_described(check, text) == (text not in refused), ascii(text)


@given(number=st.integers())
def test_a_number_is_accepted_exactly_when_the_schema_says_so(number: int):
    check = WholeNumber(-5, 500)

    assert is_accepted(check, str(number)) == is_described(check, number)


@pytest.mark.parametrize("text", ["1.0", "1e2", "+1", " 1", "\u0661", "", "9" * 13])
def test_what_only_looks_like_a_whole_number_is_refused(text: str):
    assert not is_accepted(WholeNumber(0, 10**15), text)


@given(moment=st.one_of(st.dates(), st.datetimes(timezones=st.timezones())))
def test_every_date_and_time_of_the_calendar_is_accepted(moment: Any):
    for is_end in (False, True):
        assert is_accepted(Moment(CENTRAL, is_end=is_end), moment.isoformat())


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "25:00", "", "1700000000"])
def test_what_is_no_time_is_refused(text: str):
    check = Moment(CENTRAL, is_end=False)

    assert not is_accepted(check, text)
    assert not is_described(check, text)


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("false", False)])
def test_a_flag_is_true_or_false(text: str, truth: bool):
    assert Flag()(text) is truth
    assert is_described(Flag(), truth)


@pytest.mark.parametrize("text", ["True", "1", "yes", ""])
def test_a_flag_takes_no_other_spelling(text: str):
    assert not is_accepted(Flag(), text)


def test_a_list_keeps_the_askers_order():
    assert SomeOf(("a", "b", "c"))("c,a") == ("c", "a")


def test_a_list_names_what_it_does_not_know():
    with pytest.raises(vol.Invalid, match="has no 'd', allowed: a, b"):
        SomeOf(("a", "b"))("a,d")
