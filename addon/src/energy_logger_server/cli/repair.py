"""``energy-logger repair``: saving what can be read of a damaged store."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.lost_rows import RowsInBackup, lost_rows_in_backup
from energy_logger_server.config.load import load_settings
from energy_logger_server.errors import (
    BackupError,
    ConfigurationError,
    PlaceUnusable,
    StoreError,
)
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.repair.gaps import Key
from energy_logger_server.store.repair.repair import RepairedTable, repair_store

from .backup_progress import show
from .output import Column, json_option, print_json, print_table

_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S
_COLUMNS = (
    Column("table"),
    Column("rows saved", 0),
    Column("rows refused", 0),
    Column("places where rows are lost", 0),
)


@click.command()
@click.argument("new", type=click.Path(path_type=Path))
@json_option
def repair(new: Path, *, as_json: bool) -> None:
    """Save what can be read of a damaged store into a new file.

    The damaged one stays as it is. What is lost is listed by the keys of the last row
    before it and the first one behind it, with how many rows the newest proven backup
    has there. Stop the server first.
    """
    settings = load_settings()
    if not settings.is_store_a_file:
        raise ConfigurationError(
            ["only a SQLite file can be repaired: ask PostgreSQL's own tools"]
        )
    tables = repair_store(store_url(settings.store_address.reveal()), new)
    backup = _backup(BackupFolder(settings.backup_folder), tables)
    if as_json:
        print_json([_fields(one, backup) for one in tables])
        return
    print_table(
        "What was saved",
        _COLUMNS,
        ((one.name, one.rows, one.refused, len(one.gaps)) for one in tables),
    )
    for table in tables:
        for sentence in _sentences(table, backup):
            click.echo(sentence)
    click.echo(f"what was saved is in {new}; this puts it in the store's place:")
    click.echo(f"energy-logger backup restore {new}")


def _backup(
    folder: BackupFolder, tables: Sequence[RepairedTable]
) -> RowsInBackup | None:
    try:
        return lost_rows_in_backup(folder, tables, show)
    except (BackupError, PlaceUnusable, StoreError) as err:
        # what could be saved has been
        click.echo(f"lost rows were not counted in the newest backup: {err}", err=True)
        return None


def _sentences(table: RepairedTable, backup: RowsInBackup | None) -> Iterator[str]:
    for number, gap in enumerate(table.gaps):
        after, before = _named(table, gap.after), _named(table, gap.before)
        counted = ""
        if backup is not None:
            counted = (
                f": {backup.counts[table.name][number]} rows in {backup.name}, which "
                f"is of {backup.created_at:%Y-%m-%d %H:%M} UTC"
            )
        yield (
            f"{table.name}: lost is what lay "
            f"{f'behind {after}' if after else 'at the beginning'} and "
            f"{f'before {before}' if before else 'up to the end'}{counted}"
        )


def _named(table: RepairedTable, key: Key | None) -> str:
    return ", ".join(
        f"{name} {_shown(name, value)}"
        for name, value in zip(table.key, key or (), strict=False)
    )


def _shown(name: str, value: object) -> str:
    """Return a part of a key as it can be read: instants in UTC, days as dates."""
    if isinstance(value, int):
        if name == "at" or name.endswith("_at"):
            return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%MZ}"
        if name == "hour":
            return f"{datetime.fromtimestamp(value * _HOUR_S, UTC):%Y-%m-%dT%H:%MZ}"
        if name == "day":
            return f"{datetime.fromtimestamp(value * _DAY_S, UTC):%Y-%m-%d}"
    return str(value)


def _fields(table: RepairedTable, backup: RowsInBackup | None) -> dict[str, object]:
    counts = None if backup is None else backup.counts[table.name]
    return {
        "table": table.name,
        "rows": table.rows,
        "refused": table.refused,
        "gaps": [
            {
                "after": _as_json(table, gap.after),
                "before": _as_json(table, gap.before),
                "rows_in_backup": None if counts is None else counts[number],
            }
            for number, gap in enumerate(table.gaps)
        ],
        "backup": None if backup is None else backup.name,
    }


def _as_json(table: RepairedTable, key: Key | None) -> dict[str, object] | None:
    if key is None:
        return None
    return dict(zip(table.key, key, strict=False))
