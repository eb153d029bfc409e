"""``energy-logger status``: how things stand, from the server or from its store."""

from typing import Any

import click
from rich.console import Console
from rich.table import Table

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings

from .overview import ledger_table, totals_table
from .reading import open_for_reading
from .running import run_until_stopped
from .server_call import ask_running_server


@click.command()
def status() -> None:
    """Show what is stored, and how the server here is doing."""
    settings = load_settings()
    console = Console()
    try:
        answer = run_until_stopped(ask_running_server(settings, "GET", "/api/status"))
    except SourceUnreachable as err:
        console.print(f"no server: {err.reason}")
    else:
        if answer is not None:
            console.print(_server_table(answer))
    for table in run_until_stopped(_stored(settings)) or ():
        console.print(table)


async def _stored(settings: Settings) -> list[Table]:
    async with open_for_reading(settings) as store:
        return [await totals_table(store), await ledger_table(store)]


def _server_table(answer: dict[str, Any]) -> Table:
    table = Table(title="Server", show_header=False)
    last = answer.get("last_import") or {}
    rows = {
        "status": answer.get("status"),
        "up for": f"{answer.get('uptime_seconds')} s",
        "last run": " ".join(
            str(last.get(name)) for name in ("source", "status", "completed_at")
        ),
        "store": _store(answer.get("storage") or {}),
        "success in 24 h": answer.get("success_rate_24h"),
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table


def _store(storage: dict[str, Any]) -> str:
    if storage.get("is_working", True):
        return "works"
    return f"fails since {storage.get('failing_since')}: {storage.get('problem')}"
