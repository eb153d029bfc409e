"""No exponent and no negative zero in what is answered, and no digit lost."""

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.web.http.plain_numbers import plain_text
from energy_logger_server.web.http.reply import json_body, original_json_body
from energy_logger_server.web.http.rows import (
    Format,
    Layout,
    rows_body,
    without_formula,
)
from tests.server.web.csv_answers import read_csv

numbers = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**63), 2**64 - 1)
    | st.decimals(allow_nan=False, allow_infinity=False, places=30)
    | st.decimals("1e-300", "1e300", allow_nan=False, allow_infinity=False)
)
texts = st.text(
    st.characters(exclude_categories=["Cs"]), max_size=20
) | st.sampled_from(["1e-7", "e-", "-0.0", "9e-4", ":-0.0,", "=1e-5"])
values = st.recursive(
    numbers | texts | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_json_has_every_value_in_plain_digits(value: Any):
    body = json_body(value)

    written: list[str] = []
    read = json.loads(body, parse_float=_noted(written), parse_int=_noted(written))
    assert read == _exact(value)
    assert not [text for text in written if not re.fullmatch("-?[0-9.]+", text)]
    assert not [text for text in written if text[0] == "-" and not Decimal(text)]


def _noted(written: list[str]) -> Any:
    def read(text: str) -> Decimal:
        written.append(text)
        return Decimal(text)

    return read


def _exact(value: Any) -> Any:
    """The value as it is read with the digits that Python shows of it."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, dict):
        return {name: _exact(item) for name, item in value.items()}
    return value


def test_upstreams_own_numbers_stay_as_json_libraries_write_them():
    assert original_json_body([-0.0, Decimal("1E-7")]) == b"[-0.0,1E-7]"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1e-06", "0.000001"),
        ("-1.5E+3", "-1500"),
        ("0E-7", "0"),
        ("-0", "0"),
        ("-0.000", "0.000"),
        ("-0.05", "-0.05"),
        ("12.50", "12.50"),
        ("1E-999999", "1E-999999"),
    ],
)
def test_a_number_is_written_out(written: str, plain: str):
    assert plain_text(written) == plain


@given(
    st.lists(st.tuples(numbers, texts, st.none() | numbers), min_size=1, max_size=5),
    st.booleans(),
)
def test_rows_have_the_same_digits_as_csv_and_as_ndjson(
    rows: list[tuple[Any, ...]], is_raw: bool
):
    names = ("number", "text", "other")
    fields = [dict(zip(names, row, strict=True)) for row in rows]

    as_csv, as_lines = (
        rows_body(Layout(form, is_raw), whole=None, rows=fields, columns=names)
        for form in (Format.CSV, Format.NDJSON)
    )

    cells = read_csv(as_csv.decode())
    lines = [
        json.loads(line, parse_float=str, parse_int=str)
        for line in as_lines.split(b"\n")[:-1]
    ]
    marked = str if is_raw else without_formula
    assert [row["number"] for row in cells] == [row["number"] for row in lines]
    assert [row["other"] for row in cells] == [row["other"] or "" for row in lines]
    assert [row["text"] for row in cells] == [marked(row["text"]) for row in lines]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_runs_a_text_of_csv(start: str):
    rows = [{"name": f"{start}cmd()", "kw": -5.0}]

    texts = {
        (form, is_raw): rows_body(
            Layout(form, is_raw), whole=None, rows=rows, columns=("name", "kw")
        )
        for form in (Format.CSV, Format.NDJSON)
        for is_raw in (False, True)
    }

    cell = next(csv.reader(io.StringIO(_line(texts[Format.CSV, False]), newline="")))
    assert cell == [f"'{start}cmd()", "-5.0"]
    raw = next(csv.reader(io.StringIO(_line(texts[Format.CSV, True]), newline="")))
    assert raw == [f"{start}cmd()", "-5.0"]
    # programs read NDJSON
    assert texts[Format.NDJSON, False] == texts[Format.NDJSON, True]
    assert b"'" not in texts[Format.NDJSON, False]


def _line(body: bytes) -> str:
    return body.decode().partition("\r\n")[2]
