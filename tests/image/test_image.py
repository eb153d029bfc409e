"""The image of the app, as a Supervisor or any Docker host builds and runs it."""

import asyncio
import json
import os
import shlex
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.image.container import (
    STARTS_WITHIN_S,
    Container,
    Ended,
    podman,
    run_once,
    running,
    until,
)
from tests.launch.supervisor import TOKEN, Supervisor, back_up, restore, supervising

# the first one on a machine fetches Debian
pytestmark = pytest.mark.timeout(900)

ADDON = Path(__file__).parents[2] / "addon"
MANIFEST = yaml.safe_load((ADDON / "config.yaml").read_text())
USER, GROUP = 1234, 4321
KEY = "a-key-of-the-users-own"
SIZE_BUDGET_MB = 130
"""Of ours, unpacked; Zstandard and the services of Apprise are a third of it."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The app's data folder with its options, as the Supervisor makes both."""
    folder = tmp_path / "data"
    folder.mkdir()
    options = folder / "options.json"
    options.write_text(json.dumps({"log_level": "DEBUG", "historical_start_date": ""}))
    options.chmod(0o600)
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The app's folder that users can reach, with a setting in it."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / ".env").write_text(f"API_KEY={KEY}\n")
    (folder / ".env").chmod(0o600)
    return folder


def environment(utilities: str) -> Mapping[str, str]:
    return {
        "KAMO_BASE_URL": f"{utilities}/kamo/api",
        "PUID": str(USER),
        "PGID": str(GROUP),
    }


async def readings(container: Container) -> int:
    """Return how many readings of substations are kept."""
    told = await (await container.get("/api/status", KEY)).json()
    count = told["database_stats"]["total_substation_records"]
    assert isinstance(count, int)
    return count


async def until_collected(container: Container) -> None:
    """Wait until there are readings."""

    async def has_collected() -> bool:
        return await readings(container) > 0

    await until(has_collected)


def hook(container: Container, name: str) -> Callable[[], Awaitable[int]]:
    """Return what runs a command of the manifest; it must have reached the server."""

    async def run() -> int:
        ended = await container.run(*shlex.split(MANIFEST[name]))
        assert "no server runs" not in ended.output
        return ended.code

    return run


def as_app(supervisor: Supervisor) -> Mapping[str, str]:
    """Return what a Supervisor sets."""
    return {"SUPERVISOR_TOKEN": TOKEN, "SUPERVISOR_URL": supervisor.url}


def owners_in(folder: Path) -> dict[str, tuple[int, int]]:
    """Return user and group of each file, by its name."""
    found = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (about.st_uid, about.st_gid) for name, about in found.items()}


async def test_it_collects_as_an_ordinary_user_and_goes_on_after_a_restore(
    image: str, utilities: str, data: Path, config: Path, tmp_path: Path
):
    folders = {"/data": data, "/config": config}
    backup = tmp_path / "backup"
    async with running(image, folders, environment(utilities)) as container:
        await until_collected(container)
        users = await container.users()
        # only its own user can look into the server
        home = await container.run(
            *("/command/s6-setuidgid", f"{USER}:{GROUP}", "sh", "-c"),
            "grep -haoz ^HOME=.* /proc/[0-9]*/environ 2>/dev/null | sort -uz",
        )
        health = await container.run("/usr/local/bin/healthcheck")
        page = await container.get("/")
        collected = await readings(container)
        await back_up(
            data,
            backup,
            pre=hook(container, "backup_pre"),
            post=hook(container, "backup_post"),
            exclude=MANIFEST["backup_exclude"],
        )
        code = await container.stop()

    (server,) = (command for command in users if "energy_logger_server" in command)
    assert users[server] == str(USER)
    assert "HOME=/data\0" in home.output
    assert (health.code, code) == (0, 0)
    assert (page.status, page.content_type) == (200, "text/html")

    owners = owners_in(data)
    assert owners == dict.fromkeys(owners, (USER, GROUP))
    # a clean end leaves no journal behind
    assert "energy-logger.db" in owners
    assert "energy-logger.db-wal" not in owners

    restore(backup, data)
    assert set(owners_in(data).values()) == {(0, 0)}
    async with (
        supervising() as supervisor,
        running(
            image, folders, {**environment(utilities), **as_app(supervisor)}
        ) as container,
        asyncio.timeout(STARTS_WITHIN_S),
    ):
        told = (await supervisor.pushed.get()).config
        assert f":{told['port']}" in container.url
        assert told["api_key"] == KEY
        assert await readings(container) >= collected
        assert await container.stop() == 0


