"""``energy-logger backup``: made, listed, tried, pinned and dropped."""

from collections.abc import Iterable
from dataclasses import replace

import click

from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.prove import verify_backup
from energy_logger_server.backups.prune import prune_backups
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupReason,
    newest_proven,
)
from energy_logger_server.errors import BackupError
from energy_logger_server.web.datasets.backup_fields import (
    BackupAnswer,
    backups_fields,
)

from .backup_progress import show
from .output import Column, json_option, print_json, print_table
from .restore import restore

_COLUMNS = (
    Column("name"),
    Column("made (UTC)"),
    Column("MiB", 1),
    Column("rows", 0),
    Column("kept for"),
    Column("verified (UTC)"),
)
_BYTES_PER_MIB = 1_048_576


@click.group()
def backup() -> None:
    """Make backups that restore, and look after them.

    All of it works beside a running server and without one.
    """


@backup.command()
@click.option("--pin", is_flag=True, help="Keep it until it is unpinned.")
def create(*, pin: bool) -> None:
    """Make a backup and restore it once for a trial; print its name.

    Collecting goes on meanwhile.
    """
    settings = load_settings()
    folder = folder_of(settings)
    made = create_backup(
        folder, settings.store_address, BackupReason.MANUAL, SystemClock(), show
    )
    if pin:
        folder.note(made, replace(made.state, is_pinned=True))
    click.echo(made.name)


@backup.command(name="list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the backups, the newest first, and what each is kept for."""
    settings = load_settings()
    answer = backups_fields(
        folder_of(settings).backups(), settings.backup_retention, settings.backup_zone
    )
    if as_json:
        print_json(answer)
        return
    print_table("Backups", _COLUMNS, map(_row, answer), nothing="there are none yet")


@backup.command()
@click.argument("names", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Verify every backup.")
def verify(names: tuple[str, ...], *, is_all: bool) -> None:
    """Restore backups for a trial, by name or the newest one; exit 1 if one is bad."""
    folder = folder_of(load_settings())
    listed = folder.backups()
    if is_all:
        names = tuple(one.name for one in listed)
    elif not names:
        names = tuple(one.name for one in listed[-1:])
    if not names:
        raise BackupError("there are no backups yet: energy-logger backup create")
    bad = 0
    for name in names:
        tried = verify_backup(folder, name, SystemClock(), show)
        click.echo(f"{name}: {tried.state.problem or 'good'}")
        bad += tried.state.problem is not None
    if bad:
        raise BackupError(
            f"{bad} of {len(names)} cannot be restored{_instead(folder.backups())}"
        )


backup.add_command(restore)


@backup.command()
@click.argument("name")
def pin(name: str) -> None:
    """Keep a backup, whatever the generations say, until it is unpinned."""
    _pin(name, is_pinned=True)


@backup.command()
@click.argument("name")
def unpin(name: str) -> None:
    """Let a backup be dropped when no generation needs it."""
    _pin(name, is_pinned=False)


@backup.command()
def prune() -> None:
    """Drop the backups that no generation needs, and print their names.

    BACKUP_DAILY, BACKUP_WEEKLY and BACKUP_MONTHLY say how many are kept. Pinned ones,
    the newest proven one, and damaged ones always are.
    """
    settings = load_settings()
    gone = prune_backups(
        folder_of(settings), settings.backup_retention, settings.backup_zone
    )
    for one in gone:
        click.echo(one.name)


def folder_of(settings: Settings) -> BackupFolder:
    """Return where backups are."""
    return BackupFolder(settings.backup_folder)


def _pin(name: str, *, is_pinned: bool) -> None:
    folder = folder_of(load_settings())
    found = folder.get(name)
    folder.note(found, replace(found.state, is_pinned=is_pinned))


def _instead(backups: Iterable[Backup]) -> str:
    newest = newest_proven(backups)
    return f"; the newest good one is {newest.name}" if newest else ""


def _row(answer: BackupAnswer) -> tuple[object, ...]:
    manifest = answer["manifest"]
    kept_for = [*answer["generations"], *(["pinned"] if answer["is_pinned"] else [])]
    return (
        answer["name"],
        manifest and manifest["created_at"],
        answer["size_bytes"] / _BYTES_PER_MIB,
        manifest and manifest["contents"]["total_rows"],
        ", ".join(kept_for),
        answer["problem"] or answer["verified_at"] or "not yet",
    )
