"""PostgreSQL ends the session that holds the writer's lock while the server runs."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import StoreInUse
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url as address
from tests.server.logged import logged_warnings
from tests.server.store.material import (
    FixedClock,
    mirrored_prices,
    prices_read,
    recorded_prices,
    write,
)
from tests.server.whole.conftest import StartWorld

pytestmark = pytest.mark.postgres

LOCKING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
PRICES = recorded_prices()[1]


def end_the_locking_session(url: str) -> None:
    """End it as an administrator, a restart or a limit on idle sessions would."""
    engine = create_engine(address(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        ended = connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid, 5000) FROM ({LOCKING}) AS locking"
        ).all()
    engine.dispose()
    assert ended == [(True,)]


async def test_the_lock_is_taken_again_before_the_next_write(
    postgres_url: str, caplog: pytest.LogCaptureFixture
):
    store = await Store.open(postgres_url, FixedClock())
    end_the_locking_session(postgres_url)

    await write(store, prices_read(PRICES))
    await write(store, prices_read(PRICES))

    with pytest.raises(StoreInUse):
        await Store.open(postgres_url, FixedClock())
    (line,) = caplog.messages
    assert "the lock was taken again" in line
    await store.close()
    await (await Store.open(postgres_url, FixedClock())).close()


async def test_nothing_is_written_while_another_server_has_the_lock(postgres_url: str):
    store = await Store.open(postgres_url, FixedClock())
    end_the_locking_session(postgres_url)
    other = await Store.open(postgres_url, FixedClock())

    for _ in range(2):
        with pytest.raises(StoreInUse, match="another Energy Logger server is writing"):
            await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    await write(other, prices_read(PRICES))
    await other.close()
    # what the other one has numbered is known
    await write(store, prices_read(PRICES, site_id="another-site"))

    assert len(await mirrored_prices(store)) == len(PRICES)
    assert len(await mirrored_prices(store, "another-site")) == len(PRICES)
    await store.close()


async def test_an_own_session_that_a_failed_network_left_behind_is_no_other_server(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    store = await Store.open(postgres_url, FixedClock())
    # it lives on at the other end: ending it is what must not happen here
    lock: Any = store._lock  # noqa: SLF001
    left_behind = lock._connection  # noqa: SLF001
    monkeypatch.setattr(lock, "_connection", None)

    await write(store, prices_read(PRICES))

    assert len(await mirrored_prices(store)) == len(PRICES)
    left_behind.invalidate()
    left_behind.close()
    await store.close()


async def test_a_server_whose_store_another_one_writes_stops_with_a_sentence(
    postgres_url: str, start_world: StartWorld, caplog: pytest.LogCaptureFixture
):
    async with start_world(DATABASE_URL=postgres_url) as world:
        end_the_locking_session(postgres_url)
        other = await Store.open(postgres_url, FixedClock())

        with pytest.raises(StoreInUse, match="stop it first"):
            async with asyncio.timeout(20):
                await world.server.collecting.run()

        await other.close()
    assert logged_warnings(caplog) == []