async def test_a_command_that_root_runs_writes_as_the_servers_user(
    image: str, data: Path
):
    """So it does not matter who asks for the key first."""
    shown = await run_once(
        image,
        f"--volume={data}:/data",
        f"--env=PUID={USER}",
        f"--env=PGID={GROUP}",
        "--entrypoint=sh",
        command=("-c", 'chown -R "$PUID" /data && energy-logger key show'),
    )

    assert (data / "api_key").read_text().strip() in shown.output
    assert owners_in(data)["api_key"] == (USER, GROUP)


@pytest.mark.postgres
async def test_with_a_database_elsewhere_it_needs_no_folder_of_the_host(
    image: str, utilities: str, new_postgres_url: str
):
    """What a hosting service sets: a port, and where the database is."""
    (socket,) = parse_qs(urlsplit(new_postgres_url).query)["host"]
    # the server's user must get through
    os.chmod(socket, 0o711)  # noqa: S103, PTH101 - text of an address
    settings = {"DATABASE_URL": new_postgres_url, "API_KEY": KEY}

    async with running(
        image, {socket: Path(socket)}, {**environment(utilities), **settings}
    ) as container:
        await until_collected(container)
        assert await container.stop() == 0


async def test_a_server_that_fails_ends_the_container_with_its_exit_code(
    image: str, data: Path
):
    (data / "options.json").write_text('{"historical_start_date": "2026-02-30"}')

    ended = await run_once(image, f"--volume={data}:/data")

    assert ended.code == 2
    assert "HISTORICAL_START_DATE in options.json must be a date" in ended.output


async def test_root_is_refused_as_the_servers_user(image: str, data: Path):
    ended = await run_once(image, f"--volume={data}:/data", "--env=PUID=0")

    assert ended.code != 0
    assert "PUID and PGID must be numbers of an ordinary user" in ended.output


async def test_it_holds_nothing_that_only_building_or_testing_needs(image: str):
    found = await run_once(
        image,
        "--entrypoint=find",
        command=(
            *("/opt/energy-logger", "/usr/local", "-name", "gcc*", "-o"),
            *("-name", "pip", "-o", "-name", "conftest.py", "-o"),
            *("-name", "requirements*.lock", "-o", "-name", "tests"),
        ),
    )

    assert found == Ended(0, "")


async def test_it_adds_little_to_its_base(image: str):
    told = await run_once(
        image, "--entrypoint=du", command=("-sm", "/opt/energy-logger")
    )

    assert int(told.output.split()[0]) < SIZE_BUDGET_MB


async def test_it_says_what_it_is_and_how_to_see_that_it_lives(image: str):
    told = await podman("inspect", image)
    (about,) = json.loads(told.output)

    assert about["Config"]["Entrypoint"] == ["/init"]
    assert about["Config"]["Labels"]["io.hass.type"] == "app"
    assert about["Healthcheck"]["Test"] == ["CMD", "/usr/local/bin/healthcheck"]


async def test_the_security_profile_can_be_read_by_the_kernels_own_tool():
    parser = await asyncio.create_subprocess_exec(
        "apparmor_parser",
        "--skip-kernel-load",
        "--skip-cache",
        ADDON / "apparmor.txt",
    )

    assert await parser.wait() == 0
