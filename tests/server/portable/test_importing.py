"""An import ends whole, goes on where it was, or leaves the store refused."""

import io

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import (
    ImportRefused,
    ImportUnfinished,
    StoreError,
    StoreInUse,
)
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.portable.export import TransferProgress
from energy_logger_server.portable.importing import import_store
from energy_logger_server.store import Store
from tests.server.filled_store import export_of
from tests.server.portable.conftest import all_rows, run_sql
from tests.server.store.material import FixedClock


class Killed(Exception):
    """Ends an import between two of its transactions."""


def import_a_part(address: str, export: bytes, parts: int) -> None:
    """Import so many parts of an export, and end as if killed."""
    told = 0

    def count(_progress: TransferProgress) -> None:
        nonlocal told
        told += 1
        if told == parts:
            raise Killed

    with pytest.raises(Killed):
        import_store(address, io.BytesIO(export), count)


async def is_refused(address: str, clock: FixedClock) -> bool:
    """Whether nothing but the import opens the store."""
    for opening in (Store.open, Store.open_for_reading):
        with pytest.raises(ImportUnfinished, match="migrate import"):
            await opening(address, clock)
    with pytest.raises(ImportUnfinished):
        content_of_store(address)
    return True


@pytest.mark.parametrize("parts", [1, 7, 20])
async def test_an_import_that_was_killed_goes_on_where_it_was(
    parts, new_store_url, exported, filled_url, clock
):
    import_a_part(new_store_url, exported, parts)
    assert await is_refused(new_store_url, clock)

    told: list[TransferProgress] = []
    content = import_store(new_store_url, io.BytesIO(exported), told.append)

    assert content == content_of_store(filled_url) == content_of_store(new_store_url)
    assert told[-1].rows_done == told[-1].rows_total == content.total_rows
    store = await Store.open(new_store_url, clock)
    await store.close()


async def test_killed_before_its_last_transaction_it_still_has_that_to_do(
    new_store_url, exported, filled_url, clock
):
    parts = sum(1 for count in content_of_store(filled_url).rows.values() if count)
    import_a_part(new_store_url, exported, parts)
    assert await is_refused(new_store_url, clock)

    content = import_store(new_store_url, io.BytesIO(exported))

    assert content == content_of_store(new_store_url) == content_of_store(filled_url)


async def test_another_export_does_not_go_on_with_an_import(
    new_store_url, exported, filled_url, clock
):
    import_a_part(new_store_url, exported, 5)
    run_sql(filled_url, "UPDATE area SET name = 'Other' WHERE id = 1")

    with pytest.raises(ImportRefused, match="another export"):
        import_store(new_store_url, io.BytesIO(export_of(filled_url)))

    assert await is_refused(new_store_url, clock)


async def test_the_same_exported_again_goes_on_with_an_import(
    new_store_url, exported, filled_url
):
    import_a_part(new_store_url, exported, 5)

    content = import_store(new_store_url, io.BytesIO(export_of(filled_url)))

    assert content == content_of_store(filled_url)


async def test_a_store_with_rows_is_refused_in_a_sentence_and_stays(
    store_url, exported, clock
):
    store = await Store.open(store_url, clock)
    await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    await store.close()
    before = content_of_store(store_url)

    with pytest.raises(ImportRefused, match="is not empty: import"):
        import_store(store_url, io.BytesIO(exported))

    assert content_of_store(store_url) == before


async def test_settings_that_were_saved_are_not_overwritten(
    sqlite_url, exported, clock
):
    store = await Store.open(sqlite_url, clock)
    await store.change_settings({"AMBER_API_KEY": "psk_1"})
    await store.close()

    with pytest.raises(ImportRefused, match="is not empty"):
        import_store(sqlite_url, io.BytesIO(exported))

    assert [row["value"] for row in all_rows(sqlite_url, "setting")] == ["psk_1"]


@pytest.mark.usefixtures("store")
async def test_beside_a_server_nothing_is_imported(store_url, exported):
    with pytest.raises(StoreInUse):
        import_store(store_url, io.BytesIO(exported))


async def test_what_was_changed_behind_its_back_is_found_at_the_end(
    new_store_url, exported, clock
):
    import_a_part(new_store_url, exported, 20)
    run_sql(new_store_url, "UPDATE area SET name = 'Other' WHERE id = 1")

    with pytest.raises(StoreError, match="differs from the export"):
        import_store(new_store_url, io.BytesIO(exported))

    assert await is_refused(new_store_url, clock)
