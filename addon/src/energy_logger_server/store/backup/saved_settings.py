"""The saved settings of a copy: secrets are taken out of it, or put into it."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from energy_logger_server.domain.backups.backup import SavedContents
from energy_logger_server.store.db.driver_errors import driver_errors, store_error

from .contents import contents_of
from .untouched import file_url, open_to_read

_CHUNK_BYTES = 1_048_576


class SavedSetting(NamedTuple):
    """A row of the table ``setting``; the value may be a secret."""

    name: str
    value: str
    changed_at: int


def read_saved(file: Path) -> list[SavedSetting]:
    """Return the settings that are saved in a store's file.

    Raises:
        StoreUnavailable: If it cannot be read.
    """
    try:
        with closing(open_to_read(file)) as connection:
            return _saved(connection)
    except driver_errors() as err:
        raise store_error(file_url(file), err) from err


def saved_contents_of(file: Path, shown: Collection[str]) -> SavedContents:
    """Return what the store in a file holds, of whatever schema.

    Args:
        file: Of the store.
        shown: Names of the settings that are no secrets.

    Raises:
        NotAStore: If the file is none.
        StoreUnavailable: If it cannot be read.
    """
    contents = contents_of(file)
    saved = {one.name: one.value for one in read_saved(file) if one.name in shown}
    return SavedContents(contents, saved)


def keep_only(file: Path, names: Collection[str]) -> None:
    """Take every other saved setting out of a copy, with all traces of its value.

    Args:
        file: A copy that nobody else has open.
        names: Of settings that are no secrets; what is not known to be none goes.

    Raises:
        StoreUnavailable: If the copy cannot be written.
    """
    saved = read_saved(file)
    kept = [one for one in saved if one.name in names]
    taken = [one.value for one in saved if one.name not in names]
    # also without any: a value that was replaced may have left its trace
    replace_saved(file, kept)
    if _holds_any(file, [text.encode() for text in taken if text]):
        _rebuild(file)


def replace_saved(file: Path, settings: Iterable[SavedSetting]) -> None:
    """Have a copy hold these settings and no others.

    Args:
        file: A copy that nobody else has open; it is not flushed to the disk.
        settings: What it holds afterwards.

    Raises:
        StoreUnavailable: If the copy cannot be written.
    """
    try:
        with closing(_open(file)) as connection:
            # what is deleted is overwritten with zeros, the table's page as a whole
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("BEGIN")
            connection.execute("DELETE FROM setting")
            connection.executemany(
                "INSERT INTO setting (name, value, changed_at) VALUES (?, ?, ?)",
                [*settings],
            )
            connection.execute("COMMIT")
    except driver_errors() as err:
        raise store_error(file_url(file), err) from err


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file.absolute(), isolation_level=None)
    # a flush of the whole copy would keep those waiting who write to the store: on a
    # file system with a journal, their flushes come after it
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def _saved(connection: sqlite3.Connection) -> list[SavedSetting]:
    rows = connection.execute(
        "SELECT name, value, changed_at FROM setting ORDER BY name"
    )
    return [SavedSetting(*row) for row in rows]


def _holds_any(file: Path, texts: Sequence[bytes]) -> bool:
    """Return whether a file holds one of some texts, also in pages that are free."""
    if not texts:
        return False
    overlap = max(map(len, texts)) - 1
    tail = b""
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK_BYTES):
            seen = tail + chunk
            if any(text in seen for text in texts):
                return True
            tail = seen[-overlap:] if overlap else b""
    return False


def _rebuild(file: Path) -> None:
    """Write a copy anew, without free pages and what they held."""
    try:
        with closing(_open(file)) as connection:
            connection.execute("VACUUM")
    except driver_errors() as err:
        raise store_error(file_url(file), err) from err
