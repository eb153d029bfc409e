"""Saving what can be read of a damaged store into a new file.

The damaged file is copied and only the copy is opened: SQLite would put its log into
the file itself.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import URL

from energy_logger_server.errors import PlaceUnusable
from energy_logger_server.store.db.engine import make_engine, sqlite_file, store_url
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.migrate import migrate
from energy_logger_server.store.schema import METADATA
from energy_logger_server.store.transfer.tables import TableShape, shape_of

from .gaps import Gap, Row, TableReader

_FILES = ("", "-wal")
_EVERYTHING = Gap(None, None)


@dataclass(frozen=True, slots=True)
class RepairedTable:
    """What came of a table.

    Attributes:
        name: In the database.
        key: Names of the columns of its key.
        rows: How many the new file has.
        refused: Rows that were read and are not in it: of a key that there was twice,
            or with a value that the table does not take.
        gaps: Where rows are lost, if there were any.
    """

    name: str
    key: tuple[str, ...]
    rows: int
    refused: int
    gaps: tuple[Gap, ...]


def repair_store(address: URL, new: Path) -> tuple[RepairedTable, ...]:
    """Save what can be read of a SQLite store into a new one; return what came of it.

    Args:
        address: Of the damaged store, from ``store_url``; nobody has it open.
        new: Where there is no file yet.

    Raises:
        PlaceUnusable: If a file cannot be read or written.
        StoreInUse: If a server writes to the store.
    """
    file = sqlite_file(address).resolve()
    lock = acquire_writer_lock(address)
    try:
        with new.open("x"), TemporaryDirectory(dir=new.parent) as folder:
            copy = Path(folder) / file.name
            for ending in _FILES:
                beside = file.with_name(f"{file.name}{ending}")
                if beside.exists():
                    shutil.copy(beside, copy.with_name(f"{file.name}{ending}"))
            return _saved(copy, new)
    except OSError as err:
        raise PlaceUnusable("cannot save what can be read to", new, err) from err
    finally:
        lock.release()


def _saved(damaged: Path, new: Path) -> tuple[RepairedTable, ...]:
    engine = make_engine(store_url(f"sqlite:///{new}"), writable=True)
    migrate(engine)
    engine.dispose()
    tables = [shape_of(table) for table in METADATA.sorted_tables]
    with (
        closing(sqlite3.connect(damaged)) as source,
        closing(sqlite3.connect(new)) as target,
    ):
        saved = tuple(_save_table(source, target, table) for table in tables)
        target.commit()
    return saved


def _save_table(
    source: sqlite3.Connection, target: sqlite3.Connection, table: TableShape
) -> RepairedTable:
    known = _columns_of(source, table)
    columns = tuple(one for one in table.columns if one.name in known)
    shape = replace(table, columns=columns)
    names = shape.column_names
    # the new file's own rows, such as its instance's name, give way
    insert = (
        f'INSERT OR REPLACE INTO "{table.name}" ({", ".join(names)})'
        f" VALUES ({', '.join('?' * len(names))})"
    )
    read = 0

    def take(rows: Sequence[Row]) -> None:
        nonlocal read
        read += len(rows)
        for row in rows:
            # what is no value of a column may be all that a damaged page has
            with suppress(sqlite3.Error):
                target.execute(insert, row)

    key = tuple(one.name for one in table.key)
    if known.issuperset(key):
        gaps = TableReader(source, shape, take).read()
    else:
        # not even what the table is made of can be read
        gaps = [_EVERYTHING]
    (rows,) = target.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()
    return RepairedTable(table.name, key, rows, max(read - rows, 0), tuple(gaps))


def _columns_of(source: sqlite3.Connection, table: TableShape) -> set[str]:
    try:
        found = source.execute(f'PRAGMA table_info("{table.name}")').fetchall()
    except sqlite3.DatabaseError:
        return set()
    return {name for _place, name, *_more in found}
