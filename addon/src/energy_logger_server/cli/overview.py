"""What is stored, as tables for a terminal."""

from collections.abc import Mapping

from rich.box import SIMPLE_HEAD
from rich.table import Table

from energy_logger_server.domain.collecting.ledger import DayState
from energy_logger_server.store import Store
from energy_logger_server.store.runs.overview import row_counts


async def totals_table(store: Store) -> Table:
    """Return the number of rows of each kind."""
    table = Table(title="Rows", box=SIMPLE_HEAD)
    table.add_column("kind")
    table.add_column("rows", justify="right")
    for kind, rows in (await store.read(row_counts)).items():
        table.add_row(kind, f"{rows:,}")
    return table


async def ledger_table(store: Store) -> Table:
    """Return the number of days in each state, by series; KAMO's areas together."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for kind, owner, state, days in await store.ledger_counts():
        line = counts.setdefault((kind, _owner(owner)), {})
        line[state] = line.get(state, 0) + days
    table = Table(title="Days in the ledger", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("kind", no_wrap=True)
    table.add_column("of", overflow="ellipsis", no_wrap=True, max_width=12)
    for state in DayState:
        table.add_column(state.value, justify="right", no_wrap=True)
    for (kind, owner), line in sorted(counts.items()):
        table.add_row(kind, owner, *_cells(line))
    return table


def _owner(owner: str) -> str:
    return "all areas" if owner.isdigit() else owner


def _cells(line: Mapping[str, int]) -> list[str]:
    return [f"{line[state]:,}" if state in line else "" for state in DayState]
