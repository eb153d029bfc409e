"""A store of every schema that ever landed opens, and gives back what it holds."""

import gzip

import pytest

from energy_logger_server.store import Store
from energy_logger_server.store.codec.json_text import is_same
from energy_logger_server.store.db.migrate import newest_version
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


@pytest.mark.parametrize("packed", LANDED, ids=lambda path: path.name)
async def test_a_store_of_a_landed_schema_gives_back_all_it_holds(
    packed, tmp_path, clock
):
    path = tmp_path / "energy.db"
    path.write_bytes(gzip.decompress(packed.read_bytes()))

    store = await Store.open(f"sqlite:///{path}", clock)

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
        for name in view_statements("sqlite"):
            assert len(await rows(store, f"SELECT count(*) FROM {name}")) == 1
    finally:
        await store.close()
