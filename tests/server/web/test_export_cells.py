"""How an export writes values, however many different ones there are."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.web.export_cells import CellKinds, Cells, Clock
from energy_logger_server.web.formats import Format

scaled = st.integers(-(10**13), 10**13)


def kinds(form: Format = Format.CSV) -> CellKinds:
    return CellKinds(form, UTC, is_only_column=False)


@pytest.mark.parametrize(
    "zone",
    ["America/Chicago", "Asia/Kathmandu", "Africa/Monrovia", "Australia/Lord_Howe"],
)
def test_a_clock_tells_what_datetime_tells(zone: str):
    clock = Clock(ZoneInfo(zone))

    for at in range(0, 2_000_000_000, 7_777_777):
        told = datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()
        assert clock.text(at) == clock.text(at) == told


def test_a_clock_that_runs_through_years_keeps_telling_the_time():
    clock = Clock(ZoneInfo("America/Chicago"))
    quarters = range(0, 900 * 10_000, 900)

    told = [clock.text(at) for at in quarters]

    assert told[0] == clock.text(0) == "1969-12-31T18:00:00-06:00"
    assert len(set(told)) == len(quarters)


@given(scaled, st.integers(1, 7))
def test_ambers_numbers_are_exact_and_whole_ones_have_no_point(
    stored: int, digits: int
):
    [text] = kinds().amber_number(digits).of([stored])

    assert Decimal(text) == Decimal(stored).scaleb(-digits)
    assert not text.endswith((".", ".0"))
    assert "e" not in text


@given(scaled, st.sampled_from([1, 4]))
def test_kamos_numbers_are_exact_and_always_have_a_point(stored: int, digits: int):
    [text] = kinds().kamo_number(digits).of([stored])

    assert Decimal(text) == Decimal(stored).scaleb(-digits)
    assert text == repr(float(text))


def test_numbers_that_are_texts_already_stay_as_they_are():
    cells = kinds()

    assert [*cells.kamo_number(1).of(["1.25", 10])] == ["1.25", "1.0"]
    assert [*cells.amber_number(5).of(["1e3", None])] == ["1e3", ""]
    assert [*cells.percent.of(["7e22", 41.5, 102.0, None])] == [
        "7e22",
        "41.5",
        "102",
        "",
    ]


def test_any_number_of_different_values_is_written_in_bounded_memory():
    cells = Cells(str)

    for first in range(0, 100_000, 2_000):
        block = range(first, first + 2_000)
        assert [*cells.of(block)] == [str(value) for value in block]

    assert len(cells) < 20_000


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (Format.CSV, ["plain", '"a,b"', '"say ""hi"""', '"two\r\nlines"', ""]),
        (
            Format.NDJSON,
            ['"plain"', '"a,b"', r'"say \"hi\""', r'"two\r\nlines"', "null"],
        ),
    ],
)
def test_texts_are_quoted_as_the_format_wants(form: Format, written: list[str]):
    values = ["plain", "a,b", 'say "hi"', "two\r\nlines", None]

    assert [*kinds(form).text.of(values)] == written
