"""A store goes from SQLite to PostgreSQL and back, and is what it was."""

import io

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.portable.export import export_store
from energy_logger_server.portable.importing import import_store
from energy_logger_server.portable.reading import check_export
from energy_logger_server.portable.zstd import unpacked
from energy_logger_server.store import Store
from energy_logger_server.store.schema import METADATA
from tests.server.filled_store import TOKEN
from tests.server.portable.conftest import all_rows
from tests.server.store.material import (
    TODAY,
    ends_of_day,
    price,
    prices_read,
    usage,
    usage_read,
    write,
)
from tests.server.store_template import lay_store

UNLIKE = {"AMBER_API_KEY", "UNHEARD_OF"}
"""Settings that stay behind."""


def moved(source: str, target: str) -> None:
    stream = io.BytesIO()
    content = export_store(source, stream)
    stream.seek(0)
    assert import_store(target, stream) == content


def everything(address: str) -> dict[str, list[tuple[object, ...]]]:
    """Rows of every table in the order of their keys, settings that stay left out."""
    return {
        table.name: [
            tuple(row.values())
            for row in all_rows(
                address,
                table.name,
                ", ".join(
                    f'{key.name} COLLATE "C"'
                    if address.startswith("postgres") and str(key.type) == "TEXT"
                    else key.name
                    for key in table.primary_key
                ),
            )
            if row.get("name") not in UNLIKE
        ]
        for table in METADATA.sorted_tables
    }


@pytest.mark.postgres
def test_through_postgresql_and_back_every_row_is_as_it_was(
    filled_url, new_postgres_url, tmp_path
):
    back = f"sqlite:///{tmp_path / 'back.db'}"

    moved(filled_url, new_postgres_url)
    moved(new_postgres_url, back)

    hashes = {
        content_of_store(address).content_hash
        for address in (filled_url, new_postgres_url, back)
    }
    assert len(hashes) == 1
    before = everything(filled_url)
    assert before == everything(new_postgres_url) == everything(back)
    for name in ("day_ledger", "revision", "setting", "substation_hour_change"):
        assert before[name], name


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_store_that_was_imported_goes_on(
    kind, filled_url, request, tmp_path, clock
):
    target = f"sqlite:///{tmp_path / 'target.db'}"
    if kind == "postgresql":
        target = request.getfixturevalue("new_postgres_url")
    moved(filled_url, target)
    last_run = all_rows(target, "run", "id")[-1]["id"]
    last_change = max(row["change_id"] for row in all_rows(target, "price_hour"))

    store = await Store.open(target, clock)

    run = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    day = ends_of_day(TODAY, 30)[:4]
    written = await write(
        store,
        prices_read([price(end) for end in day]),
        usage_read([usage(end, channelIdentifier="E7") for end in day], (TODAY, TODAY)),
    )
    await store.close()
    assert run == last_run + 1
    assert (written.price.new, written.usage.new) == (4, 4)
    assert max(row["change_id"] for row in all_rows(target, "price_hour")) > last_change


def test_what_is_secret_is_in_no_export(exported, filled_url):
    content = check_export(io.BytesIO(exported))

    assert content == content_of_store(filled_url)
    plain = unpacked(io.BytesIO(exported)).read()
    assert b"POLL_INTERVAL_MINUTES" in plain
    for secret in (TOKEN, TOKEN[::-1], "AMBER_API_KEY"):
        assert secret.encode() not in plain


def test_a_store_without_any_row_can_be_moved(tmp_path):
    source = lay_store(tmp_path / "empty.db")
    target = f"sqlite:///{tmp_path / 'target.db'}"

    moved(source, target)

    assert content_of_store(target) == content_of_store(source)
