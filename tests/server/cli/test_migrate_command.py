"""Moving the store by the command line."""

import shutil
import sqlite3
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest

from energy_logger_server.portable.content import content_of_store
from tests.server.cli.conftest import coverage_environment
from tests.server.filled_store import TOKEN
from tests.server.programs import ForkServer, Program


@pytest.fixture
def environment(tmp_path: Path, filled_file: Path) -> dict[str, str]:
    """Settings of a server whose store is filled."""
    (tmp_path / "data").mkdir()
    shutil.copy(filled_file, tmp_path / "data/energy-logger.db")
    return {"DATA_DIR": str(tmp_path / "data"), "KAMO_ENABLED": "true"}


async def test_an_export_in_a_file_is_imported_elsewhere(run, environment, tmp_path):
    file = tmp_path / "store.export"
    elsewhere = {**environment, "DATA_DIR": str(tmp_path / "other")}

    written = await run("migrate", "export", str(file), environment=environment)
    read = await run("migrate", "import", str(file), environment=elsewhere)

    content = content_of_store(f"sqlite:///{tmp_path}/other/energy-logger.db")
    said = f"{content.total_rows:,} rows with the content hash {content.content_hash}"
    assert written.out == f"exported {said}\n"
    assert read.out == f"imported {said}, that of the export\n"
    assert "INFO energy_logger_server.cli.transfer_progress: import: " in read.errors
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "data",
        "other",
        "store.export",
    ]
    assert TOKEN not in written.errors + read.errors


async def test_standard_output_gets_the_export_and_nothing_else(
    start, environment, exported
):
    process = await start("migrate", "export", environment=environment)

    out, errors = await process.communicate()

    assert out == exported
    assert b"exported " in errors


async def test_what_cannot_be_done_is_one_sentence(
    run, environment, tmp_path, exported
):
    there = tmp_path / "there"
    there.write_bytes(exported[:-9])
    nowhere = tmp_path / "no/folder"
    new = {**environment, "DATA_DIR": str(tmp_path / "new")}
    wrong = [
        (("export", str(there)), environment, 2, "is there already: name another FILE"),
        (("export", str(nowhere)), environment, 1, "No such file or directory"),
        (("export",), new, 2, "nothing is stored yet in"),
        (("import", str(nowhere)), new, 2, "there is no such file"),
        (("import", str(there)), new, 1, "this is no export"),
        (("import", str(tmp_path)), new, 1, "Is a directory"),
    ]

    for words, settings, code, sentence in wrong:
        ended = await run("migrate", *words, environment=settings)

        assert (ended.code, sentence in ended.errors) == (code, True), ended
        assert len(ended.errors.splitlines()) == 1
    assert not (tmp_path / "new").exists()


async def test_a_store_with_rows_is_not_imported_into(
    run, environment, tmp_path, exported
):
    file = tmp_path / "export"
    file.write_bytes(exported)

    ended = await run("migrate", "import", str(file), environment=environment)

    assert ended.code == 1
    assert "energy-logger.db is not empty: import into a new store" in ended.errors


KILLED = """
import os, signal, sys
from energy_logger_server.portable import importing
name, left = sys.argv[3], int(sys.argv[4])
called = getattr(importing, name)
def killed(*args):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return called(*args)
setattr(importing, name, killed)
with open(sys.argv[2], "rb") as source:
    importing.import_store(sys.argv[1], source)
"""
"""Imports a file, and kills itself when a step of it is about to be done again."""


@pytest.fixture
def start_killed(fork_server: ForkServer, tmp_path: Path):
    """Start an import that kills itself."""

    def start(*words: str) -> AbstractAsyncContextManager[Program]:
        return fork_server.start(
            KILLED, *words, environment=coverage_environment(), folder=tmp_path
        )

    return start


@pytest.mark.parametrize(
    "step",
    [
        ("record_import", 1),
        ("insert_rows", 9),
        ("record_import", 12),
        ("finish_import", 1),
    ],
    ids=str,
)
async def test_killed_in_the_middle_of_any_step_an_import_ends_whole_in_the_end(
    step, start_killed, run, environment, tmp_path, exported
):
    file = tmp_path / "export"
    file.write_bytes(exported)
    new = {**environment, "DATA_DIR": str(tmp_path / "new")}
    address = f"sqlite:///{tmp_path}/new/energy-logger.db"
    name, times = step

    async with start_killed(address, str(file), name, str(times)) as process:
        assert await process.wait() == -9
    with closing(sqlite3.connect(tmp_path / "new/energy-logger.db")) as database:
        assert [*database.execute("PRAGMA integrity_check")] == [("ok",)]
        begun = [*database.execute("SELECT 1 FROM store_meta WHERE name LIKE 'unf%'")]
    summary = await run("summary", environment=new)
    ended = await run("migrate", "import", str(file), environment=new)

    assert ("an import into this store has not ended" in summary.errors) is bool(begun)
    assert ended.code == 0, ended.errors
    assert content_of_store(address).content_hash in ended.out
