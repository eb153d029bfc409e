"""What the page on moving tells to type works, and so does the predecessor's script."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from energy_logger_server.portable.content import content_of_store
from tests.server.adopt import amber_files, kamo_files
from tests.server.cli.conftest import Run, coverage_environment

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/migrating.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SCRIPT = ROOT / "addon/rootfs/app/scripts/migrate.sh"
ON_PAGE = {
    "sqlite": "sqlite:////data/energy-logger.db",
    "postgresql": "postgresql://energy@db/energy",
}


def address_in(folder: Path) -> str:
    """Address of the store in a data folder."""
    return f"sqlite:///{folder}/energy-logger.db"


async def type_in(block: str, run: Run, data_dir: Path) -> None:
    """Run the commands of a block of the page."""
    for line in block.splitlines():
        program, *words = shlex.split(line)
        assert program == "energy-logger"
        ended = await run(*words, environment={"DATA_DIR": str(data_dir)})
        assert ended.code == 0, ended


@pytest.fixture
def data(tmp_path: Path, filled_file: Path) -> Path:
    """The data folder of a server whose store is filled."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(filled_file, folder / "energy-logger.db")
    return folder


async def test_what_the_page_says_of_another_machine_brings_the_store_there(
    run, data, tmp_path
):
    out_of_one, into_the_other, *_more = BLOCKS

    await type_in(out_of_one, run, data)
    await type_in(into_the_other, run, tmp_path / "other")

    assert content_of_store(address_in(tmp_path / "other")) == content_of_store(
        address_in(data)
    )


async def test_what_the_page_says_of_predecessors_adopts_what_they_kept(run, tmp_path):
    *_moving, from_the_kamo_logger, from_amber_home = BLOCKS
    kamo_files.database_with_pending_log(tmp_path)
    amber_files.dump(tmp_path / "amber_home.sql")

    for block in (from_the_kamo_logger, from_amber_home):
        await type_in(block, run, tmp_path / "adopting")

    rows = content_of_store(address_in(tmp_path / "adopting")).rows
    assert (rows["load"], rows["price"], rows["usage"]) == (5, 3, 2)


def run_shell(folder: Path, program: str, *words: str) -> tuple[int, str]:
    """Run words in a shell's folder, where ``energy-logger`` is a program of its own.

    Returns:
        Exit code, and all that was said.
    """
    command = folder / "bin/energy-logger"
    command.parent.mkdir()
    command.write_text(program)
    command.chmod(0o755)
    ended = subprocess.run(
        words,
        cwd=folder,
        env={
            **coverage_environment(),
            "PATH": f"{folder}/bin:/usr/bin:/bin",
            "PYTHONPATH": ":".join(sys.path),
            "DATA_DIR": str(folder / "data"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout


@pytest.mark.postgres
def test_what_the_page_says_of_another_database_brings_the_store_there(
    data, new_postgres_url, tmp_path
):
    _out_of_one, _into_the_other, command, *_adopting = BLOCKS
    addresses = {"sqlite": address_in(data), "postgresql": new_postgres_url}
    for kind, address in addresses.items():
        assert ON_PAGE[kind] in command
        command = command.replace(ON_PAGE[kind], f"'{address}'")
    program = f'#!/bin/sh\nexec "{sys.executable}" -m energy_logger_server "$@"\n'

    ended = run_shell(tmp_path, program, "bash", "-ec", command)

    assert ended[0] == 0, ended
    assert content_of_store(new_postgres_url) == content_of_store(addresses["sqlite"])


@pytest.mark.parametrize(
    ("words", "called"),
    [
        (("export",), "migrate export"),
        (("export", "a file"), "migrate export a file"),
        (("import",), "migrate import -"),
        (("import", "a file"), "migrate import a file"),
    ],
)
def test_the_predecessors_script_takes_what_it_took(tmp_path, words, called):
    ended = run_shell(tmp_path, '#!/bin/sh\necho "$@"\n', "sh", str(SCRIPT), *words)

    assert ended == (0, f"{called}\n")


def test_the_predecessors_script_copies_a_file_by_an_export_and_an_import(tmp_path):
    program = (
        '#!/bin/sh\necho "$@ in ${DATABASE_URL:-nothing}"\n[ "$2" = export ] || cat\n'
    )
    (tmp_path / "a.db").touch()

    ended = run_shell(tmp_path, program, "sh", str(SCRIPT), "copy", "a.db")

    assert ended[0] == 0
    assert ended[1].splitlines()[-1] == f"migrate export in sqlite:///{tmp_path}/a.db"


@pytest.mark.parametrize(
    "words", [(), ("restore", "x"), ("copy",), ("import", "a", "b")]
)
def test_the_predecessors_script_says_what_it_takes(tmp_path, words):
    code, said = run_shell(tmp_path, "#!/bin/sh\n", "sh", str(SCRIPT), *words)

    assert code == 2
    assert said.startswith("migrate.sh export [FILE]")
