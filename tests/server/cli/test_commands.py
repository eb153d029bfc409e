"""What a person at a terminal sees, and what a supervisor of processes relies on."""

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from energy_logger_server import __version__, cli
from energy_logger_server.clock import SystemClock
from tests.launch.programs import free_port
from tests.server.cli.conftest import answer_of


async def test_all_wrong_settings_are_reported_together_with_exit_code_2(
    run, environment
):
    environment |= {"PORT": "http", "POLL_INTERVAL_MINUTES": "7"}

    ended = await run("serve", environment=environment)

    assert ended.code == 2
    assert "PORT" in ended.errors
    assert "POLL_INTERVAL_MINUTES" in ended.errors
    assert "Traceback" not in ended.errors


async def test_nothing_to_collect_is_a_problem_of_the_settings(run, environment):
    environment |= {"AMBER_API_KEY": "", "KAMO_ENABLED": "false"}

    ended = await run("serve", environment=environment)

    assert ended.code == 2
    assert "AMBER_API_KEY" in ended.errors


async def test_the_key_is_made_once_kept_to_its_owner_and_replaced_on_demand(
    run, environment
):
    first = await run("key", "show", environment=environment)
    second = await run("key", "show", environment=environment)
    third = await run("key", "rotate", environment=environment)

    assert first.out == second.out != third.out
    path = Path(environment["DATA_DIR"]) / "api_key"
    assert path.read_text() == third.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_configured_key_is_shown_and_not_rotated(run, environment):
    environment["API_KEY"] = "configured-by-hand"

    shown = await run("key", "show", environment=environment)
    rotated = await run("key", "rotate", environment=environment)

    assert shown.out == "configured-by-hand\n"
    assert rotated.code == 2
    assert "API_KEY" in rotated.errors
    assert "configured-by-hand" not in rotated.errors


async def test_collect_runs_each_source_once_and_says_what_it_brought(run, environment):
    ended = await run("collect", environment=environment)

    assert ended.code == 0, ended.errors
    assert "kamo: success, loads 240, substations 302" in ended.out
    assert "amber: success, prices" in ended.out


async def test_a_refused_key_makes_collect_fail_and_is_not_shown(run, environment):
    environment["AMBER_API_KEY"] = "psk_" + "0" * 32

    ended = await run("collect", environment=environment)

    assert ended.code == 1
    assert "amber: failed" in ended.out
    assert "refuse" in ended.out + ended.errors
    assert environment["AMBER_API_KEY"] not in ended.out + ended.errors


async def test_status_without_a_server_or_a_store_says_so(run, environment):
    ended = await run("status", environment=environment)

    assert ended.code == 2
    assert "no server" in ended.out
    assert "nothing is stored yet" in ended.errors


async def test_status_tells_what_is_stored(run, environment):
    await run("collect", environment=environment)

    ended = await run("status", environment=environment)

    assert ended.code == 0, ended.errors
    assert "no server" in ended.out
    assert "substation readings" in ended.out
    assert "302" in ended.out


async def test_backfill_reads_what_is_missing_and_then_nothing(run, environment, shift):
    start = SystemClock().now() + shift - timedelta(days=21)
    environment["HISTORICAL_START_DATE"] = start.date().isoformat()

    first = await run("backfill", environment=environment)
    second = await run("backfill", environment=environment)

    assert first.code == 0, first.errors
    assert first.out.startswith("done: ")
    assert " 0 of 0 windows" in second.out or "0 rows" in second.out
    assert "windows a minute" in first.errors or "time left" in first.errors


