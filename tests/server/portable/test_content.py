"""The content hash tells whether two stores hold the same, and nothing else."""

import pytest

from energy_logger_server.errors import NothingStored
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.store import Store
from energy_logger_server.store.schema import METADATA
from tests.server.filled_store import TOKEN
from tests.server.portable.conftest import run_sql


def test_every_table_of_the_schema_is_counted_and_none_is_empty_here(filled_url):
    content = content_of_store(filled_url)

    assert set(content.rows) == set(METADATA.tables)
    assert [name for name, count in content.rows.items() if not count] == []
    assert content.total_rows == sum(content.rows.values()) > 1000
    assert len(content.content_hash) == 64


def test_rows_that_lie_elsewhere_in_the_file_have_the_same_hash(filled_url):
    before = content_of_store(filled_url)

    run_sql(
        filled_url,
        "CREATE TABLE moved AS SELECT * FROM revision ORDER BY id DESC",
        "DELETE FROM revision",
        "INSERT INTO revision SELECT * FROM moved",
        "DROP TABLE moved",
    )

    assert content_of_store(filled_url) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE price SET renewables_percent = renewables_percent + 0.1",
        "UPDATE substation_hour SET load_sum_e1 = load_sum_e1 + 1",
        "UPDATE price_hour SET change_id = change_id + 1",
        "UPDATE revision SET reason = 'superseded' WHERE id = 1",
        "DELETE FROM revision WHERE id = 1",
        "UPDATE load SET is_settled = NOT is_settled",
        "UPDATE usage SET cost_e4 = NULL",
        "UPDATE setting SET value = '10' WHERE name = 'POLL_INTERVAL_MINUTES'",
        "UPDATE store_meta SET value = 'another' WHERE name = 'instance_id'",
    ],
)
def test_any_other_value_has_another_hash(filled_url, change):
    before = content_of_store(filled_url)

    run_sql(filled_url, change)

    assert content_of_store(filled_url).content_hash != before.content_hash


def test_neither_secrets_nor_settings_nobody_knows_are_in_the_hash(filled_url):
    before = content_of_store(filled_url)

    run_sql(
        filled_url,
        f"UPDATE setting SET value = '{TOKEN[:-1]}6' WHERE name = 'AMBER_API_KEY'",
        "DELETE FROM setting WHERE name = 'UNHEARD_OF'",
    )

    assert content_of_store(filled_url) == before


async def test_a_store_that_a_server_writes_to_can_be_hashed(filled_url, clock):
    store = await Store.open(filled_url, clock)

    content = content_of_store(filled_url)

    await store.close()
    assert content == content_of_store(filled_url)


def test_where_nothing_is_stored_nothing_is_made(tmp_path):
    with pytest.raises(NothingStored):
        content_of_store(f"sqlite:///{tmp_path / 'none.db'}")

    assert [*tmp_path.iterdir()] == []
