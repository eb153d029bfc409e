"""A write-ahead log that lies beside a file to which it does not belong.

SQLite replays whatever log lies beside a file, if the log is sound in itself. Whoever
puts a copied file where another one was, and leaves that one's ``-wal``, gets pages of
two stores mixed into one. Nothing in either of SQLite's formats shows it: the file's
change counter stands still in this mode, and the log's salts are not in the file.

So every durable write counts up ``user_version``, which lies in the file's first page:
then the first page is in the log, too. A log begins when all before it is in the file,
and is copied into the file page by page. So the file's number is at least the one
before the first in its log, and at most one more for each transaction in the log. A
file of another time has another number. A log without that page, such as one that
another program wrote, is taken for what SQLite takes it for.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NamedTuple

_LOG = logging.getLogger(__name__)

_GREATEST = 2**31 - 1
_HEADER = Struct(">IIII8sII")
_FRAME = Struct(">II8sII")
_MAGIC = frozenset({0x377F0682, 0x377F0683})
_VERSION_AT = 60
_VERSION = Struct(">I")


class _LogRange(NamedTuple):
    """What a log says of its file's number.

    Attributes:
        page_bytes: Size of the file's pages.
        first: The number in the first copy of the first page; None without one.
        transactions: How many were committed to the log, at most.
    """

    page_bytes: int
    first: int | None
    transactions: int


def count_up(driver: sqlite3.Connection) -> None:
    """Number a durable write, inside its transaction."""
    (number,) = driver.execute("PRAGMA user_version").fetchone()
    driver.execute(f"PRAGMA user_version={number % _GREATEST + 1}")


def log_beside(file: Path) -> Path:
    """Return where SQLite puts the log of a file, which is no link."""
    return file.with_name(f"{file.name}-wal")


def is_stray(file: Path) -> bool:
    """Return whether the log beside a file belongs to another one.

    Opens the file by SQLite only, which keeps its locks on it; see ``sqlite_file``.

    Args:
        file: Of a store that nobody writes to; it need not be there.

    Raises:
        OSError: If the log cannot be read.
    """
    try:
        said = _range_of(log_beside(file))
    except FileNotFoundError:
        return False
    if said is None or not said.transactions:
        return False
    if not file.exists() or not file.stat().st_size:
        return True
    try:
        with closing(_open_without_log(file)) as connection:
            (number,) = connection.execute("PRAGMA user_version").fetchone()
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    except sqlite3.Error:
        # it is damaged, which whoever opens it says better
        return False
    if page_bytes != said.page_bytes:
        return True
    return said.first is not None and not (
        said.first - 1 <= number <= said.first - 1 + said.transactions
    )


def set_stray_log_aside(file: Path) -> None:
    """Move the log beside a file away if it belongs to another one, and say so.

    Args:
        file: Of a store whose writer's lock is held.

    Raises:
        OSError: If that cannot be done.
    """
    if not is_stray(file):
        return
    kept = set_aside(log_beside(file))
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    _LOG.warning(
        "the write-ahead log beside %s belongs to another file, such as the one that "
        "was there before a copy was put there: nothing of it was read, and it is kept "
        "as %s",
        file,
        kept.name,
    )


def set_aside(path: Path) -> Path:
    """Give a file a name that SQLite does not look for; return that."""
    number = 1
    while (kept := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    return path.rename(kept)


def _open_without_log(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)


def _range_of(log: Path) -> _LogRange | None:
    """Return what a log says; None if it is none."""
    with log.open("rb") as source:
        header = source.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return None
        magic, _format, page_bytes, _checkpoint, salts, *_sums = _HEADER.unpack(header)
        if magic not in _MAGIC:
            return None
        first: int | None = None
        transactions = 0
        for page, is_commit, version in _frames(source, page_bytes, salts):
            transactions += is_commit
            if page == 1 and first is None:
                first = version
    return _LogRange(page_bytes, first, transactions)


def _frames(
    source: BinaryIO, page_bytes: int, salts: bytes
) -> Iterator[tuple[int, bool, int]]:
    """Yield page, whether it ends a transaction, and the number if it is page 1.

    What follows was written before the log began anew, and has other salts.
    """
    while len(head := source.read(_FRAME.size)) == _FRAME.size:
        page, pages_after_commit, found_salts, *_sums = _FRAME.unpack(head)
        if found_salts != salts:
            return
        version = 0
        start = source.tell()
        if page == 1:
            source.seek(start + _VERSION_AT)
            content = source.read(_VERSION.size)
            if len(content) < _VERSION.size:
                return
            (version,) = _VERSION.unpack(content)
        source.seek(start + page_bytes)
        yield page, pages_after_commit > 0, version
