"""What a migration does with rows that are there, on both databases."""

import subprocess
import sys

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from energy_logger_server.store import Store
from energy_logger_server.store.db import engine as store_engine
from energy_logger_server.store.db import migrate
from energy_logger_server.store.statistics.hour_feed import START, HoursWanted
from energy_logger_server.store.statistics.read import (
    load_hours,
    price_hours,
    substation_hours,
    usage_hours,
)
from tests.server.store.material import NOON, SITE_ID, rows

HOUR = int(NOON.timestamp()) // 3600
EVERYTHING = HoursWanted(START, 0, 2**40, HOUR + 100, 1000)
HOURS_OF_0001 = f"""
INSERT INTO series (id, kind, owner, channel)
  VALUES (1, 'price', '{SITE_ID}', 'general'), (2, 'usage', '{SITE_ID}', 'E1');
INSERT INTO price_hour VALUES (1, {HOUR}, 2, 60, 600, 600, 1, 9, 1);
INSERT INTO usage_hour VALUES (2, {HOUR}, 2, 60, 0, 500, 100, 1);
INSERT INTO interval_attributes (id, type, channel_type)
  VALUES (1, 'Usage', 'general');
INSERT INTO usage VALUES (2, {HOUR * 3600}, 30, 1, 1, 1, NULL, NULL, 1, 1, 0, NULL);
INSERT INTO area VALUES (1, 0, 'One', 'A1', false, NULL, NULL, 0, 0, false),
  (2, 1, 'Two', 'A2', false, NULL, NULL, 0, 0, false);
INSERT INTO load VALUES ({HOUR * 3600}, 1, 100, true, 1, 0, NULL);
INSERT INTO substation VALUES (1, 1, 'North', 0), (2, 1, 'South', 0), (3, 2, 'East', 0);
INSERT INTO substation_hour SELECT {HOUR}, item, 2, 100, 0, 40, 60, 5 FROM substation;
INSERT INTO substation_hour
  SELECT {HOUR} + 1, item, 2, 100, 0, 40, 60, 5 FROM substation
"""


def test_the_files_of_the_migrations_are_named_by_their_versions_in_order():
    scripts = ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions()

    assert [script.revision for script in scripts] == [
        *reversed(migrate.known_versions())
    ]


def test_a_start_with_the_newest_schema_does_not_load_alembic(sqlite_url):
    program = (
        "import asyncio, sys\n"
        "from energy_logger_server.clock import SystemClock\n"
        "from energy_logger_server.store import Store\n"
        "async def start():\n"
        f"    await (await Store.open({sqlite_url!r}, SystemClock())).close()\n"
        "asyncio.run(start())\n"
        "print('alembic' in sys.modules)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "False\n"


def fill(address: str, schema: str, statements: str) -> None:
    """Make a store of an older schema and write into it."""
    url = store_engine.store_url(address)
    engine = store_engine.make_engine(url, writable=True)
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema)
        for statement in statements.split(";"):
            connection.execute(text(statement))
    engine.dispose()


async def test_hours_from_before_there_were_change_numbers_are_reported(
    new_store_url, clock
):
    fill(new_store_url, "0001", HOURS_OF_0001)

    store = await Store.open(new_store_url, clock)

    prices = await store.read(price_hours, SITE_ID, EVERYTHING)
    usages = await store.read(usage_hours, SITE_ID, EVERYTHING)
    loads = await store.read(load_hours, 1, EVERYTHING)
    stations = await store.read(substation_hours, 1, EVERYTHING)
    await store.close()
    assert [hour.minutes for hour in prices.hours] == [60]
    assert [hour.energy_kwh for hour in usages.hours] == [0.5]
    assert [hour.mean_kw for hour in loads.hours] == [10]
    assert [hour.name for hour in stations.hours] == ["North", "South"] * 2
    assert stations.cursor.place == (0, HOUR + 1, 2)


EXPORT = (
    f"INSERT INTO series (id, kind, owner, channel) VALUES"
    f" (1, 'usage', '{SITE_ID}', 'E1'), (2, 'usage', '{SITE_ID}', 'B1');"
    "INSERT INTO interval_attributes (id, type, channel_type)"
    " VALUES (1, 'Usage', 'general'), (2, 'Usage', 'feedIn');"
    + "".join(
        f"INSERT INTO usage VALUES ({series}, {HOUR * 3600 + end * 60}, 30, {energy},"
        f" 10, 1, NULL, NULL, {series}, 1, 0, NULL);"
        for series, energies in ((1, (500, -200)), (2, (-500, 200)))
        for end, energy in zip((30, 60), energies, strict=True)
    )
    + f"INSERT INTO usage_hour VALUES (1, {HOUR}, 2, 60, 0, 300, 20, 1, 5),"
    f" (2, {HOUR}, 2, 60, 0, -300, 20, 1, 5);"
    f"INSERT INTO usage_day VALUES (1, {(HOUR + 10) // 24}, 2, 60, 0, 300, 20, 1),"
    f" (2, {(HOUR + 10) // 24}, 2, 60, 0, -300, 20, 1)"
)


async def test_exported_energy_from_before_is_counted_in_its_direction(
    new_store_url, clock
):
    fill(new_store_url, "0003", EXPORT)

    store = await Store.open(new_store_url, clock)

    hours = await store.read(usage_hours, SITE_ID, EVERYTHING)
    days = await rows(
        store, "SELECT energy_e3, unpriced_minutes FROM usage_day ORDER BY series_id"
    )
    kept = await rows(
        store,
        "SELECT energy_e3, cost_e4, price_e5 FROM usage ORDER BY series_id, end_at",
    )
    await store.close()
    assert [(hour.energy_kwh, hour.cost_cents) for hour in hours.hours] == [
        (0.3, 0.002),
        (0.7, 0.002),
    ]
    assert days == [(300, 0), (700, 0)]
    assert kept == [(500, 10, 1), (-200, 10, 1), (-500, 10, 1), (200, 10, 1)]


async def test_the_table_of_usage_is_still_filed_by_its_key(tmp_path, clock):
    address = f"sqlite:///{tmp_path / 'energy.db'}"
    fill(address, "0003", EXPORT)

    store = await Store.open(address, clock)

    (made,) = await rows(store, "SELECT sql FROM sqlite_master WHERE name = 'usage'")
    await store.close()
    assert "WITHOUT ROWID" in made[0]
    assert (
        "CONSTRAINT pk_usage PRIMARY KEY (series_id, end_at, duration_minutes)"
        in (made[0])
    )
    assert "CONSTRAINT fk_usage_series_id FOREIGN KEY" in made[0]
