"""``energy-logger migrate``: the whole store, out of one database and into another."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.errors import ConfigurationError, PlaceUnusable
from energy_logger_server.portable.content import StoreContent
from energy_logger_server.portable.export import export_store
from energy_logger_server.portable.importing import import_store
from energy_logger_server.portable.reading import check_export

from .running import log_to_stderr
from .transfer_progress import showing_progress

_STANDARD_INPUT = "-"
_UNFINISHED = ".unfinished"
_OWNER_ONLY = 0o600


@click.group()
def migrate() -> None:
    """Move the store to another machine or database."""


@migrate.command(name="export")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def export_(file: Path | None) -> None:
    """Write the whole store to FILE, or to standard output.

    Packed by Zstandard, without secrets; SQLite and PostgreSQL write the same. A server
    goes on collecting meanwhile.
    """
    settings = _settings()
    with _opened_for_writing(file) as target, showing_progress("export") as on_progress:
        content = export_store(settings.store_address.reveal(), target, on_progress)
    click.echo(f"exported {_said(content)}", err=file is None)


@migrate.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Bring an export into this store, which must be empty.

    FILE - reads it from standard input. Stopped at any moment, even by a power cut, it
    goes on where it was when the same command is given again; until then nothing else
    opens the store.
    """
    settings = _settings()
    address = settings.store_address.reveal()
    if str(file) == _STANDARD_INPUT:
        with showing_progress("import") as on_progress:
            content = import_store(address, sys.stdin.buffer, on_progress)
    else:
        try:
            with file.open("rb") as source:
                content = _import_file(address, source)
        except FileNotFoundError as err:
            raise ConfigurationError([f"{file}: there is no such file"]) from err
    click.echo(f"imported {_said(content)}, that of the export")


def _import_file(address: str, source: BinaryIO) -> StoreContent:
    # damage is found before anything is written
    with showing_progress("check") as on_progress:
        check_export(source, on_progress)
    source.seek(0)
    with showing_progress("import") as on_progress:
        return import_store(address, source, on_progress)


def _settings() -> Settings:
    settings = load_settings()
    log_to_stderr(settings.log_level)
    return settings


def _said(content: StoreContent) -> str:
    return f"{content.total_rows:,} rows with the content hash {content.content_hash}"


@contextmanager
def _opened_for_writing(file: Path | None) -> Iterator[BinaryIO]:
    """Give where an export goes; a file is there when it is whole, and not before."""
    if file is None:
        if sys.stdout.isatty():
            raise ConfigurationError(
                ["an export is no text for a terminal: name a FILE, or redirect it"]
            )
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if file.exists():
        raise ConfigurationError([f"{file} is there already: name another FILE"])
    unfinished = file.with_name(f"{file.name}{_UNFINISHED}")
    try:
        target = open(unfinished, "wb", opener=_for_owner_only)  # noqa: SIM115 - Path has no opener; closed below
    except OSError as err:
        raise PlaceUnusable("cannot write the export to", unfinished, err) from err
    try:
        with target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        unfinished.rename(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
