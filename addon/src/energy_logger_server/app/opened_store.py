"""The store, opened for writing."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import WAL

_LOG = logging.getLogger(__name__)
_NO_WAL = (
    "the store's file system refuses SQLite's write-ahead log (its journal mode is %s):"
    " nothing is lost, but readers and the writer wait for each other; keep the store"
    " on a local disk, or in PostgreSQL"
)


@asynccontextmanager
async def open_store(settings: Settings, clock: Clock) -> AsyncIterator[Store]:
    """Open the store for writing, close it at the end.

    Raises:
        PlaceUnusable: If the operating system lets nobody write there.
        StoreInUse: If another server writes to it.
        StoreTooNew: If a newer version of this program wrote it.
        StoreUnavailable: If it does not answer.
    """
    store = await Store.open(settings.store_address.reveal(), clock)
    if store.interrupted_runs:
        _LOG.warning("closed %d interrupted runs", store.interrupted_runs)
    if store.journal_mode not in (None, WAL):
        _LOG.warning(_NO_WAL, store.journal_mode)
    try:
        yield store
    finally:
        await store.close()
