"""Opening, locking, migrating, failing and closing a store."""

import asyncio
import contextlib
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.errors import (
    ConfigurationError,
    StoreError,
    StoreInUse,
    StoreTooNew,
    StoreTooOld,
    StoreUnavailable,
)
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import make_engine, place_of
from energy_logger_server.store.db.engine import store_url as address
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.migrate import migrate, newest_version
from energy_logger_server.store.schema import METADATA
from energy_logger_server.store.schema.views import view_statements
from tests.server.store.material import (
    NOON,
    SITE_ID,
    FixedClock,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    table_of,
    write,
)


async def test_a_fresh_store_has_every_table_and_an_identity(new_store):
    names = await rows(new_store, "SELECT name, value FROM store_meta")

    assert new_store.schema_version == newest_version()
    assert [name for name, _value in names] == ["instance_id"]
    assert len(names[0][1]) == 36


async def test_the_migrations_make_the_tables_that_the_program_expects(
    new_store, new_store_url
):
    engine = make_engine(address(new_store_url), writable=False)

    with engine.connect() as connection:
        seen = inspect(connection)
        for table in METADATA.sorted_tables:
            columns = {
                column["name"]: bool(column["nullable"])
                for column in seen.get_columns(table.name)
            }
            expected = {column.name: bool(column.nullable) for column in table.columns}
            assert columns == expected
            assert seen.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
            assert len(seen.get_foreign_keys(table.name)) == len(table.foreign_keys)
    engine.dispose()
    assert new_store.schema_version == newest_version()


async def test_every_view_can_be_read(store):
    await write(store, sites_read(site()), prices_read([price(NOON)]))

    for name in view_statements("sqlite"):
        assert await rows(store, f"SELECT * FROM {name} LIMIT 1") is not None
    (row,) = await rows(
        store, "SELECT site_id, nem_time, price_cents_per_kwh FROM prices"
    )
    assert (row[0], row[1], float(row[2])) == (
        SITE_ID,
        "2026-01-04T12:00:00+10:00",
        20.5,
    )


async def test_a_second_server_on_one_store_is_refused(store, store_url, clock):
    with pytest.raises(StoreInUse, match="another Energy Logger server"):
        await Store.open(store_url, clock)

    assert await store.sites() == ()


async def test_the_store_can_be_opened_again_after_closing(store_url, clock):
    first = await Store.open(store_url, clock)
    await write(first, sites_read(site()))
    await first.close()

    second = await Store.open(store_url, clock)

    assert [one.site_id for one in await second.sites()] == [SITE_ID]
    await second.close()


async def test_a_store_of_a_newer_program_is_refused_and_left_alone(store_url, clock):
    await (await Store.open(store_url, clock)).close()
    engine = make_engine(address(store_url), writable=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreTooNew, match=r"schema 9999.*update Energy Logger"):
        await Store.open(store_url, clock)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version"))
        assert found.scalar_one() == "9999"
    engine.dispose()


async def test_a_store_of_an_older_program_is_read_once_the_server_has_migrated_it(
    store_url, clock
):
    await (await Store.open(store_url, clock)).close()
    engine = make_engine(address(store_url), writable=True)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()

    with pytest.raises(StoreTooOld, match=r"schema 0001.*start the server once"):
        await Store.open_for_reading(store_url, clock)


async def test_runs_that_never_ended_are_closed_as_interrupted(store_url, clock):
    first = await Store.open(store_url, clock)
    await first.begin_run(Source.KAMO, Trigger.TICK, 5)
    await first.close()
    clock.at = NOON + timedelta(minutes=5)

    second = await Store.open(store_url, clock)

    assert second.interrupted_runs == 1
    assert await rows(second, "SELECT outcome, duration_s FROM runs") == [
        ("interrupted", 300)
    ]
    await second.close()


async def test_the_end_of_a_run_is_in_the_log_with_counts_and_failures(store):
    run_id = await store.begin_run(Source.AMBER, Trigger.MANUAL, 10)
    earlier = WriteCounts(price=KindCounts(new=2), rejected=1)
    end = RunEnd(
        NOON + timedelta(seconds=2.5),
        Outcome.PARTIAL,
        series_total=3,
        failures=(Failure("price/x", "refused", "the key was refused"),),
        counts=earlier,
        requests=7,
        ticks_skipped=1,
    )

    await store.write(run_id, [prices_read([price(NOON)])], end=end)

    assert await rows(
        store,
        "SELECT outcome, price_new, rejected, requests, ticks_skipped, series_failed,"
        " finished_at_ms - started_at_ms FROM run",
    ) == [("partial", 3, 1, 7, 1, 1, 2500)]
    assert await rows(store, "SELECT subject, code, message FROM run_failure") == [
        ("price/x", "refused", "the key was refused")
    ]


