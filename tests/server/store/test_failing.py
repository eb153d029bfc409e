"""A store that fails while it is used says so once, and works again by itself."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from energy_logger_server.domain.collecting.runs import (
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
)
from energy_logger_server.domain.health import StoreState
from energy_logger_server.errors import StoreError, StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url as address
from energy_logger_server.store.runs.read import run_numbered
from tests.server.full_disk import no_room
from tests.server.store.material import (
    NOON,
    FixedClock,
    prices_read,
    recorded_prices,
    rows,
    write,
)

MANY = (prices_read(recorded_prices()[1]),)
"""What needs room."""


OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')
"""
"""All but the one that holds the writer's lock."""


def run_as_owner(url: str, *statements: str) -> None:
    """Run statements on a database of PostgreSQL in a session of their own."""
    engine = create_engine(address(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def read_only_postgresql(url: str) -> Iterator[None]:
    """Let every new session of a database be read-only, as on a standby server."""
    alter = f"ALTER DATABASE {address(url).database}"
    setting = "default_transaction_read_only"
    run_as_owner(url, f"{alter} SET {setting} = on", OTHER_SESSIONS)
    try:
        yield
    finally:
        run_as_owner(url, f"SET {setting} = off", f"{alter} RESET {setting}")


@dataclass(frozen=True, slots=True)
class Broken:
    """A store that cannot take data until it is healed, why, and a run under way."""

    store: Store
    run_id: int
    heal: Callable[[], None]
    cause: str


@pytest.fixture
async def broken(store_url: str, clock: FixedClock) -> AsyncIterator[Broken]:
    """A store that was good and cannot write any more."""
    fault = ExitStack()
    store = await Store.open(store_url, clock)
    if store_url.startswith("sqlite"):
        await store.close()
        fault.enter_context(no_room())
        store = await Store.open(store_url, clock)
        run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
        yield Broken(store, run_id, fault.close, "its disk is full")
    else:
        run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
        fault.enter_context(read_only_postgresql(store_url))
        yield Broken(store, run_id, fault.close, "the database is read-only")
    fault.close()
    await store.close()


async def run_of(store: Store, run_id: int) -> RunRecord:
    """A run as the log has it."""
    run = await store.read(run_numbered, run_id)
    assert run is not None
    return run


async def lose(store: Store) -> None:
    """Try to write what needs room; also what only notes that."""
    with suppress(StoreUnavailable):
        await write(store, *MANY)


async def test_a_store_that_can_write_nothing_says_so_once_and_why(
    broken: Broken, clock: FixedClock, caplog: pytest.LogCaptureFixture
):
    for minutes in range(3):
        clock.at = NOON + timedelta(minutes=minutes)
        await lose(broken.store)

    state = broken.store.state
    assert state.is_failing
    assert (state.failing_since, state.cause) == (NOON, broken.cause)
    (line,) = caplog.messages
    assert line.startswith("the store fails: ")


async def test_it_works_again_by_itself_and_says_so_once(
    broken: Broken, clock: FixedClock, caplog: pytest.LogCaptureFixture
):
    await lose(broken.store)
    await lose(broken.store)
    broken.heal()
    clock.at = NOON + timedelta(minutes=90)
    await lose(broken.store)
    await lose(broken.store)

    assert broken.store.state == StoreState(clock.at)
    assert caplog.messages[1:] == ["the store works again, after 90 minutes"]
    assert await rows(broken.store, "SELECT count(*) > 0 FROM price") == [(True,)]


async def test_a_run_whose_end_could_not_be_written_has_ended(broken: Broken):
    store, run_id = broken.store, broken.run_id
    end = RunEnd(NOON, Outcome.FAILED, series_total=1)
    with pytest.raises(StoreUnavailable):
        await store.write(run_id, MANY, end=end)

    logged = await run_of(store, run_id)
    assert logged.end is None
    assert store.as_ended(logged).end == end
    assert store.unwritten_outcomes() == (Outcome.FAILED,)

    broken.heal()
    await store.write(run_id, (), end=end)
    logged = await run_of(store, run_id)
    assert store.as_ended(logged) == logged
    assert logged.end == end


@pytest.mark.postgres
async def test_runs_that_could_not_even_be_begun_are_counted(
    postgres_url: str, clock: FixedClock
):
    store = await Store.open(postgres_url, clock)
    with read_only_postgresql(postgres_url):
        for minutes in (0, 5, 10):
            clock.at = NOON + timedelta(minutes=minutes)
            with pytest.raises(StoreUnavailable):
                await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await write(store, *MANY)

    assert store.lost_runs(NOON - timedelta(days=1)) == 3
    assert store.lost_runs(NOON) == 2
    assert store.unwritten_outcomes() == ()
    await store.close()


@pytest.mark.postgres
async def test_a_database_that_went_away_is_noticed_by_reading_too(
    postgres_url: str, clock: FixedClock, caplog: pytest.LogCaptureFixture
):
    store = await Store.open(postgres_url, clock)
    await rows(store, "SELECT 1")
    run_as_owner(postgres_url, OTHER_SESSIONS)

    with pytest.raises(StoreUnavailable):
        await rows(store, "SELECT 1")
    failing = store.state.is_failing
    await rows(store, "SELECT 1")

    assert (failing, store.state.is_failing) == (True, False)
    assert len(caplog.messages) == 2
    await store.close()


async def test_a_store_that_is_being_closed_does_not_fail(
    store_url: str, clock: FixedClock, caplog: pytest.LogCaptureFixture
):
    store = await Store.open(store_url, clock)
    await store.close()

    with pytest.raises(StoreUnavailable, match="closed"):
        await store.begin_run(Source.AMBER, Trigger.TICK, 5)

    assert not store.state.is_failing
    assert caplog.messages == []


@pytest.mark.postgres
async def test_a_value_that_the_driver_refuses_is_no_failure_of_the_database(
    postgres_url: str, clock: FixedClock, caplog: pytest.LogCaptureFixture
):
    store = await Store.open(postgres_url, clock)
    try:
        with pytest.raises(StoreError, match="NUL") as caught:
            await store.read(
                lambda connection: connection.execute(
                    text("SELECT CAST(:value AS text)"), {"value": "\0"}
                ).all()
            )
    finally:
        await store.close()

    assert type(caught.value) is StoreError
    assert caplog.messages == []
