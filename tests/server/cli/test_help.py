"""``--help`` reads like a table of contents, and the page says the same."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from energy_logger_server.cli import commands
from energy_logger_server.store.schema.views import view_statements

PAGE = Path(__file__).parents[3] / "docs/command-line.md"
_ROW = re.compile(r"^\| `([^`]+)` \| ([^|]*)\| (.+) \|$")
_HEADING = re.compile(r"^\| \*\*(.+)\*\* \|", re.MULTILINE)


def test_help_lists_every_command_once_under_a_heading():
    names = [name for listed in commands.sections.values() for name in listed]
    shown = CliRunner().invoke(commands, ["--help"]).output

    assert len(names) == len({*names})
    places = [shown.index(f"\n{heading}:\n") for heading in commands.sections]
    assert places == sorted(places)
    # a terminal of 80 columns shows every sentence whole
    assert "..." not in shown[places[0] :]
    for name in names:
        assert f"\n  {name} " in shown


def test_a_command_that_is_not_listed_is_an_error_of_usage():
    ended = CliRunner().invoke(commands, ["sections"])

    assert ended.exit_code == 2
    assert "No such command 'sections'" in ended.output


def test_serving_does_not_load_what_only_other_commands_and_databases_need():
    program = (
        "import sys\n"
        "from energy_logger_server.cli import commands\n"
        "commands.load('serve')\n"
        "unwanted = ('rich', 'psycopg', 'energy_logger_simulator', 'apprise',"
        " 'aiosmtplib', 'obstore', 'alembic', 'xlsxwriter')\n"
        "print([name for name in unwanted if name in sys.modules])\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "[]\n"


def test_the_page_has_every_command_with_its_options_and_its_first_sentence():
    page = PAGE.read_text()

    rows = [found.groups() for found in map(_ROW.match, page.splitlines()) if found]

    assert _HEADING.findall(page) == [*commands.sections]
    assert [(words, options.strip(), text) for words, options, text in rows] == [
        *_described()
    ]


def test_the_page_names_the_views_that_can_be_read():
    sentence = next(
        line for line in PAGE.read_text().splitlines() if "have the same names" in line
    )

    assert re.findall(r"`(\w+)`", sentence) == [*view_statements("sqlite")]


def _described() -> Iterator[tuple[str, str, str]]:
    for names in commands.sections.values():
        for name in names:
            yield from _command(name, commands.load(name))


def _command(words: str, command: click.Command) -> Iterator[tuple[str, str, str]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _command(f"{words} {name}", below)
        return
    arguments = [
        one.human_readable_name
        for one in command.params
        if isinstance(one, click.Argument)
    ]
    options = [
        f"`{one.opts[0]}`" for one in command.params if isinstance(one, click.Option)
    ]
    yield (
        " ".join((words, *arguments)),
        ", ".join(options),
        " ".join((command.help or "").split("\n\n")[0].split()),
    )
