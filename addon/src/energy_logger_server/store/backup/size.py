"""Where a store is on the disk, and how much room a copy of it can take."""

from pathlib import Path

from energy_logger_server.errors import NothingStored
from energy_logger_server.store.db.beside import refuse_unsettled
from energy_logger_server.store.db.engine import (
    is_sqlite,
    place_of,
    sqlite_file,
    store_url,
)
from energy_logger_server.store.db.sqlite_file import is_stored
from energy_logger_server.store.db.stray_log import log_beside
from energy_logger_server.store.runs.status import database_bytes
from energy_logger_server.store.transfer.one_state import one_state


def size_bytes(address: str) -> int:
    """Return how much a copy of a store can take, with what SQLite's log adds.

    Raises:
        NothingStored: If there is no store.
        StoreError: If it cannot be read.
    """
    url = store_url(address)
    if not is_sqlite(url):
        with one_state(url) as reader:
            return database_bytes(reader)
    file = stored_file(address)
    log = log_beside(file)
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def stored_file(address: str) -> Path:
    """Return the file of a SQLite store that can be read as it lies there.

    Raises:
        NothingStored: If there is no store.
        StoreUnsettled: If what lies beside it has to be put right first.
    """
    url = store_url(address)
    # SQLite puts its log beside what a link leads to
    file = sqlite_file(url).resolve()
    if not is_stored(file):
        raise NothingStored(place_of(url))
    refuse_unsettled(url)
    return file
