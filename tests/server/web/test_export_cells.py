"""How an export writes values, however many different ones there are."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.web.datasets.columns import (
    PERCENT,
    TEXT,
    amber_number,
    kamo_number,
)
from energy_logger_server.web.export.cells import (
    CellKinds,
    Cells,
    CellStyle,
    TimeFormatter,
    csv_style,
    json_style,
)
from energy_logger_server.web.export.workbook import sheet_style

scaled = st.integers(-(10**13), 10**13)


def kinds() -> CellKinds:
    return CellKinds(csv_style(), UTC)


@pytest.mark.parametrize(
    "zone",
    ["America/Chicago", "Asia/Kathmandu", "Africa/Monrovia", "Australia/Lord_Howe"],
)
def test_a_clock_tells_what_datetime_tells(zone: str):
    clock = TimeFormatter(ZoneInfo(zone))

    for at in range(0, 2_000_000_000, 7_777_777):
        expected = datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()
        assert clock.text(at) == clock.text(at) == expected


def test_a_clock_that_runs_through_years_keeps_telling_the_time():
    clock = TimeFormatter(ZoneInfo("America/Chicago"))
    quarters = range(0, 900 * 10_000, 900)

    expected = [clock.text(at) for at in quarters]

    assert expected[0] == clock.text(0) == "1969-12-31T18:00:00-06:00"
    assert len(set(expected)) == len(quarters)


@given(scaled, st.integers(1, 7))
def test_ambers_numbers_are_exact_and_whole_ones_have_no_point(
    stored: int, digits: int
):
    [text] = kinds()[amber_number(digits)].of([stored])

    assert Decimal(text) == Decimal(stored).scaleb(-digits)
    assert not text.endswith((".", ".0"))
    assert "e" not in text


@given(scaled, st.sampled_from([1, 4]))
def test_kamos_numbers_are_exact_and_always_have_a_point(stored: int, digits: int):
    [text] = kinds()[kamo_number(digits)].of([stored])

    assert Decimal(text) == Decimal(stored).scaleb(-digits)
    assert text == repr(float(text))


def test_numbers_that_are_texts_already_keep_their_digits_without_an_exponent():
    cells = kinds()

    assert [*cells[kamo_number(1)].of(["1.25", 10])] == ["1.25", "1.0"]
    assert [*cells[amber_number(5)].of(["1e3", None, "-1.5E-7"])] == [
        "1000",
        "",
        "-0.00000015",
    ]
    assert [*cells[PERCENT].of(["7e22", 41.5, 102.0, None, "-0.0", -0.0])] == [
        "70000000000000000000000",
        "41.5",
        "102",
        "",
        "0",
        "0",
    ]


numbers_as_sent = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False).map(str),
)


@given(
    st.lists(numbers_as_sent | scaled | st.none()),
    st.lists(numbers_as_sent | st.floats(allow_nan=False, allow_infinity=False)),
)
def test_numbers_have_the_same_digits_in_all_formats_and_never_an_exponent(
    numbers: list[str | int | None], percents: list[str | float]
):
    in_csv, in_json, on_sheets = (
        CellKinds(style, UTC) for style in (csv_style(), json_style(), sheet_style())
    )
    for digits in (1, 4, 5, 7):
        for kind in (amber_number(digits), kamo_number(digits)):
            texts = [*in_csv[kind].of(numbers)]

            assert [*in_json[kind].of(numbers)] == [text or "null" for text in texts]
            assert [*on_sheets[kind].of(numbers)] == [
                float(text) if text else None for text in texts
            ]
            assert not [text for text in texts if not _is_plain(text)]
    texts = [*in_csv[PERCENT].of(percents)]
    assert [*in_json[PERCENT].of(percents)] == texts
    assert not [text for text in texts if not _is_plain(text)]
    assert [Decimal(text) for text in texts] == [
        Decimal(value if isinstance(value, str) else repr(value)) for value in percents
    ]


def _is_plain(text: str) -> bool:
    """Whether a spreadsheet reads these digits, and nothing is a negative zero."""
    if not text:
        return True
    is_negative_zero = text.startswith("-") and not Decimal(text)
    return not is_negative_zero and set(text) <= set("-.0123456789")


def test_any_number_of_different_values_is_written_in_bounded_memory():
    cells = Cells(str)

    for first in range(0, 100_000, 2_000):
        block = range(first, first + 2_000)
        assert [*cells.of(block)] == [str(value) for value in block]

    assert len(cells) < 20_000


@pytest.mark.parametrize(
    ("style", "written"),
    [
        (csv_style(), ["plain", '"a,b"', '"say ""hi"""', '"two\r\nlines"', ""]),
        (
            json_style(),
            ['"plain"', '"a,b"', r'"say \"hi\""', r'"two\r\nlines"', "null"],
        ),
    ],
)
def test_texts_are_quoted_as_the_format_wants(style: CellStyle, written: list[str]):
    values = ["plain", "a,b", 'say "hi"', "two\r\nlines", None]

    assert [*CellKinds(style, UTC)[TEXT].of(values)] == written
