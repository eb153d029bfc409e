"""Putting one store's content in the place of another's, in one transaction."""

from energy_logger_server.errors import StoreError
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.transfer.one_state import one_state
from energy_logger_server.store.transfer.target import TargetConnection, Transact
from energy_logger_server.store.transfer.write import (
    go_on_numbering,
    insert_rows,
    remove_rows,
)

from .content import (
    SHOWN_SETTINGS,
    ContentHasher,
    StoreContent,
    content_of,
    counted_rows,
    exported_tables,
)
from .export import OnProgress, TransferProgress


def replace_content(
    transact: Transact, source: str, on_progress: OnProgress
) -> StoreContent:
    """Have a store in PostgreSQL hold what another store holds; return that.

    Killed or failing at any moment, it holds what it held. Saved settings that are
    secrets, or that this program does not know, stay as they are.

    Args:
        transact: Of the store, which is locked, see ``store.transfer.target``.
        source: Of the other store, which is of the newest schema.
        on_progress: Called after some thousand rows; what it raises ends the work.

    Raises:
        StoreError: If one cannot be read, or the other not be written.
    """
    with one_state(store_url(source)) as reader:
        stored: StoreContent = transact(
            lambda connection: _replace(connection, reader, on_progress)
        )
        return stored


def _replace(
    connection: TargetConnection, reader: Reader, on_progress: OnProgress
) -> StoreContent:
    remove_rows(connection, SHOWN_SETTINGS)
    total = sum(counted_rows(reader).values())
    hasher = ContentHasher()
    for table, pages in exported_tables(reader):
        hasher.begin_table(table)
        for rows in pages:
            insert_rows(connection, table, rows)
            hasher.add_rows(rows)
            on_progress(TransferProgress(table.name, hasher.rows_taken, total))
    go_on_numbering(connection)
    stored = content_of(connection)
    if stored != hasher.content():
        raise StoreError(
            "what was stored differs from the backup, and nothing has changed: "
            "restore again, and report this if it happens twice"
        )
    return stored