async def test_backfill_without_a_token_names_the_setting(run, environment):
    environment["AMBER_API_KEY"] = ""

    ended = await run("backfill", environment=environment)

    assert ended.code == 2
    assert "AMBER_API_KEY" in ended.errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_server_cleanly(start_fresh, environment, number):
    process = await start_fresh("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    info = await answer_of(f"{base}/api/info", process)

    process.send_signal(number)
    _out, errors = await process.communicate()

    assert info["version"] == __version__
    assert process.returncode == 0
    assert b"Traceback" not in errors
    with closing(
        sqlite3.connect(Path(environment["DATA_DIR"]) / "energy-logger.db")
    ) as database:
        running = database.execute("SELECT count(*) FROM run WHERE outcome = 'running'")
        assert running.fetchone() == (0,)


async def test_beside_a_running_server_the_commands_ask_it(start, run, environment):
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    await answer_of(f"{base}/api/info", process)

    collected = await run("collect", environment=environment)
    backfilled = await run("backfill", environment=environment)
    status = await run("status", environment=environment)
    elsewhere = {**environment, "PORT": str(free_port())}
    second = await run("serve", "--exit-on-error", environment=elsewhere)

    # the server collects when it starts, and the command waits for that
    assert collected.code == 0, collected.errors
    assert "a server is running on this store" in collected.out
    assert backfilled.code == 0, backfilled.errors
    assert "a server is running on this store" in backfilled.out
    assert "\ndone: " in backfilled.out
    assert "Server" in status.out
    assert "substation readings" in status.out
    assert second.code == 1
    assert "another Energy Logger server" in second.errors


async def test_a_port_given_on_the_command_line_wins_and_warnings_are_logged(
    start, environment, tmp_path
):
    port = environment["PORT"]
    environment |= {"PORT": "1"}
    (tmp_path / ".env").write_text("SUPERVISOR_TOKEN=a-token-that-nobody-else-sets\n")
    process = await start("serve", "--port", port, environment=environment)
    info = await answer_of(f"http://127.0.0.1:{port}/api/info", process)

    process.send_signal(signal.SIGTERM)
    _out, errors = await process.communicate()

    assert info["version"] == __version__
    assert b"SUPERVISOR_TOKEN in .env is ignored" in errors
    assert b"a-token" not in errors


@pytest.mark.usefixtures("locked_by_another")
async def test_a_store_that_another_program_locks_has_no_server_to_ask(
    run, environment
):
    ended = await run("collect", environment=environment)

    assert ended.code == 1
    assert f"no answer on port {environment['PORT']}" in ended.errors


@pytest.mark.usefixtures("locked_by_another")
async def test_a_server_that_waits_for_its_store_stops_cleanly(start, environment):
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    said = await process.stderr.readline()
    health = await answer_of(f"{base}/api/health", process)

    process.send_signal(signal.SIGTERM)
    _out, errors = await process.communicate()

    assert health["status"] == "healthy"
    assert process.returncode == 0
    assert b"ERROR energy_logger_server.app.startup: cannot work: another" in said
    assert b"Traceback" not in errors


async def test_in_the_app_wrong_settings_are_shown_instead_of_ending_it(
    start, environment
):
    environment |= {"SUPERVISOR_TOKEN": "t" * 32, "POLL_INTERVAL_MINUTES": "7"}
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"

    status = await answer_of(f"{base}/api/status", process)
    process.send_signal(signal.SIGTERM)
    await process.communicate()

    assert status["storage"]["next_attempt_at"] is None
    assert status["storage"]["problem"] == (
        "POLL_INTERVAL_MINUTES in the environment must be one of 5, 10, 15, 30: change "
        "that, and restart the app"
    )
    assert process.returncode == 0


async def test_the_hooks_of_a_backup_reach_the_server_that_runs(
    start, run, environment
):
    without = await run("backup-hold", "begin", environment=environment)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        environment |= {"RUNTIME_DIR": folder}
        alone = await run("backup-hold", "begin", environment=environment)
        process = await start("serve", environment=environment)
        base = f"http://127.0.0.1:{environment['PORT']}"
        await answer_of(f"{base}/api/info", process)
        # another setting that is wrong is no reason for a backup to fail
        hook = {**environment, "POLL_INTERVAL_MINUTES": "7"}
        ended = [
            await run("backup-hold", word, environment=hook)
            for word in ("begin", "end")
        ]
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert (without.code, "RUNTIME_DIR is not set" in without.errors) == (2, True)
    assert (alone.code, alone.out) == (0, "backup: no server runs\n")
    assert [(one.code, one.out) for one in ended] == [
        (0, "backup: the store's file is held\n"),
        (0, "backup: the store's file may change again\n"),
    ]
    assert process.returncode == 0


@pytest.mark.usefixtures("locked_by_another")
async def test_a_backup_beside_another_servers_store_fails(start, run, environment):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        environment |= {"RUNTIME_DIR": folder}
        process = await start("serve", environment=environment)
        base = f"http://127.0.0.1:{environment['PORT']}"
        status = await answer_of(f"{base}/api/status", process)
        begun = await run("backup-hold", "begin", environment=environment)

    assert status["status"] == "unhealthy"
    assert begun.code == 1
    assert "another Energy Logger server is writing to sqlite:///" in begun.errors


async def test_a_taken_port_is_named(start, run, environment, tmp_path):
    process = await start("serve", environment=environment)
    base = f"http://127.0.0.1:{environment['PORT']}"
    await answer_of(f"{base}/api/info", process)

    elsewhere = {**environment, "DATA_DIR": str(tmp_path / "other")}
    ended = await run("serve", environment=elsewhere)

    assert ended.code == 1
    assert ended.errors.splitlines()[-1] == (
        f"energy-logger: cannot listen on 127.0.0.1, PORT {environment['PORT']}: "
        "Address already in use; stop the other program that listens there, or choose "
        "another port"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--exit-on-error"),
        ("collect",),
        ("backfill",),
        ("status",),
        ("key", "show"),
        ("key", "rotate"),
        ("demo", "--once", "--days", "1", "--data-dir", "file/data"),
    ],
    ids=" ".join,
)
async def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    run, environment, tmp_path, words
):
    (tmp_path / "file").touch()
    environment["DATA_DIR"] = str(tmp_path / "file" / "data")

    ended = await run(*words, environment=environment)

    assert ended.code == 1
    (line,) = ended.errors.splitlines()
    assert line.startswith("energy-logger: cannot ")
    assert f"{tmp_path}/file/data" in line
    assert "Not a directory; move away the file" in line


