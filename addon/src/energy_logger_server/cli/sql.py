"""``energy-logger sql``: a SELECT over what is stored."""

import sys
from collections import Counter

import click

from energy_logger_server.config.load import load_settings
from energy_logger_server.errors import QueryTooSlow, QueryUnusable, StoreError
from energy_logger_server.store.browse.reader_sql import SelectedRows, select_rows

from .output import Column, json_option, print_json, print_table
from .reading import stored
from .running import run_until_stopped

_STANDARD_INPUT = "-"


@click.command()
@click.argument("query")
@click.option(
    "--limit",
    "most_rows",
    type=click.IntRange(1, 1_000_000),
    default=1_000,
    show_default=True,
    help="Print this many rows at most.",
)
@click.option(
    "--timeout",
    "limit_s",
    type=click.FloatRange(0.001, 3600),
    default=30,
    show_default=True,
    help="Give up after this many seconds.",
)
@json_option
def sql(query: str, *, most_rows: int, limit_s: float, as_json: bool) -> None:
    """Run a SELECT over what is stored, read-only.

    QUERY - reads it from standard input. The views loads, prices, usage_intervals and
    their like have natural units, and times that name their zone.
    """
    if query == _STANDARD_INPUT:
        query = sys.stdin.read()
    work = stored(load_settings(), select_rows, query, most_rows, limit_s)
    try:
        found = run_until_stopped(work)
    except QueryTooSlow as err:
        raise StoreError(f"{err}: narrow it, or allow more by --timeout") from err
    if found is None:
        return
    if as_json:
        print_json(_objects(found))
    else:
        columns = [Column(name) for name in found.columns]
        print_table(None, columns, found.rows, nothing="no rows")
    if found.is_cut:
        click.echo(f"only the first {most_rows:,} rows: --limit allows more", err=True)


def _objects(found: SelectedRows) -> list[dict[str, object]]:
    twice = [name for name, count in Counter(found.columns).items() if count > 1]
    if twice:
        raise QueryUnusable(f"two columns are called {twice[0]}: rename one by AS")
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
