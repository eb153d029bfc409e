"""What amber-home kept becomes part of the store, once, at its true times."""

import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from energy_logger_server.adopt.amber_home import adopt_amber_home
from energy_logger_server.adopt.amber_times import LabelClock
from energy_logger_server.adopt.report import Fate, Report, Rows
from energy_logger_server.adopt.writing import Writing
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url as address_of
from energy_logger_server.store.kamo.original import original_sites
from energy_logger_server.store.predecessors.opening import (
    opened_database,
    opened_file,
)
from energy_logger_server.store.predecessors.tables import AMBER_HOME
from tests.server.adopt import amber_files
from tests.server.adopt.conftest import content, counts
from tests.server.store.material import (
    SITE_ID,
    mirrored_prices,
    mirrored_usage,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    write,
)

pytestmark = pytest.mark.postgres
_BINARIES = os.environ.get("ENERGY_LOGGER_PG_BIN")  # noqa: TID251 - as in tests.server.postgres
PG_DUMP = shutil.which("pg_dump", path=_BINARIES) or "pg_dump"


@pytest.fixture
def predecessor(new_postgres_url: str) -> str:
    """Address of amber-home's database."""
    amber_files.fill(new_postgres_url)
    return new_postgres_url


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Only where rows come from differs here: the writes are tested elsewhere."""
    return sqlite_url


@pytest.fixture
def adopt(store: Store, clock, folder: Path):
    """Adopt a database or a file."""

    async def run(
        place: str | Path, label: LabelClock | None = None, *, is_dry: bool = False
    ) -> Report:
        opened: AbstractContextManager[Connection] = (
            opened_database(address_of(place), AMBER_HOME)
            if isinstance(place, str)
            else opened_file(place, AMBER_HOME, folder)
        )
        with opened as source:
            writing = Writing(store, clock, is_dry)
            return await adopt_amber_home(
                source, store, writing, label, lambda _n: None
            )

    return run


def _opened(place: str | Path, folder: Path) -> AbstractContextManager[Connection]:
    if isinstance(place, str):
        return opened_database(address_of(place), AMBER_HOME)
    return opened_file(place, AMBER_HOME, folder)


ADOPTED = {
    (Rows.PRICE, Fate.ADOPTED): 3,
    (Rows.PRICE, Fate.ESTIMATE): 1,
    (Rows.PRICE, Fate.UNREADABLE): 1,
    (Rows.USAGE, Fate.ADOPTED): 2,
    (Rows.USAGE, Fate.UNREADABLE): 1,
}


def dump(address: str, folder: Path, *options: str) -> Path:
    """Dump a database as people do."""
    path = folder / "dump.sql"
    subprocess.run([PG_DUMP, *options, f"--file={path}", address], check=True)
    return path


async def check(store: Store, report: Report) -> None:
    """Compare with what was worked out by hand."""
    assert counts(report) == ADOPTED
    assert report.shifted == 1
    assert {
        (one["endTime"], one["channelType"], one["perKwh"], one["descriptor"])
        for one in await mirrored_prices(store)
    } == {
        ("2026-01-03T00:30:00Z", "general", 20.5, "veryLow"),
        ("2026-01-03T00:30:00Z", "feedIn", -5, "veryLow"),
        ("2026-01-03T01:00:00Z", "general", 20.5, "veryLow"),
    }
    assert {
        (one["nemTime"], one["channelIdentifier"], one["kwh"], one["cost"])
        for one in await mirrored_usage(store)
    } == {
        ("2026-01-03T10:30:00+10:00", "B1", 0.5, 10.25),
        ("2026-01-03T10:30:00+10:00", "E1", 0.5, 10.25),
    }
    known = await rows(store, "SELECT DISTINCT known_at FROM price")
    assert known == [(int(datetime(2026, 1, 3, 5, tzinfo=UTC).timestamp()),)]


async def test_a_database_is_adopted_at_the_true_times(predecessor, store, adopt):
    await check(store, await adopt(predecessor))

    (adopted,) = await store.read(original_sites)
    assert (adopted["id"], adopted["nmi"]) == (SITE_ID, "9000000001")
    days = await rows(store, "SELECT state FROM day_ledger")
    assert {*days} == {("partial",)}


@pytest.mark.parametrize("options", [(), ("--inserts",), ("--column-inserts",)])
async def test_a_dump_is_adopted_likewise(options, predecessor, store, adopt, tmp_path):
    await check(store, await adopt(dump(predecessor, tmp_path, *options)))


async def test_tables_as_csv_are_adopted_one_by_one(store, adopt, tmp_path):
    prices = amber_files.as_csv(
        tmp_path / "p.csv", amber_files.PRICE_COLUMNS, amber_files.PRICES
    )
    usage = amber_files.as_csv(
        tmp_path / "u.csv", amber_files.USAGE_COLUMNS, amber_files.USAGE
    )

    report = await adopt(prices)
    more = await adopt(usage)

    report.counts += more.counts
    await check(store, report)


async def test_twice_changes_nothing(predecessor, store, adopt):
    await adopt(predecessor)
    before = await content(store)

    report = await adopt(predecessor)

    assert report.adopted == 0
    assert report.counts[Rows.PRICE, Fate.STORED] == 3
    assert await content(store) == before


async def test_a_dry_run_tells_the_same_and_writes_nothing(predecessor, store, adopt):
    report = await adopt(predecessor, is_dry=True)

    assert counts(report) == ADOPTED
    assert await rows(store, "SELECT * FROM run") == []
    assert await store.read(original_sites) == []


async def test_what_is_stored_already_stays_whatever_its_duration(
    predecessor, store, adopt
):
    end = datetime(2026, 1, 3, 0, 30, tzinfo=UTC)
    await write(store, sites_read(site()), prices_read([price(end, 5, 99.5)]))
    tables = ("price", "site", "site_channel", "revision", "last_fetch")
    before = [await rows(store, f"SELECT * FROM {name}") for name in tables]

    report = await adopt(predecessor)

    assert report.counts[Rows.PRICE, Fate.STORED] == 1
    after = [await rows(store, f"SELECT * FROM {name}") for name in tables]
    assert {*before[0]} < {*after[0]}
    assert after[1:] == before[1:]


NAIVE = [
    ("2026-01-03 11:30:00", "2026-01-03"),
    # only Sydney's clock has this one on the day before
    ("2026-01-04 00:30:00", "2026-01-03"),
]


@pytest.mark.parametrize(
    ("labels", "told", "ends"),
    [
        (NAIVE, None, ["2026-01-03T00:30:00Z", "2026-01-03T13:30:00Z"]),
        (NAIVE[:1], LabelClock.NEM, ["2026-01-03T01:30:00Z"]),
        (NAIVE[:1], LabelClock.SYDNEY, ["2026-01-03T00:30:00Z"]),
        (NAIVE[:1], None, []),
    ],
)
async def test_times_without_an_offset_are_read_by_the_clock_that_fits_or_is_told(
    labels, told, ends, store, adopt, tmp_path
):
    listed = [amber_files.price(label, None, var_date=day) for label, day in labels]
    file = amber_files.as_csv(tmp_path / "p.csv", amber_files.PRICE_COLUMNS, listed)

    report = await adopt(file, told)

    assert [one["endTime"] for one in await mirrored_prices(store)] == ends
    assert report.counts[Rows.PRICE, Fate.NO_CLOCK] == len(labels) - len(ends)


async def test_rows_that_lack_something_are_told_and_their_neighbours_adopted(
    store, adopt, tmp_path
):
    good = {"descriptor": "", "created_at": "2026-01-03 20:00:00+10"}
    listed = [
        amber_files.price("2026-01-03 10:30:00+10", "", **good),
        amber_files.price("2026-01-03 11:00:00+10", "", duration="0"),
        amber_files.price("2026-01-03 11:00:00+10", "", duration="long"),
        amber_files.price("2026-01-03 11:00:00+10", "", per_kwh="cheap"),
        amber_files.price("yesterday", ""),
        # by Sydney's clock there are two of these
        amber_files.price("2026-04-05 02:30:00", "", var_date=""),
    ]
    file = amber_files.as_csv(tmp_path / "p.csv", amber_files.PRICE_COLUMNS, listed)

    report = await adopt(file, LabelClock.SYDNEY)

    assert counts(report) == {
        (Rows.PRICE, Fate.ADOPTED): 1,
        (Rows.PRICE, Fate.UNREADABLE): 4,
        (Rows.PRICE, Fate.NO_CLOCK): 1,
    }
    assert report.examples[Fate.UNREADABLE] == [
        "row 2: duration is not a whole number of minutes of at most a day",
        "row 3: duration is 'long'",
        "row 4: per_kwh is 'cheap'",
        "row 5: nem_time is 'yesterday'",
    ]
    assert await rows(store, "SELECT known_at FROM price") == [
        (int(datetime(2026, 1, 3, 10, tzinfo=UTC).timestamp()),)
    ]
