"""What can be read of a damaged store is saved on the command line."""

import json
from pathlib import Path

from energy_logger_server.cli.repair import _shown
from tests.server.store.damaged import (
    lay_filled_store,
    overwrite_a_page,
    overwrite_root_page,
    rows_of,
)


def make(folder: Path) -> None:
    folder.mkdir()


async def test_what_is_saved_and_what_is_lost_is_said_as_a_table_and_as_json(
    run, environment, tmp_path: Path
):
    folder = Path(environment["DATA_DIR"])
    make(folder)
    await lay_filled_store(folder / "energy-logger.db")
    overwrite_root_page(folder / "energy-logger.db", "usage")
    new, other = tmp_path / "saved.db", tmp_path / "other.db"

    shown = await run("repair", str(new), environment=environment)
    as_json = await run("repair", str(other), "--json", environment=environment)
    again = await run("repair", str(new), environment=environment)

    assert shown.code == 0, shown.errors
    lines = shown.out.splitlines()
    assert "usage: lost is what lay at the beginning and up to the end" in lines
    assert lines[-1] == f"energy-logger backup restore {new}"
    told = {one["table"]: one for one in json.loads(as_json.out)}
    assert told["usage"] == {
        "table": "usage",
        "rows": 0,
        "refused": 0,
        "gaps": [{"after": None, "before": None, "rows_in_backup": None}],
        "backup": None,
    }
    assert told["area"]["rows"] == 20
    assert told["area"]["gaps"] == []
    assert (again.code, len(again.errors.splitlines())) == (1, 1)
    assert "move away what lies there" in again.errors


async def test_rows_that_are_lost_are_counted_in_the_newest_proven_backup(
    run, environment, tmp_path: Path
):
    folder = Path(environment["DATA_DIR"])
    make(folder)
    file = folder / "energy-logger.db"
    await lay_filled_store(file)
    stored = {name: len(rows) for name, rows in rows_of(file).items()}
    await run("backup", "create", environment=environment)
    for table in ("usage", "price"):
        overwrite_root_page(file, table)
    overwrite_a_page(file, seed=3)
    [backup] = (folder / "backups").glob("*.zst")

    shown = await run("repair", str(tmp_path / "new.db"), environment=environment)
    as_json = await run(
        "repair", str(tmp_path / "other.db"), "--json", environment=environment
    )
    backup.write_bytes(backup.read_bytes().replace(b"(", b")", 1))
    damaged = await run("repair", str(tmp_path / "third.db"), environment=environment)

    assert (
        "usage: lost is what lay at the beginning and up to the end: "
        f"{stored['usage']} rows in {backup.name}, which is of "
    ) in shown.out
    for one in json.loads(as_json.out):
        lost = sum(gap["rows_in_backup"] for gap in one["gaps"])
        assert one["rows"] + lost == stored[one["table"]], one["table"]
        assert one["backup"] == backup.name
    assert (damaged.code, "rows in" in damaged.out) == (0, False)
    assert "lost rows were not counted in the newest backup: " in damaged.errors


async def test_postgresql_is_not_repaired_here(run, environment, tmp_path: Path):
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/energy"

    ended = await run("repair", str(tmp_path / "new.db"), environment=environment)

    assert ended.code == 2
    assert "only a SQLite file can be repaired" in ended.errors


def test_parts_of_keys_are_shown_as_times_where_they_are_some():
    assert _shown("end_at", 1_767_520_800) == "2026-01-04T10:00Z"
    assert _shown("hour", 490_978) == "2026-01-04T10:00Z"
    assert _shown("day", 20_457) == "2026-01-04"
    assert _shown("series_id", 3) == "3"
