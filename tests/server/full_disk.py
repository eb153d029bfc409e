"""A disk that is full: databases that grow no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection

from sqlalchemy import Engine, event


@contextmanager
def no_room() -> Iterator[None]:
    """Let every SQLite database opened meanwhile stay as large as it is.

    SQLite then reports a full disk as soon as a write needs another page.
    """

    def limit(connection: Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)
