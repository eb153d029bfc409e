"""Opening a store for writing: folder, lock, schema.

In a thread, because it may wait for a network, and a migration may take minutes.
"""

import asyncio
from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.engine import URL

from energy_logger_server.errors import NothingStored, StoreTooNew, StoreTooOld

from .beside import refuse_unsettled, settle
from .damage import refuse_damaged
from .engine import is_sqlite, make_engine, place_of, sqlite_file
from .interrupt import ASK_AGAIN_S, interrupt
from .lock import WriterLock, acquire_writer_lock
from .migrate import known_versions, migrate, newest_version, stored_version
from .sqlite_file import check_writable, is_stored, make_folder


@dataclass(frozen=True, slots=True)
class OpenedForWriting:
    """A store that this process may write to.

    Attributes:
        lock: Held.
        schema_version: The newest.
    """

    lock: WriterLock
    schema_version: str


async def open_for_writing(address: URL) -> OpenedForWriting:
    """Lock a store and bring its schema up to date; a first start makes it.

    A cancellation interrupts a migration, which leaves the store as it was.

    Args:
        address: From ``store_url``.

    Raises:
        PlaceUnusable: If the operating system lets nobody write there.
        StoreInUse: If another process writes to this store.
        StoreTooNew: If a newer version of this program wrote it.
        StoreUnavailable: If the database does not answer.
    """
    opening = _Opening(address)
    job = asyncio.ensure_future(asyncio.to_thread(opening.run))
    try:
        await asyncio.wait({job})
    except asyncio.CancelledError:
        while not job.done():
            opening.interrupt()
            await asyncio.wait({job}, timeout=ASK_AGAIN_S)
        if job.exception() is None:
            job.result().lock.release()
        raise
    return job.result()


def lock_and_migrate(address: URL) -> OpenedForWriting:
    """Do the same as ``open_for_writing``, for who is in a thread already."""
    return _Opening(address).run()


def check_readable(address: URL) -> str:
    """Return the schema of a store that can be read; never migrates.

    Args:
        address: From ``store_url``.

    Raises:
        NothingStored: If nothing is stored there.
        PlaceUnusable: If the operating system lets nobody read there.
        StoreTooNew: If a newer version of this program wrote it.
        StoreTooOld: If an older one did.
        StoreUnavailable: If the database does not answer.
        StoreUnsettled: If what lies beside the store's file has to be put right first.
    """
    if is_sqlite(address):
        if not is_stored(sqlite_file(address)):
            raise NothingStored(place_of(address))
        refuse_unsettled(address)
    engine = make_engine(address, writable=False)
    found = stored_version(engine)
    engine.dispose()
    if found is None:
        raise NothingStored(place_of(address))
    newest = newest_version()
    if found in known_versions() and found != newest:
        raise StoreTooOld(found, newest)
    if found != newest:
        raise StoreTooNew(found, newest)
    return found


class _Opening:
    def __init__(self, address: URL) -> None:
        self._address = address
        self._connections: list[object] = []

    def run(self) -> OpenedForWriting:
        if is_sqlite(self._address):
            make_folder(sqlite_file(self._address))
        lock = acquire_writer_lock(self._address)
        try:
            if is_sqlite(self._address):
                check_writable(sqlite_file(self._address))
                file = sqlite_file(self._address).resolve()
                settle(file)
                refuse_damaged(self._address, file)
            engine = make_engine(self._address, writable=True)
            event.listen(engine, "connect", self._note)
            schema_version = migrate(engine)
            engine.dispose()
        except BaseException:
            lock.release()
            raise
        return OpenedForWriting(lock, schema_version)

    def interrupt(self) -> None:
        """Have the statement under way given up; called in another thread."""
        for connection in [*self._connections]:
            interrupt(connection)

    def _note(self, connection: object, _record: object) -> None:
        self._connections.append(connection)
