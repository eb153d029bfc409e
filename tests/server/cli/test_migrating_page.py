"""What the page on moving tells to type works, and so does the predecessor's script."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from energy_logger_server.portable.content import content_of_store
from tests.server.adopt import amber_files, kamo_files
from tests.server.cli.conftest import coverage_environment

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/migrating.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SCRIPT = ROOT / "addon/rootfs/app/scripts/migrate.sh"
ON_PAGE = {
    "sqlite": "sqlite:////data/energy-logger.db",
    "postgresql": "postgresql://energy@db/energy",
}


class Shell:
    """Runs commands in a folder, with ``energy-logger`` among the programs.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        command = folder / "bin/energy-logger"
        command.write_text(program)
        command.chmod(0o755)

    def run(self, *words: str, data_dir: str = "data") -> tuple[int, str]:
        """Run a program; return its exit code and all that it said."""
        ended = subprocess.run(
            words,
            cwd=self.folder,
            env={
                **coverage_environment(),
                "PATH": f"{self.folder}/bin:/usr/bin:/bin",
                "PYTHONPATH": ":".join(sys.path),
                "DATA_DIR": str(self.folder / data_dir),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout


@pytest.fixture
def shell(tmp_path: Path, filled_file: Path) -> Shell:
    """A shell of a household whose store lies in the folder ``data``."""
    (tmp_path / "data").mkdir()
    shutil.copy(filled_file, tmp_path / "data/energy-logger.db")
    return Shell(
        tmp_path, f'#!/bin/sh\nexec "{sys.executable}" -m energy_logger_server "$@"\n'
    )


def test_what_the_page_says_of_another_machine_brings_the_store_there(shell):
    out_of_one, into_the_other, *_more = BLOCKS

    exported = shell.run("sh", "-ec", out_of_one)
    imported = shell.run("sh", "-ec", into_the_other, data_dir="other")

    assert (exported[0], imported[0]) == (0, 0), (exported, imported)
    contents = [
        content_of_store(f"sqlite:///{shell.folder}/{name}/energy-logger.db")
        for name in ("data", "other")
    ]
    assert contents[0] == contents[1]


@pytest.mark.postgres
def test_what_the_page_says_of_another_database_brings_the_store_there(
    shell, new_postgres_url
):
    _out_of_one, _into_the_other, command, *_adopting = BLOCKS
    addresses = {
        "sqlite": f"sqlite:///{shell.folder}/data/energy-logger.db",
        "postgresql": new_postgres_url,
    }
    for kind, address in addresses.items():
        assert ON_PAGE[kind] in command
        command = command.replace(ON_PAGE[kind], f"'{address}'")

    ended = shell.run("bash", "-ec", command)

    assert ended[0] == 0, ended
    assert content_of_store(addresses["sqlite"]) == content_of_store(new_postgres_url)


def test_what_the_page_says_of_predecessors_adopts_what_they_kept(shell):
    *_moving, from_the_kamo_logger, from_amber_home = BLOCKS
    kamo_files.database_with_pending_log(shell.folder)
    amber_files.dump(shell.folder / "amber_home.sql")

    for block in (from_the_kamo_logger, from_amber_home):
        ended = shell.run("sh", "-ec", block, data_dir="adopting")
        assert ended[0] == 0, ended

    rows = content_of_store(f"sqlite:///{shell.folder}/adopting/energy-logger.db").rows
    assert (rows["load"], rows["price"], rows["usage"]) == (5, 3, 2)


def test_the_predecessors_script_copies_a_file_into_an_empty_store(shell):
    ended = shell.run(
        "sh", str(SCRIPT), "copy", "data/energy-logger.db", data_dir="copied"
    )

    assert ended[0] == 0, ended
    assert content_of_store(
        f"sqlite:///{shell.folder}/copied/energy-logger.db"
    ) == content_of_store(f"sqlite:///{shell.folder}/data/energy-logger.db")


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
    shell = Shell(tmp_path, '#!/bin/sh\necho "$@"\n')

    assert shell.run("sh", str(SCRIPT), *words) == (0, f"{called}\n")


@pytest.mark.parametrize(
    "words", [(), ("restore", "x"), ("copy",), ("import", "a", "b")]
)
def test_the_predecessors_script_says_what_it_takes(tmp_path, words):
    code, said = Shell(tmp_path, "#!/bin/sh\n").run("sh", str(SCRIPT), *words)

    assert code == 2
    assert said.startswith("migrate.sh export [FILE]")
