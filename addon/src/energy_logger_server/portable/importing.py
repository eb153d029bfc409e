"""Bringing an export into a store.

Rows are committed some thousand at a time, together with a note of how far the import
has come. Until its end the store is opened by nothing else, so that a part is never
taken for the whole; killed at any moment, it goes on with the same export exactly
where it was. The last transaction counts and hashes what is stored, compares it with
the export, and takes the note away.
"""

from typing import BinaryIO

from energy_logger_server.errors import ImportRefused, StoreError
from energy_logger_server.store.db.engine import place_of, store_url
from energy_logger_server.store.transfer.tables import TableShape
from energy_logger_server.store.transfer.target import (
    TargetConnection,
    Transact,
    target,
)
from energy_logger_server.store.transfer.unfinished import (
    Unfinished,
    finish_import,
    record_import,
    unfinished_import,
)
from energy_logger_server.store.transfer.write import (
    forget_new_store,
    go_on_numbering,
    insert_rows,
    is_new,
)

from .content import StoreContent, content_of_import
from .export import OnProgress, TransferProgress, ignore
from .format import Rows
from .reading import ExportReader

_NOTHING = Unfinished(0, "")


def import_store(
    address: str, source: BinaryIO, on_progress: OnProgress = ignore
) -> StoreContent:
    """Bring an export into an empty store; return what is stored then.

    Takes some MB of memory, however much is stored.

    Args:
        address: Of the store, as in ``DATABASE_URL``; it is made if there is none.
        source: The export, packed or not; it need not be seekable. From a file, check
            it by ``reading.check_export`` first: then damage leaves nothing behind.
        on_progress: Called after some thousand rows, when they are stored for good.

    Raises:
        ConfigurationError: If the address cannot be used.
        ExportUnusable: If the export is damaged, or of another schema. What was stored
            of it stays unfinished.
        ImportRefused: If the store is not empty, or another import into it began.
        PlaceUnusable: If the operating system lets nobody write there.
        StoreInUse: If a server writes to this store.
        StoreError: If the database cannot take the rows.
    """
    url = store_url(address)
    export = ExportReader(source)
    with target(url) as transact:
        done = transact(lambda connection: _begin(connection, place_of(url)))
        _write(transact, export, done, on_progress)
        stored: StoreContent = transact(lambda connection: _end(connection, export))
        return stored


def _begin(connection: TargetConnection, place: str) -> Unfinished:
    """Return how far an import has come; begin one if the store is empty."""
    done = unfinished_import(connection)
    if done is not None:
        return done
    if not is_new(connection):
        raise ImportRefused(
            f"{place} is not empty: import into a new store, by another DATABASE_URL "
            "or DATA_DIR"
        )
    forget_new_store(connection)
    record_import(connection, _NOTHING)
    return _NOTHING


def _write(
    transact: Transact, export: ExportReader, done: Unfinished, on_progress: OnProgress
) -> None:
    total = sum(export.header.rows.values())
    is_same = done == _NOTHING
    for table, rows in export.rows():
        so_far = Unfinished(export.so_far.rows_taken, export.so_far.digest)
        if so_far.rows > done.rows:
            if not is_same:
                break
            transact(lambda connection: _store(connection, table, rows, so_far))  # noqa: B023 - runs at once
        elif so_far.rows == done.rows:
            is_same = so_far == done
        on_progress(TransferProgress(table.name, so_far.rows, total))
    if not is_same:
        raise ImportRefused(
            "an import of another export into this store has not ended: go on with "
            "that one, or remove the store and begin anew"
        )


def _store(
    connection: TargetConnection, table: TableShape, rows: Rows, so_far: Unfinished
) -> None:
    insert_rows(connection, table, rows)
    record_import(connection, so_far)


def _end(connection: TargetConnection, export: ExportReader) -> StoreContent:
    go_on_numbering(connection)
    stored = content_of_import(connection)
    if stored != export.so_far.content():
        raise StoreError(
            "what was stored differs from the export: remove the store and import "
            "again, and report this if it happens twice"
        )
    finish_import(connection)
    return stored
