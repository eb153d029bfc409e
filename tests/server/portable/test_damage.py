"""An export that is damaged, cut short or none is told from a whole one."""

import io
import random

import orjson
import pytest

from energy_logger_server.errors import ExportUnusable, StoreError
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.portable.importing import import_store
from energy_logger_server.portable.reading import check_export
from energy_logger_server.portable.zstd import unpacked


@pytest.fixture(scope="module")
def lines(exported: bytes) -> list[bytes]:
    """The lines of an export."""
    return unpacked(io.BytesIO(exported)).readlines()


def plain(lines: list[bytes]) -> io.BytesIO:
    return io.BytesIO(b"".join(lines))


def test_an_export_that_was_unpacked_is_one_too(lines, exported, tmp_path):
    whole = check_export(io.BytesIO(exported))
    target = f"sqlite:///{tmp_path / 'target.db'}"

    assert check_export(plain(lines)) == whole
    assert import_store(target, plain(lines)) == whole == content_of_store(target)


def test_a_flipped_bit_is_found_or_changes_nothing(exported):
    """Some bits of Zstandard's own, such as the size of its window, say nothing."""
    whole = check_export(io.BytesIO(exported))
    chance = random.Random(9)
    found = 0
    for _try in range(200):
        damaged = bytearray(exported)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        try:
            assert check_export(io.BytesIO(damaged)) == whole
        except ExportUnusable:
            found += 1
    assert found > 180


def test_an_export_that_was_cut_short_is_found(exported, lines):
    for length in range(0, len(exported), 997):
        with pytest.raises(ExportUnusable):
            check_export(io.BytesIO(exported[:length]))
    for count in range(len(lines)):
        with pytest.raises(ExportUnusable):
            check_export(plain(lines[:count]))


def changed(lines: list[bytes], number: int, change) -> io.BytesIO:
    """Change one line of an export."""
    content = orjson.loads(lines[number])
    change(content)
    return plain([*lines[:number], orjson.dumps(content) + b"\n", *lines[number + 1 :]])


def number_of(lines: list[bytes], table: str) -> int:
    """Where the line of a table is."""
    return next(
        number
        for number, line in enumerate(lines)
        if line.startswith(b'{"table":"%s"' % table.encode())
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("format", "other", "this is no export of Energy Logger"),
        ("version", 2, "has format 2, this program reads 1: update"),
        ("schema", "9999", "has schema 9999 of version"),
        ("program", None, "its first line is"),
        ("rows", {"site": "1"}, "its first line is"),
    ],
)
def test_a_first_line_that_cannot_be_used_is_named(lines, name, value, sentence):
    with pytest.raises(ExportUnusable, match=sentence):
        check_export(changed(lines, 0, lambda header: header.update({name: value})))


@pytest.mark.parametrize(
    ("table", "column", "value", "sentence"),
    [
        ("price", "price_e5", "1", "a value of price.price_e5 is not integer"),
        ("price", "price_e5", None, "a value of price.price_e5 is not integer"),
        ("price", "renewables_percent", 1, "renewables_percent is not real"),
        ("price", "renewables_percent", "x", "renewables_percent is not real"),
        ("price", "renewables_percent", "1", "renewables_percent is not real"),
        ("load", "is_settled", True, "a value of load.is_settled is not boolean"),
        ("series", "owner", 5, "a value of series.owner is not text"),
    ],
)
def test_a_value_that_a_column_cannot_have_is_named(
    lines, table, column, value, sentence
):
    at = number_of(lines, table)
    place = orjson.loads(lines[at])["columns"].index(column)

    def change(rows: list[list[object]]) -> None:
        rows[-1][place] = value

    with pytest.raises(ExportUnusable, match=sentence):
        check_export(changed(lines, at + 1, change))


def _with_other_counts(line: bytes) -> bytes:
    header = orjson.loads(line)
    header["rows"]["site"] += 1
    return orjson.dumps(header) + b"\n"


def test_rows_and_tables_that_are_missing_or_too_many_are_found(lines):
    at = number_of(lines, "series")
    wrong = {
        "a row of series has not 4 values": [
            *lines[: at + 1],
            b"[[1,2,3]]\n",
            *lines[at + 2 :],
        ],
        "table series is missing": [*lines[:at], *lines[at + 2 :]],
        "its content hash is wrong": [*lines[: at + 1], *lines[at + 2 :]],
        "its counts are wrong": [_with_other_counts(lines[0]), *lines[1:]],
        "something follows its end": [*lines, b"{}\n"],
        "a line is not JSON": [b"what\n"],
        "this is no export": [b"[]\n"],
    }
    for sentence, some in wrong.items():
        with pytest.raises(ExportUnusable, match=sentence):
            check_export(plain(some))


def test_rows_that_the_database_refuses_end_an_import(lines, tmp_path):
    at = number_of(lines, "load")

    def twice(rows: list[list[object]]) -> None:
        rows.append(rows[0])

    with pytest.raises(StoreError, match="UNIQUE"):
        import_store(
            f"sqlite:///{tmp_path / 'target.db'}", changed(lines, at + 1, twice)
        )
