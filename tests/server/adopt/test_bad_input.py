"""What cannot be adopted names itself, and nothing is written."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from energy_logger_server.adopt.amber_times import LabelClock, by_clock, clock_of
from energy_logger_server.adopt.central_times import (
    RepeatedHour,
    instant_of,
    written_at,
)
from energy_logger_server.adopt.kamo_load_logger import adopt_kamo_load_logger
from energy_logger_server.adopt.report import Fate, Rows
from energy_logger_server.adopt.values import (
    Unreadable,
    date_or_none,
    flag_or_none,
    instant_or_none,
    required_number,
    required_time,
)
from energy_logger_server.adopt.writing import Writing
from energy_logger_server.errors import PlaceUnusable, PredecessorUnusable, StoreError
from energy_logger_server.store.predecessors.opening import opened_file
from energy_logger_server.store.predecessors.tables import AMBER_HOME, KAMO_LOAD_LOGGER
from tests.server.adopt.conftest import counts
from tests.server.adopt.kamo_files import SCHEMA, dumped, zipped_backup

TRUNCATED_COPY = (
    "COPY public.price_data (id, site_id, nem_time) FROM stdin;\n1\tx\t2026-01-01\n"
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PGDMP\x01", "is a packed dump: unpack it by `pg_restore"),
        (b"PK\x03\x04....", "cannot be read: File is not a zip file"),
        (b"\xff\xfe\x00", "cannot be read: 'utf-8' codec"),
        (b"", "are those of no table of amber-home"),
        (b"a,b\n1,2\n", "are those of no table of amber-home"),
        (b"site_id,nem_time,channel_type,kwh\n1,2\n", "has 2 values, its header 4"),
        (TRUNCATED_COPY.encode(), "the dump ends within a table"),
        (b"INSERT INTO sites VALUES (1,\n", "the dump ends within a statement"),
        (b"INSERT INTO sites (id, nmi) VALUES (1);\n", "a row of sites in the dump"),
    ],
)
def test_a_file_that_is_none_of_amber_home_says_why(
    content, sentence, tmp_path, folder
):
    file = tmp_path / "file"
    file.write_bytes(content)

    with (
        pytest.raises(PredecessorUnusable, match=sentence),
        opened_file(file, AMBER_HOME, folder),
    ):
        pass

    assert [*folder.iterdir()] == []


def test_files_of_something_else_say_what_they_lack(tmp_path, folder):
    empty, other = tmp_path / "empty.db", tmp_path / "other.db"
    with closing(sqlite3.connect(empty)) as database:
        database.execute("CREATE TABLE something (id)")
    with closing(sqlite3.connect(other)) as database:
        database.executescript(SCHEMA)
        database.execute("ALTER TABLE load_data DROP COLUMN load_kw")
    wrong = {
        empty: "there is no table cooperatives: this is no database of kamo-load-log",
        other: "table load_data has no column load_kw",
        zipped_backup(tmp_path): "this zip has no table of amber-home",
    }

    for file, sentence in wrong.items():
        predecessor = AMBER_HOME if file.suffix == ".zip" else KAMO_LOAD_LOGGER
        with (
            pytest.raises(PredecessorUnusable, match=sentence),
            opened_file(file, predecessor, folder),
        ):
            pass
    with (
        pytest.raises(PlaceUnusable, match=r"cannot read .*none"),
        opened_file(tmp_path / "none", AMBER_HOME, folder),
    ):
        pass


def test_a_damaged_database_is_told(tmp_path, folder):
    file = tmp_path / "kamo.db"
    file.write_bytes(b"SQLite format 3\x00" + b"x" * 5000)

    with (
        pytest.raises(StoreError, match=r"kamo\.db"),
        opened_file(file, KAMO_LOAD_LOGGER, folder),
    ):
        pass


async def test_rows_that_cannot_be_read_are_counted_and_their_neighbours_adopted(
    tmp_path, folder, clock, store
):
    file = dumped(tmp_path)
    text = file.read_text()
    file.write_text(
        text.replace(",6000.0,", ",'six',")
        .replace("'2026-11-01 00:00:00.000000'", "'once'", 1)
        .replace(",10.5,", ",'ten',")
        .replace("VALUES(18,", "VALUES(19,")
    )

    with opened_file(file, KAMO_LOAD_LOGGER, folder) as source:
        report = await adopt_kamo_load_logger(
            source, store, Writing(store, clock, is_dry=False), None, lambda *_at: None
        )

    assert counts(report) == {
        (Rows.LOAD, Fate.ADOPTED): 2,
        (Rows.LOAD, Fate.UNREADABLE): 3,
        (Rows.LOAD, Fate.REPEATED_HOUR): 1,
        (Rows.LOAD, Fate.NO_SUCH_HOUR): 1,
        (Rows.SUBSTATION, Fate.ADOPTED): 2,
        (Rows.SUBSTATION, Fate.UNREADABLE): 1,
        (Rows.SUBSTATION, Fate.REPEATED_HOUR): 1,
    }
    examples = report.examples[Fate.UNREADABLE]
    assert "load at 2026-07-01 11:00:00.000000: load_kw is 'six'" in examples
    assert "load of area 18 at 2026-07-01 11:00:00.000000: no such area" in examples


@pytest.mark.parametrize("wall_month", [3, 11])
def test_central_times_of_both_nights_have_the_instants_that_clocks_showed(wall_month):
    before = datetime(2026, wall_month, 1 if wall_month == 11 else 8, 0, 30)  # noqa: DTZ001 - a wall clock
    inside = before.replace(hour=1 if wall_month == 11 else 2)
    after = before.replace(hour=3)

    offset = 5 if wall_month == 11 else 6
    assert instant_of(before, None) == before.replace(tzinfo=UTC, hour=offset)
    assert instant_of(after, None) == after.replace(
        tzinfo=UTC, hour=9 if wall_month == 11 else 8
    )
    assert instant_of(inside, None) is (
        Fate.REPEATED_HOUR if wall_month == 11 else Fate.NO_SUCH_HOUR
    )


def test_a_row_was_written_at_the_first_time_that_its_clock_can_mean():
    wall = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001 - a wall clock
    first = instant_of(wall, RepeatedHour.FIRST)
    second = instant_of(wall, RepeatedHour.SECOND)
    assert isinstance(first, datetime)
    assert isinstance(second, datetime)

    assert written_at(wall, first) == first
    assert written_at(wall, first.replace(minute=31)) == second
    assert written_at(wall, second.replace(minute=31)) == second.replace(minute=31)
    assert written_at(None, first) == first


def test_sydneys_clock_has_no_instant_in_the_hours_it_repeats_or_skips():
    for month, day, hour in ((4, 5, 2), (10, 4, 2)):
        wall = datetime(2026, month, day, hour, 30)  # noqa: DTZ001 - a wall clock
        assert by_clock(wall, LabelClock.SYDNEY) is None
        assert by_clock(wall, LabelClock.NEM) == wall.replace(
            tzinfo=UTC, hour=(hour - 10) % 24, day=day - 1
        )


def test_no_clock_fits_dates_that_contradict_each_other():
    wall = datetime(2026, 1, 3, 12, 0)  # noqa: DTZ001 - a wall clock

    assert clock_of([(wall, 30, date(2026, 1, 5))]) is None
    assert clock_of([]) is None


def test_single_values_are_read_strictly():
    for value in (None, True, "x", "nan", float("inf"), b"1"):
        with pytest.raises(Unreadable, match="kw is"):
            required_number(value, "kw")
    with pytest.raises(Unreadable, match="at is 5"):
        required_time(5, "at")
    assert [flag_or_none(value) for value in (1, "t", "False", None)] == [
        True,
        True,
        False,
        None,
    ]
    assert instant_or_none("2026-01-01 10:00:00+10") == datetime(2026, 1, 1, tzinfo=UTC)
    assert instant_or_none("2026-01-01 10:00:00") is None
    assert [date_or_none(value) for value in ("2026-01-01", "x", None)] == [
        date(2026, 1, 1),
        None,
        None,
    ]