async def test_a_write_that_fails_leaves_nothing_and_the_next_one_works(store):
    good = prices_read([price(NOON)])
    unknown_area = table_of(
        {
            "Id": 7,
            "areaLoadData": [{"name": "A", "kw": 1.0, "kvar": 1.0, "pf": 1.0}],
        },
        7,
        at=NOON,
    )
    with pytest.raises(StoreError, match=r"(?i)foreign key"):
        await write(store, good, unknown_area)

    assert await rows(store, "SELECT count(*) FROM series") == [(0,)]
    assert await rows(store, "SELECT count(*) FROM price") == [(0,)]
    counts = await write(store, good)
    assert counts.price.new == 1
    assert await rows(store, "SELECT count(*) FROM series") == [(1,)]


async def test_a_write_whose_caller_went_away_is_kept_with_its_numbers(store):
    task = asyncio.ensure_future(write(store, prices_read([price(NOON)])))
    while not await rows(store, "SELECT 1 FROM run"):  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    await write(store, prices_read([price(NOON, channelType="feedIn")]))

    channels = await rows(store, "SELECT channel FROM series ORDER BY id")
    assert channels[-1] == ("feedIn",)
    assert len(set(channels)) == len(channels)


async def test_a_closed_store_says_so(store_url, clock):
    store = await Store.open(store_url, clock)
    await store.close()

    with pytest.raises(StoreUnavailable, match="the store is closed"):
        await store.begin_run(Source.KAMO, Trigger.TICK, 5)


async def test_a_read_that_takes_for_ever_does_not_keep_a_store_from_closing(
    store_url, clock
):
    store = await Store.open(store_url, clock)
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def read_for_ever(connection: Connection) -> None:
        loop.call_soon_threadsafe(began.set)
        connection.exec_driver_sql(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 9 - i FROM n)"
            " SELECT count(*) FROM n"
        )

    reading = asyncio.ensure_future(store.read(read_for_ever))
    await began.wait()

    await store.close()

    with pytest.raises(StoreUnavailable):
        await reading


async def test_forecasts_are_dropped_when_their_retention_is_over(store, clock):
    forecast = price(NOON, type="ForecastInterval")
    await write(store, prices_read([forecast]))
    clock.at = NOON + timedelta(hours=49)

    assert await store.prune_forecasts(None) == 0
    assert await store.prune_forecasts(timedelta(hours=50)) == 0
    assert await store.prune_forecasts(timedelta(hours=48)) == 1


@pytest.mark.parametrize(
    ("text_url", "problem"),
    [
        ("nonsense", "not a database address"),
        ("mysql://user:secret@host/db", "mysql is not supported"),
        ("sqlite://", "sqlite needs a file"),
        ("sqlite:///:memory:", "sqlite needs a file"),
        ("sqlite:///file::memory:?uri=true", "sqlite needs a file"),
        ("sqlite:///file:energy.db?mode=memory&uri=true", "sqlite needs a file"),
    ],
)
def test_an_address_that_cannot_be_used_is_reported_without_password(text_url, problem):
    with pytest.raises(ConfigurationError, match=problem) as caught:
        address(text_url)

    assert "secret" not in str(caught.value)


async def test_a_store_has_the_best_journal_there_is(store, store_url):
    is_file = store_url.startswith("sqlite")

    assert store.journal_mode == ("wal" if is_file else None)


async def test_a_file_system_that_refuses_the_write_ahead_log_keeps_everything(
    tmp_path, clock
):
    url = f"sqlite:///file:{tmp_path}/energy%20logger.db?nolock=1&uri=true"
    first = await Store.open(url, clock)
    await write(first, sites_read(site()))
    await first.close()

    second = await Store.open(url, clock)

    assert (tmp_path / "energy logger.db").exists()
    assert (tmp_path / "energy logger.db.lock").exists()
    assert second.journal_mode == "delete"
    assert [one.site_id for one in await second.sites()] == [SITE_ID]
    await second.close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_taken(scheme):
    url = address(f"{scheme}://me:secret@db/energy")

    assert url.drivername == "postgresql+psycopg"
    assert "secret" not in place_of(url)


async def test_a_postgresql_that_does_not_answer_is_unavailable(tmp_path):
    with pytest.raises(StoreUnavailable) as caught:
        await Store.open(f"postgresql://me:secret@/db?host={tmp_path}", FixedClock())

    assert "secret" not in str(caught.value)


def test_the_lock_is_free_again_when_its_process_was_killed(sqlite_url):
    script = (
        "import os, signal\n"
        "from energy_logger_server.store.db.engine import store_url\n"
        "from energy_logger_server.store.db.lock import acquire_writer_lock\n"
        f"acquire_writer_lock(store_url({sqlite_url!r}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL

    acquire_writer_lock(address(sqlite_url)).release()


def test_a_store_in_another_format_is_not_taken_for_ours(tmp_path):
    path = tmp_path / "energy.db"
    path.write_bytes(b"this is no database, but somebody's notes" * 30)

    engine = create_engine(f"sqlite:///{path}")
    with pytest.raises(StoreUnavailable, match="not a database"):
        migrate(engine)
    engine.dispose()


async def test_another_mark_follows_every_commit_and_no_read(store: Store):
    marks = [store.change_mark()]
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    marks.append(store.change_mark())
    await store.write(run_id, [])
    marks.append(store.change_mark())
    await store.areas()

    assert len(set(marks)) == 3
    assert store.change_mark() == marks[-1]
