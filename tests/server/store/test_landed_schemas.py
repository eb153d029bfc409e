"""A store of every schema that ever landed opens, and gives back what it holds."""

import gzip
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine

from energy_logger_server.store import Store
from energy_logger_server.store.codec.json_text import is_same
from energy_logger_server.store.db import engine as store_engine
from energy_logger_server.store.db.migrate import MIGRATIONS, migrate, newest_version
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
    original_sites,
    original_substation_table,
)
from energy_logger_server.store.schema.views import view_statements
from energy_logger_simulator.kamo.recording import (
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.fixture_store import FOLDER
from tests.server.store.material import (
    YESTERDAY,
    ends_of_day,
    mirrored_prices,
    mirrored_usage,
    recorded_prices,
    rows,
    site,
    usage,
)

LANDED = sorted(FOLDER.glob("*.db.gz"))


def test_the_newest_schema_has_its_fixture():
    assert FOLDER / f"{newest_version()}.db.gz" in LANDED


def lay_into_postgresql(source: Path, schema: str, address: str) -> None:
    """Make a store of an older schema in PostgreSQL, with the rows of a SQLite file."""
    engine = store_engine.make_engine(store_engine.store_url(address), writable=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    file = create_engine(f"sqlite:///{source}")
    old, new = MetaData(), MetaData()
    old.reflect(file)
    if schema == newest_version():
        migrate(engine)
    with engine.begin() as into, file.connect() as out:
        config.attributes["connection"] = into
        command.upgrade(config, schema)
        new.reflect(into)
        for name in ("alembic_version", "store_meta"):
            into.execute(new.tables[name].delete())
        for table in new.sorted_tables:
            rows = [
                {**row}
                for row in out.execute(old.tables[table.name].select()).mappings()
            ]
            if rows:
                into.execute(table.insert(), rows)
    engine.dispose()
    file.dispose()


@pytest.fixture
def old_store_url(packed: Path, kind: str, tmp_path: Path, request) -> str:
    """Address of a store as it was when its schema landed."""
    path = tmp_path / "energy.db"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    if kind == "sqlite":
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("new_postgres_url")
    lay_into_postgresql(path, packed.name.removesuffix(".db.gz"), url)
    return url


@pytest.mark.parametrize("kind", BOTH_KINDS)
@pytest.mark.parametrize("packed", LANDED, ids=lambda path: path.name)
async def test_a_store_of_a_landed_schema_gives_back_all_it_holds(
    old_store_url, kind, clock
):
    store = await Store.open(old_store_url, clock)

    try:
        prices = await mirrored_prices(store)
        assert sorted(map(repr, prices)) == sorted(map(repr, recorded_prices()[1]))
        assert await mirrored_usage(store) == [
            usage(end, kwh=0.75) for end in ends_of_day(YESTERDAY, 30)
        ]
        assert await store.read(original_sites) == [site()]
        assert await store.read(original_areas) == recorded_area_list()
        grid = await store.read(original_area_grid, 1)
        assert is_same(grid, recorded_grids()[1])
        table = await store.read(original_substation_table, 9)
        assert is_same(table, recorded_tables()[9])
        assert await rows(store, "SELECT count(*) FROM revision") == [(48,)]
        for name in view_statements(kind):
            assert len(await rows(store, f"SELECT count(*) FROM {name}")) == 1
    finally:
        await store.close()