async def test_settings_that_cannot_be_read_are_one_sentence(
    run, environment, tmp_path
):
    (tmp_path / ".env").mkdir()

    ended = await run("serve", environment=environment)

    assert ended.code == 1
    (line,) = ended.errors.splitlines()
    assert line.startswith(
        f"energy-logger: cannot read settings from {tmp_path}/.env: Is a directory"
    )


def test_whatever_else_the_system_refuses_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(**_options: str) -> None:
        raise OSError(errno.ENFILE, os.strerror(errno.ENFILE), "/somewhere")

    monkeypatch.setattr(cli, "commands", refuse)

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "energy-logger: [Errno 23] Too many open files in system: '/somewhere'\n"
    )


async def test_an_address_that_this_machine_lacks_is_named(run, environment):
    environment["HOST"] = "192.0.2.1"

    ended = await run("serve", environment=environment)

    assert ended.code == 1
    assert f"cannot listen on 192.0.2.1, PORT {environment['PORT']}: " in ended.errors
    assert ended.errors.endswith("set HOST to an address of this machine\n")
    assert "Traceback" not in ended.errors


async def test_a_host_that_can_be_no_name_is_a_problem_of_the_settings(
    run, environment
):
    environment["HOST"] = "x" * 70

    ended = await run("serve", environment=environment)

    assert ended.code == 2
    last = ended.errors.splitlines()[-1]
    assert last == "energy-logger: HOST is not the name of a machine"
    assert "Traceback" not in ended.errors


def test_help_describes_every_command_and_the_package_is_a_program(environment):
    program = [sys.executable, "-m", "energy_logger_server"]

    ended = subprocess.run(
        [*program, "--help"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    wrong = subprocess.run(
        [*program, "serve"],
        env={**environment, "PORT": "http"},
        capture_output=True,
        text=True,
        check=False,
    )

    for command in (
        "serve",
        "demo",
        "collect",
        "backfill",
        "backup-hold",
        "status",
        "key",
    ):
        assert f"\n  {command} " in ended.stdout
    assert wrong.returncode == 2
    assert "PORT" in wrong.stderr
