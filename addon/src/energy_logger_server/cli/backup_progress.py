"""How far work on a backup is, for a person at a terminal."""

import sys

import click

from energy_logger_server.domain.backups.work import BackupProgress

_ERASE = "\r\033[K"


def show(progress: BackupProgress) -> None:
    """Show how far the work is; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return
    is_done = progress.share >= 1
    shown = "" if is_done else f"{progress.stage} {progress.share:.0%}"
    click.echo(f"{_ERASE}{shown}", nl=False, err=True)
