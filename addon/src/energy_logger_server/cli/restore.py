"""``energy-logger backup restore``: shown first, asked for, then done at once."""

from datetime import datetime
from pathlib import Path

import click

from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.restore import prepared_restore
from energy_logger_server.backups.restored import PreparedRestore
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings

from .backup_progress import show
from .output import Column, print_table

_ROWS = (Column("table"), Column("rows now", 0), Column("then", 0))
_SETTINGS = (Column("setting"), Column("now"), Column("then"))


@click.command()
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(source: str, *, dry_run: bool, yes: bool) -> None:
    """Put a backup, or a copied .db file, in the store's place.

    What is stored now is kept as a pinned backup first, and saved secrets stay as they
    are. A running server has to be stopped, or be asked on its page Backups.
    """
    settings = load_settings()
    folder = BackupFolder(settings.backup_folder)
    with prepared_restore(
        folder,
        settings.store_address,
        _file_of(source, settings),
        SystemClock(),
        show,
    ) as prepared:
        _print_preview(prepared)
        if dry_run:
            return
        if not yes:
            click.confirm("Restore this?", abort=True)
        done = prepared.commit()
    if done.safety_copy is not None:
        click.echo(f"what was stored before is kept as {done.safety_copy}")
    if done.set_aside is not None:
        click.echo(f"what was stored before is damaged: it is kept as {done.set_aside}")
    click.echo("restored: start the server")


def _file_of(source: str, settings: Settings) -> Path:
    """Return the file of a backup's name, or the file itself."""
    named = settings.backup_folder / source
    return named if named.is_file() else Path(source)


def _print_preview(prepared: PreparedRestore) -> None:
    preview = prepared.preview
    if prepared.is_log_left_out:
        click.echo(
            "warning: the -wal beside it belongs to another file, and is left out",
            err=True,
        )
    if preview.now is None:
        click.echo("Now: nothing is stored, or nothing can be read")
    else:
        click.echo(f"Now:  {_span(preview.now.first_at, preview.now.last_at)}")
    click.echo(f"Then: {_span(preview.after.first_at, preview.after.last_at)}")
    changed = [row for row in preview.rows if row.now != row.after]
    print_table(
        "Rows that change",
        _ROWS,
        [(row.table, row.now, row.after) for row in changed],
        nothing="none, by their number",
    )
    print_table(
        "Saved settings that change",
        _SETTINGS,
        [(one.name, one.now, one.after) for one in preview.settings],
        nothing="none; secrets stay as they are",
    )


def _span(first_at: datetime | None, last_at: datetime | None) -> str:
    return f"{first_at} to {last_at}" if first_at else "no settled values"
