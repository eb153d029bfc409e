"""Looking a SQLite file over: whether every page of it is where and what it should be.

A table at a time, on a connection of its own and in a thread: readers and the writer go
on beside it, and each table is a transaction of its own, so that the log can be folded
in between.
"""

import asyncio

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import StoreDamaged

from .driver_errors import driver_errors, store_error
from .engine import make_engine
from .interrupt import ASK_AGAIN_S, interrupt

_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
)
_OK = "ok"


async def find_damage(url: URL) -> str | None:
    """Return what is wrong with a SQLite file, the first thing found; None for nothing.

    A cancellation gives the look up.

    Args:
        url: Of a SQLite store.

    Raises:
        StoreUnavailable: If it cannot be read at all, such as one that is locked.
    """
    looking = _Looking(url)
    job = asyncio.ensure_future(asyncio.to_thread(looking.run))
    try:
        await asyncio.wait({job})
    except asyncio.CancelledError:
        while not job.done():
            looking.stop()
            await asyncio.wait({job}, timeout=ASK_AGAIN_S)
        # read, so that asyncio does not report it as forgotten
        job.exception()
        raise
    return job.result()


class _Looking:
    def __init__(self, url: URL) -> None:
        self._url = url
        self._drivers: list[object] = []

    def run(self) -> str | None:
        engine = make_engine(self._url, writable=False)
        event.listen(engine, "connect", self._note)
        try:
            with engine.connect() as connection:
                return _first_problem(connection)
        except driver_errors() as err:
            error = store_error(self._url, err)
            if isinstance(error, StoreDamaged):
                return str(err.__cause__ or err).splitlines()[0]
            raise error from err
        finally:
            engine.dispose()

    def stop(self) -> None:
        """Have the look under way given up; called in another thread."""
        for driver in [*self._drivers]:
            interrupt(driver)

    def _note(self, driver: object, _record: object) -> None:
        self._drivers.append(driver)


def _first_problem(connection: Connection) -> str | None:
    names = [name for (name,) in connection.exec_driver_sql(_TABLES)]
    for name in ("sqlite_schema", *names):
        found = connection.exec_driver_sql(f'PRAGMA quick_check("{name}")').scalars()
        first = str(next(iter(found)))
        connection.rollback()
        if first != _OK:
            return f"table {name}: {first.splitlines()[-1]}"
    return None
