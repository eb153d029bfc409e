"""No digit is lost, and a body is either JSON or an error of one kind."""

import contextlib
import json
from decimal import Decimal
from math import inf, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.exact_json import loads

NUMBERS = st.from_regex(
    r"\A-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?\Z"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(NUMBERS)
def test_every_number_keeps_its_value(text):
    value = loads(text)

    assert isinstance(value, int | float | Decimal)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    assert exact == Decimal(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_was_a_double_is_that_double(value):
    read = loads(json.dumps(value))

    assert type(read) is float
    assert read == value


@given(DOCUMENTS, st.booleans())
def test_all_else_is_read_as_usual(document, ascii_only):
    body = json.dumps(document, ensure_ascii=ascii_only)

    assert loads(body.encode()) == document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("8.447000000000001", 8.447000000000001),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", Decimal(2**63)),
        ("1" + 400 * "0", Decimal(10) ** 400),
        ("0.1234567890123456789", Decimal("0.1234567890123456789")),
        ("1e400", Decimal("1e400")),
        ("1e-400", Decimal("1e-400")),
    ],
)
def test_a_number_takes_the_simplest_type_that_holds_it(text, value):
    read = loads(text)

    assert type(read) is type(value)
    assert read == value


def test_what_is_no_number_comes_back_as_such_a_float():
    read = loads("[NaN, Infinity, -Infinity]")

    assert isinstance(read, list)
    assert isnan(float(str(read[0])))
    assert read[1:] == [inf, -inf]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut-off"),
        pytest.param(b"[1,]", id="comma-too-many"),
        pytest.param(b'["\xff"]', id="not-utf-8"),
        pytest.param(b"\xef\xbb\xbf", id="byte-order-mark-alone"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbf[]", id="two-byte-order-marks"),
        pytest.param(b'["\\ud800"]', id="half-a-pair-as-text"),
        pytest.param(b'{"\\udc00": 1}', id="half-a-pair-as-key"),
        pytest.param(b"[" * 500_000, id="nested-too-deeply"),
        pytest.param(b"1e1000000000000000000", id="beyond-every-range"),
    ],
)
def test_what_is_no_json_is_a_value_error(body):
    with pytest.raises(ValueError, match=r".+"):
        loads(body)


@pytest.mark.parametrize(
    "body", [b'\xef\xbb\xbf["a"]', '\ufeff["a"]'], ids=["bytes", "text"]
)
def test_a_byte_order_mark_before_json_is_none_of_it(body):
    assert loads(body) == ["a"]


def test_a_whole_surrogate_pair_is_one_character():
    assert loads(b'"\\ud83d\\ude00"') == "\U0001f600"


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(body):
    with contextlib.suppress(ValueError):
        json.dumps(loads(body), default=str)
