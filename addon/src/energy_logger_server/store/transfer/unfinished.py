"""What a store says of itself while it is being imported into.

The note is written with every part of an import, in one transaction with its rows. As
long as it is there nobody takes the store for whole: it is opened by nothing but the
import that goes on.
"""

import json
from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.errors import ImportUnfinished
from energy_logger_server.store.db.query import Query, upsert_into
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.schema.bookkeeping import META

NOTE = "unfinished_import"
"""Its name in ``store_meta``; no export and no content hash has that row."""

_READ = Query(f"SELECT value FROM store_meta WHERE name = '{NOTE}'")
_WRITE = upsert_into(META, ("name", "value"))
_DELETE = Query(f"DELETE FROM store_meta WHERE name = '{NOTE}'")


class Unfinished(NamedTuple):
    """How far an import has come.

    Attributes:
        rows: How many rows of the export are stored, in its order.
        digest: SHA-256 (hex) of the export as far as these rows: another one with
            the same beginning goes on here, and no other.
    """

    rows: int
    digest: str


def unfinished_import(reader: Reader) -> Unfinished | None:
    """Return how far an import has come that did not end; None where none is."""
    note: str | None = _READ.value(reader)
    return None if note is None else Unfinished(*json.loads(note))


def record_import(connection: Connection, so_far: Unfinished) -> None:
    """Write how far an import has come, with the rows themselves."""
    _WRITE.run(connection, NOTE, json.dumps(so_far))


def finish_import(connection: Connection) -> None:
    """Let the store be opened."""
    _DELETE.run(connection)


def refuse_unfinished(reader: Reader) -> None:
    """Return if the store is whole.

    Raises:
        ImportUnfinished: If an import into it has not ended.
    """
    if unfinished_import(reader) is not None:
        raise ImportUnfinished
