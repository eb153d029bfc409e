"""What is in a store: one hash by which two stores that hold the same are equal.

The hash does not depend on the database, on the order in which rows were written or on
how they lie in the file. It counts every row of every table, whatever wrote it:
figures, rollups, ledger, revisions, the run log, numbers of changes, saved settings. It
leaves out what an export leaves out: secrets, and settings that this program does not
know. Stores of different schemas have different hashes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import orjson

from energy_logger_server.config.settings import SETTINGS
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.opening import check_readable
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.transfer.one_state import one_state
from energy_logger_server.store.transfer.read import Only, count_rows, pages
from energy_logger_server.store.transfer.tables import TABLES, TableShape
from energy_logger_server.store.transfer.unfinished import NOTE, refuse_unfinished

from .format import Rows

SHOWN_SETTINGS = tuple(one.name for one in SETTINGS if not one.is_secret)
"""Saved settings that may leave the store."""

_WHAT_IS_NOT_CONTENT: Mapping[str, Only] = {
    "store_meta": Only((NOTE,), are_left_out=True)
}
_ONLY = {**_WHAT_IS_NOT_CONTENT, "setting": Only(SHOWN_SETTINGS)}


@dataclass(frozen=True, slots=True)
class StoreContent:
    """What is in a store, or in an export of it.

    Attributes:
        content_hash: SHA-256 in hex, 64 characters.
        rows: How many rows each table has, by its name, in the order of the schema.
    """

    content_hash: str
    rows: Mapping[str, int]

    @property
    def total_rows(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


class ContentHasher:
    """Takes tables and rows in their order; does not mind how many come at a time."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sha = sha256()
        self._rows: dict[str, int] = {}
        self._table = ""

    def begin_table(self, table: TableShape) -> None:
        """Go on to the next table."""
        self._table = table.name
        self._rows[table.name] = 0
        self._sha.update(orjson.dumps([table.name, *table.column_names]))

    def add_rows(self, rows: Rows) -> None:
        """Take rows of the table."""
        if rows:
            self._rows[self._table] += len(rows)
            self._sha.update(orjson.dumps(rows)[1:-1])
            self._sha.update(b",")

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was taken until now."""
        return self._sha.copy().hexdigest()

    @property
    def rows_taken(self) -> int:
        """How many rows, of all tables."""
        return sum(self._rows.values())

    def content(self) -> StoreContent:
        """Return what was taken."""
        return StoreContent(self.digest, {**self._rows})


def exported_tables(reader: Reader) -> Iterator[tuple[TableShape, Iterator[Rows]]]:
    """Yield every table of a store, with its rows, some thousand at a time.

    Args:
        reader: On one state of the store, see ``store.transfer.one_state``.
    """
    return _rows(reader, _ONLY)


def counted_rows(reader: Reader) -> Mapping[str, int]:
    """Return how many rows each table has for an export."""
    return {
        table.name: count_rows(reader, table, _ONLY.get(table.name)) for table in TABLES
    }


def content_of(reader: Reader) -> StoreContent:
    """Return what is in a store that is open already.

    Args:
        reader: On one state of the store, see ``store.transfer.one_state``.
    """
    return _hashed(exported_tables(reader))


def content_of_import(reader: Reader) -> StoreContent:
    """Return what was imported into a store that had nothing else.

    Settings are those of the export, also such as this program does not know.
    """
    return _hashed(_rows(reader, _WHAT_IS_NOT_CONTENT))


def content_of_store(address: str) -> StoreContent:
    """Return what is in a store, beside whoever writes to it.

    Takes about two seconds for a million rows. Never migrates and never writes.

    Args:
        address: As in ``DATABASE_URL``.

    Raises:
        ConfigurationError: If the address cannot be used, or nothing is stored there.
        PlaceUnusable: If the operating system lets nobody read there.
        StoreError: If the store cannot be read, has another schema, or is not whole.
    """
    url = store_url(address)
    check_readable(url)
    with one_state(url) as reader:
        refuse_unfinished(reader)
        return content_of(reader)


def _rows(
    reader: Reader, only: Mapping[str, Only]
) -> Iterator[tuple[TableShape, Iterator[Rows]]]:
    for table in TABLES:
        yield table, pages(reader, table, only.get(table.name))


def _hashed(tables: Iterable[tuple[TableShape, Iterable[Rows]]]) -> StoreContent:
    hasher = ContentHasher()
    for table, rows in tables:
        hasher.begin_table(table)
        for page in rows:
            hasher.add_rows(page)
    return hasher.content()
