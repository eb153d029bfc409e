"""What the KAMO logger kept becomes part of the store, once, at its true times."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from energy_logger_server.adopt.central_times import RepeatedHour
from energy_logger_server.adopt.kamo_load_logger import adopt_kamo_load_logger
from energy_logger_server.adopt.report import Fate, Report, Rows
from energy_logger_server.adopt.writing import Writing
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.store import Store
from energy_logger_server.store.predecessors.opening import opened_file
from energy_logger_server.store.predecessors.tables import KAMO_LOAD_LOGGER
from tests.server.adopt.conftest import content, counts
from tests.server.adopt.kamo_files import (
    database_with_pending_log,
    dumped,
    zipped_backup,
)
from tests.server.store.material import (
    area,
    areas_read,
    grid_of,
    rows,
    write,
)


def epoch(month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """Epoch seconds of a time in UTC in 2026."""
    return int(datetime(2026, month, day, hour, minute, tzinfo=UTC).timestamp())


@pytest.fixture
def adopt(store: Store, clock, folder: Path):
    """Adopt a file."""

    async def run(
        file: Path, repeated: RepeatedHour | None = None, *, is_dry: bool = False
    ) -> Report:
        writing = Writing(store, clock, is_dry)
        with opened_file(file, KAMO_LOAD_LOGGER, folder) as source:
            return await adopt_kamo_load_logger(
                source, store, writing, repeated, lambda *_at: None
            )

    return run


ANSWER: JsonObject = {
    "Id": 1,
    "chartLineData": [{"label": "Actual", "data": [7777.0]}],
    "lineChartLabels": ["07/01/2026 11:00"],
}
ADOPTED = {
    (Rows.LOAD, Fate.ADOPTED): 5,
    (Rows.LOAD, Fate.REPEATED_HOUR): 1,
    (Rows.LOAD, Fate.NO_SUCH_HOUR): 1,
    (Rows.SUBSTATION, Fate.ADOPTED): 3,
    (Rows.SUBSTATION, Fate.REPEATED_HOUR): 1,
}
LOADS = [
    (epoch(7, 1, 15), 1, 50005, False),
    (epoch(7, 1, 16), 1, 60000, True),
    (epoch(7, 1, 16), 18, 900000, True),
    (epoch(11, 1, 5), 1, 1000, True),
    (epoch(11, 1, 8), 1, 1020, True),
]
"""Instant, area, kW times 10, settled: in summer Chicago is five hours behind UTC."""


async def loads(store: Store) -> list[tuple[int, int, int, bool]]:
    return [
        (at, area_id, load, bool(is_settled))
        for at, area_id, load, is_settled in await rows(
            store,
            "SELECT at, area_id, load_e1, is_settled FROM load ORDER BY at, area_id",
        )
    ]


@pytest.mark.parametrize(
    "make",
    [database_with_pending_log, zipped_backup, dumped],
    ids=lambda make: make.__name__,
)
async def test_whatever_form_it_comes_in_rows_get_to_their_true_times(
    make: Callable[[Path], Path], tmp_path, store, adopt
):
    report = await adopt(make(tmp_path))

    assert counts(report) == ADOPTED
    assert report.provisional == 1
    assert await loads(store) == LOADS
    readings = await rows(
        store,
        "SELECT hour * 60 + minute, name, load_e1, reactive_e1, power_factor_e4, extra"
        " FROM substation_reading r JOIN substation p ON p.id = r.substation_id"
        " ORDER BY 1, 2",
    )
    at = epoch(7, 1, 15, 5) // 60
    assert readings == [
        (at, "North", 105, -20, -9800, None),
        (at, "S(ou)th; 'x'", 200, 30, 9900, None),
        (at + 5, "North", 115, -20, -9800, None),
    ]
    assert await rows(store, "SELECT id, name FROM area ORDER BY id") == [
        (1, "Barry; Electric (East)"),
        (18, "It's Missouri"),
    ]
    days = await rows(
        store, "SELECT day, area_id, hours, load_sum_e1 FROM load_day ORDER BY 1, 2"
    )
    july, november = (epoch(month, 1) // 86400 for month in (7, 11))
    assert days == [
        (july, 1, 2, 110005),
        (july, 18, 1, 900000),
        (november, 1, 2, 2020),
    ]


async def test_twice_changes_nothing(tmp_path, store, adopt):
    file = database_with_pending_log(tmp_path)
    await adopt(file)
    before = await content(store)

    report = await adopt(file)

    assert counts(report) == {
        (rows, Fate.STORED if fate is Fate.ADOPTED else fate): count
        for (rows, fate), count in ADOPTED.items()
    }
    assert await content(store) == before


async def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path, store, adopt):
    report = await adopt(dumped(tmp_path), is_dry=True)

    assert counts(report) == ADOPTED
    assert await rows(store, "SELECT * FROM run") == []
    assert await loads(store) == []


@pytest.mark.parametrize(
    ("repeated", "hour"), [(RepeatedHour.FIRST, 6), (RepeatedHour.SECOND, 7)]
)
async def test_the_repeated_hour_is_taken_as_told(
    repeated, hour, tmp_path, store, adopt
):
    report = await adopt(dumped(tmp_path), repeated)

    assert report.counts[Rows.LOAD, Fate.REPEATED_HOUR] == 0
    assert (epoch(11, 1, hour), 1, 1010, True) in await loads(store)
    minutes = await rows(store, "SELECT max(hour * 60 + minute) FROM substation_fetch")
    assert minutes == [(epoch(11, 1, hour, 5) // 60,)]


async def test_what_is_stored_already_stays_with_what_was_answered_last(
    tmp_path, store, adopt, clock
):
    await write(store, areas_read([area(1), area(7)], at=clock.at))
    await write(store, grid_of(ANSWER, 1, at=clock.at))
    kept = ("last_fetch", "answer_envelope", "revision")
    before = [await rows(store, f"SELECT * FROM {table}") for table in kept]

    report = await adopt(zipped_backup(tmp_path))

    assert report.counts[Rows.LOAD, Fate.STORED] == 1
    assert (epoch(7, 1, 16), 1, 77770, True) in await loads(store)
    assert [await rows(store, f"SELECT * FROM {table}") for table in kept] == before
    assert await rows(
        store, "SELECT id, name, is_gone FROM area ORDER BY position"
    ) == [
        (1, "Area 1", False),
        (7, "Area 7", False),
        (18, "It's Missouri", False),
    ]


async def test_the_file_and_its_log_are_not_changed(tmp_path, adopt):
    file = database_with_pending_log(tmp_path)
    log = file.with_name(f"{file.name}-wal")
    before = [hashlib.sha256(one.read_bytes()).digest() for one in (file, log)]

    await adopt(file)

    after = [hashlib.sha256(one.read_bytes()).digest() for one in (file, log)]
    assert after == before
