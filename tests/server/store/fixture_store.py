"""What the fixture database of each landed schema holds; run as a program to add one.

``python -m tests.server.store.fixture_store`` writes the database of the newest
schema, which stays in the repository for ever: every later version must open it.
"""

import asyncio
import gzip
import tempfile
from datetime import timedelta
from pathlib import Path

from energy_logger_server.store import Store
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from tests.server.store.material import (
    FIXTURES,
    YESTERDAY,
    FixedClock,
    areas_read,
    ends_of_day,
    grid_of,
    prices_read,
    recorded_prices,
    site,
    sites_read,
    table_of,
    usage,
    usage_read,
    write,
)

FOLDER = FIXTURES / "stores"
DAYS = (YESTERDAY, YESTERDAY)


async def fill(store: Store) -> None:
    """Write what a store of every version must still give back."""
    ends = ends_of_day(YESTERDAY, 30)
    await write(store, sites_read(site()), areas_read(recorded_area_list()))
    await write(store, prices_read(recorded_prices()[1]))
    estimated = [usage(end, quality="estimated") for end in ends]
    await write(store, usage_read(estimated, DAYS))
    await write(store, usage_read([usage(end, kwh=0.75) for end in ends], DAYS))
    for area_id, grid in recorded_grids().items():
        at = RECORDED_AT + timedelta(seconds=area_id)
        table = recorded_tables()[area_id]
        await write(
            store, grid_of(grid, area_id, at=at), table_of(table, area_id, at=at)
        )


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "energy.db"
        store = await Store.open(f"sqlite:///{path}", FixedClock())
        await fill(store)
        await store.close()
        target = FOLDER / f"{store.schema_version}.db.gz"
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))


if __name__ == "__main__":
    asyncio.run(_main())
