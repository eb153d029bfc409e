"""Damage of a store's file is found, and nobody writes to it from then on."""

import asyncio
import shutil
from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import PlaceUnusable, StoreDamaged
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.integrity import find_damage
from tests.server.store.damaged import (
    SEEDS,
    content_of,
    lay_filled_store,
    overwrite_a_page,
    overwrite_root_page,
)
from tests.server.store.material import FixedClock


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with rows, closed."""
    path = tmp_path_factory.mktemp("filled") / "energy.db"
    asyncio.run(lay_filled_store(path))
    return path


@pytest.fixture
def file(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(filled, tmp_path / "energy.db"))


async def opened(file: Path) -> Store:
    return await Store.open(f"sqlite:///{file}", FixedClock())


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_page_that_was_overwritten_is_found(file: Path, seed: int):
    overwrite_a_page(file, seed)
    damaged = content_of(file)

    assert await find_damage(store_url(f"sqlite:///{file}"))
    assert content_of(file) == damaged


async def test_a_whole_store_is_found_whole(file: Path):
    store = await opened(file)

    assert await store.find_damage() is None
    await store.close()


async def test_a_look_that_is_given_up_ends_at_once(file: Path):
    store = await opened(file)
    look = asyncio.ensure_future(store.find_damage())
    await asyncio.sleep(0)
    look.cancel()

    with pytest.raises(asyncio.CancelledError):
        await look
    await store.close()


async def test_a_store_that_was_given_up_takes_nothing_more_and_keeps_its_file(
    file: Path,
):
    store = await opened(file)
    await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    before = content_of(file)

    error = await store.give_up("page 7 is gone")

    with pytest.raises(StoreDamaged):
        await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await store.close()
    assert content_of(file) == before
    # what was written before is in the log still
    assert file.with_name("energy.db-wal").stat().st_size > 0
    assert "page 7 is gone" in str(error)
    assert error.public_message.startswith("its file is damaged: restore a backup")


async def test_a_store_that_was_given_up_is_not_opened_again_until_it_is_another_file(
    file: Path, filled: Path
):
    store = await opened(file)
    await store.give_up("page 7 is gone")
    await store.close()
    left = {one.name: one.read_bytes() for one in file.parent.iterdir()}

    for _attempt in range(2):
        with pytest.raises(StoreDamaged, match="page 7 is gone"):
            await opened(file)

    found = {one.name: one.read_bytes() for one in file.parent.iterdir()}
    assert {**found, "energy.db.lock": b""} == {**left, "energy.db.lock": b""}
    for ending in ("", "-wal", "-shm"):
        file.with_name(f"energy.db{ending}").unlink(missing_ok=True)
    shutil.copy(filled, file)
    await (await opened(file)).close()
    assert not file.with_name("energy.db.damaged").exists()


async def test_a_store_whose_log_of_runs_is_damaged_is_not_opened_and_stays_as_it_is(
    file: Path,
):
    overwrite_root_page(file, "run")
    damaged = content_of(file)

    with pytest.raises(StoreDamaged):
        await opened(file)

    assert content_of(file) == damaged


async def test_a_note_that_cannot_be_written_or_read_is_told(file: Path):
    store = await opened(file)
    file.with_name("energy.db.damaged").mkdir()

    with pytest.raises(PlaceUnusable, match="cannot note damage in"):
        await store.give_up("page 7 is gone")
    await store.close()
    with pytest.raises(PlaceUnusable, match="cannot read"):
        await opened(file)


@pytest.mark.postgres
async def test_postgresql_looks_after_its_own_files(postgres_url: str):
    store = await Store.open(postgres_url, FixedClock())

    assert await store.find_damage() is None
    await store.close()
