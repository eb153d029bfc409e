"""Writing an export."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import BinaryIO

from energy_logger_server import __version__
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.opening import check_readable
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.transfer.one_state import one_state
from energy_logger_server.store.transfer.unfinished import refuse_unfinished

from .content import ContentHasher, StoreContent, counted_rows, exported_tables
from .format import Header, end_line, header_line, rows_line, table_line
from .zstd import packing_into


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """How far an export or an import has come.

    Attributes:
        table: The one under way.
        rows_done: Rows of all tables that are done.
        rows_total: Rows that there are.
    """

    table: str
    rows_done: int
    rows_total: int


type OnProgress = Callable[[TransferProgress], None]


def ignore(_progress: TransferProgress) -> None:
    """Tell nobody."""


def export_lines(
    reader: Reader, schema: str, on_progress: OnProgress = ignore
) -> Generator[bytes, None, StoreContent]:
    """Yield the lines of an export, each with its line end; return what is in it.

    Args:
        reader: On one state of the store, see ``store.transfer.one_state``.
        schema: Of the store.
        on_progress: Called after some thousand rows.
    """
    header = Header(schema, __version__, counted_rows(reader))
    total = sum(header.rows.values())
    yield header_line(header)
    hasher = ContentHasher()
    for table, rows in exported_tables(reader):
        hasher.begin_table(table)
        yield table_line(table)
        for page in rows:
            hasher.add_rows(page)
            yield rows_line(page)
            on_progress(TransferProgress(table.name, hasher.rows_taken, total))
    content = hasher.content()
    yield end_line(content.content_hash)
    return content


def drain[Item, Result](
    items: Generator[Item, None, Result], take: Callable[[Item], object]
) -> Result:
    """Hand every item on; return what the generator returns."""
    while True:
        try:
            item = next(items)
        except StopIteration as end:
            result: Result = end.value
            return result
        take(item)


def export_store(
    address: str, target: BinaryIO, on_progress: OnProgress = ignore
) -> StoreContent:
    """Write a whole store, packed by Zstandard; return what was written.

    Takes some MB of memory, however much is stored. A server goes on collecting; what
    it brings from now on is not in the export.

    Args:
        address: As in ``DATABASE_URL``.
        target: Takes the bytes; it need not be seekable, and stays open.
        on_progress: Called after some thousand rows.

    Raises:
        ConfigurationError: If the address cannot be used, or nothing is stored there.
        PlaceUnusable: If the operating system lets nobody read there.
        StoreError: If the store cannot be read, has another schema, or is not whole.
        OSError: If the target takes no more.
    """
    url = store_url(address)
    schema = check_readable(url)
    with one_state(url) as reader:
        refuse_unfinished(reader)
        with packing_into(target) as packed:
            lines = export_lines(reader, schema, on_progress)
            return drain(lines, packed.write)
