"""A store that is imported into: locked, of the newest schema, nobody else's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy.engine import URL, Connection

from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import make_engine
from energy_logger_server.store.db.opening import lock_and_migrate
from energy_logger_server.store.db.transaction import in_transaction

type TargetConnection = Connection
"""What jobs get: inside its transaction."""


class Transact(Protocol):
    """Runs a job in one durable transaction of its own."""

    def __call__[Result](self, job: Callable[[Connection], Result]) -> Result:
        """Return the job's result.

        Raises:
            StoreUnavailable: If the database does not answer or cannot write.
        """
        ...


@contextmanager
def target(address: URL) -> Iterator[Transact]:
    """Lock a store for writing, and make it if there is none; for a thread.

    Args:
        address: From ``db.engine.store_url``.

    Raises:
        PlaceUnusable: If the operating system lets nobody write there.
        StoreInUse: If another process writes to this store.
        StoreTooNew: If a newer version of this program wrote it.
        StoreUnavailable: If the database does not answer.
    """
    opened = lock_and_migrate(address)
    engine = make_engine(address, writable=True)
    try:
        try:
            connection = engine.connect()
        except driver_errors() as err:
            raise store_error(address, err) from err
        with connection:

            def transact[Result](job: Callable[[Connection], Result]) -> Result:
                return in_transaction(connection, job, address)

            yield transact
    finally:
        engine.dispose()
        opened.lock.release()
