"""One state of the store, for as long as it takes to read all of it.

Other exports read in short transactions (docs/decisions/0008), because who reads them
may be slow. What leaves the store as a whole must be of one instant: a day's rows, its
ledger line and its rollups belong together.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import URL, Connection

from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import is_sqlite, make_engine

_ONE_STATE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


@contextmanager
def one_state(address: URL) -> Iterator[Connection]:
    """Give a connection on which every read sees the same state; for a thread.

    Writers go on. On SQLite the log grows meanwhile by what they write.

    Args:
        address: From ``db.engine.store_url``.

    Raises:
        StoreUnavailable: If the database does not answer.
    """
    engine = make_engine(address, writable=False)
    try:
        with engine.connect() as connection, connection.begin():
            if not is_sqlite(address):
                connection.execute(_ONE_STATE)
            yield connection
    except driver_errors() as err:
        raise store_error(address, err) from err
    finally:
        engine.dispose()
