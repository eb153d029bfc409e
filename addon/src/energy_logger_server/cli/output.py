"""What commands print: tables for people, JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click
import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

_NO_TERMINAL_WIDTH = 10_000
"""Columns for who reads a pipe: no row is broken."""

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON instead of tables."
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its heading, with the unit.
        digits: Behind the point of every number; None leaves numbers as they are.
    """

    name: str
    digits: int | None = None


def print_json(answer: Any) -> None:
    """Print JSON, indented, numbers as they are and times with their offset."""
    click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2))


def print_table(
    title: str | None,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    nothing: str = "nothing is stored",
) -> None:
    """Print a table; columns of numbers stand at the right.

    Args:
        title: Above it, if it has one.
        columns: In the order of the cells.
        rows: Cells; None is an empty one.
        nothing: What is said instead of a table without rows.
    """
    listed = [tuple(row) for row in rows]
    # names and texts come from elsewhere: none of them is markup
    console = Console(
        markup=False,
        emoji=False,
        highlight=False,
        width=None if sys.stdout.isatty() else _NO_TERMINAL_WIDTH,
    )
    if not listed:
        console.print(f"{title}: {nothing}" if title else nothing)
        return
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for index, column in enumerate(columns):
        cells = [row[index] for row in listed if row[index] is not None]
        is_right = bool(cells) and all(map(_is_number, cells))
        table.add_column(column.name, justify="right" if is_right else "left")
    for row in listed:
        table.add_row(*map(_cell, columns, row))
    console.print(table)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _cell(column: Column, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and column.digits is not None:
        return f"{value:,.{column.digits}f}"
    # what a terminal would obey is shown as what it is not
    return "".join(
        one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str(value)
    )
