"""A PostgreSQL server that a test run starts itself."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.server.store_template import (
    create_database,
    drop_database,
    make_postgres_template,
)

_NAMES = count(1)


def _binaries() -> Path | None:
    given = os.environ.get("ENERGY_LOGGER_PG_BIN")  # noqa: TID251 - set by scripts/test
    if given:
        return Path(given)
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of a PostgreSQL server of this test run, on a Unix socket.

    Its folder is not pytest's: another run would shut the server's user out of it.
    """
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL binaries: install the package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="energy-logger-postgres-"))
    as_postgres = _drop_root(folder)
    environment = {"PATH": f"{binaries}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def run(*command: str) -> None:
        subprocess.run(
            [*as_postgres, *command],
            check=True,
            env=environment,
            cwd="/",
            timeout=60,
            stdout=subprocess.DEVNULL,
        )

    data = str(folder / "data")
    run(
        str(binaries / "initdb"), "-D", data, "-U", "energy", "--auth=trust",
        "--locale=C.UTF-8", "-E", "UTF8", "--no-sync",
    )  # fmt: skip
    # vacuuming would look after databases that live for a moment
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c autovacuum=off"
    pg_ctl = str(binaries / "pg_ctl")
    log = str(folder / "log")
    run(pg_ctl, "-D", data, "-w", "-l", log, "-o", options, "start")
    try:
        server = f"postgresql://energy@/{{name}}?host={folder}"
        make_postgres_template(server)
        yield server
    finally:
        run(pg_ctl, "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _drop_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: use its own user then."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
        "--clear-groups", "--reset-env", "env", "LC_ALL=C.UTF-8",
    ]  # fmt: skip


def new_database_name() -> str:
    """Return a name that no database of this process has."""
    return f"test_{next(_NAMES)}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a migrated database without rows."""
    name = new_database_name()
    yield create_database(postgres_server, name, is_migrated=True)
    drop_database(postgres_server, name)


@pytest.fixture
def new_postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a database that has nothing in it."""
    name = new_database_name()
    yield create_database(postgres_server, name, is_migrated=False)
    drop_database(postgres_server, name)
