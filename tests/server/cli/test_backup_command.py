"""``energy-logger backup``, beside a server and without one."""

import json
import signal
from pathlib import Path

import pytest

from tests.server.backups.conftest import lay_filled_store
from tests.server.cli.conftest import answer_of


@pytest.fixture
def filled_store(environment: dict[str, str]) -> Path:
    """A store with rows; returns its folder."""
    folder = Path(environment["DATA_DIR"])
    folder.mkdir()
    lay_filled_store(folder / "energy-logger.db")
    return folder


@pytest.mark.usefixtures("filled_store")
async def test_backups_are_made_listed_tried_pinned_and_dropped(run, environment):
    environment = {
        **environment,
        "BACKUP_DAILY": "0",
        "BACKUP_WEEKLY": "0",
        "BACKUP_MONTHLY": "0",
    }
    nothing = await run("backup", "list", environment=environment)
    first, second, third = [
        (await run("backup", "create", *options, environment=environment)).out.strip()
        for options in ([], [], ["--pin"])
    ]
    await run("backup", "pin", first, environment=environment)
    await run("backup", "unpin", first, environment=environment)
    listed = await run("backup", "list", environment=environment)
    tried = await run("backup", "verify", first, environment=environment)
    gone = await run("backup", "prune", environment=environment)
    left = await run("backup", "list", "--json", environment=environment)

    assert nothing.out == "Backups: there are none yet\n"
    rows = [line.split() for line in listed.out.splitlines() if ".zst" in line]
    assert [row[0] for row in rows] == [third, second, first]
    assert "pinned" in rows[0]
    assert tried.out == f"{first}: good\n"
    # the newest proven one is the pinned one
    assert gone.out.split() == [first, second]
    [kept] = json.loads(left.out)
    assert kept["name"] == third
    assert kept["manifest"]["contents"]["rows"]["revision"] == 48


async def test_a_damaged_backup_is_told_with_what_to_take_instead(
    run, environment, filled_store
):
    none = await run("backup", "verify", environment=environment)
    good, bad = [
        (await run("backup", "create", environment=environment)).out.strip()
        for _one in range(2)
    ]
    file = filled_store / "backups" / bad
    content = bytearray(file.read_bytes())
    content[2000] ^= 1
    file.write_bytes(content)

    newest = await run("backup", "verify", environment=environment)
    every = await run("backup", "verify", "--all", environment=environment)

    assert none.code == newest.code == every.code == 1
    assert "energy-logger backup create" in none.errors
    assert newest.out.startswith(f"{bad}: ")
    assert every.out.startswith(f"{good}: good\n{bad}: ")
    assert every.errors == (
        "energy-logger: 1 of 2 cannot be restored; the newest good one is "
        + good
        + "\n"
    )


async def test_a_backup_is_made_beside_a_running_server(start, run, environment):
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    await answer_of(f"{base}/api/info", process)

    made = await run("backup", "create", environment=environment)
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert made.code == 0, made.errors
    assert made.out.endswith(".db.zst\n")
