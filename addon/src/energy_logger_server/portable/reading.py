"""Reading an export, every line of it checked."""

import io
from collections.abc import Buffer, Generator, Iterator
from typing import BinaryIO, override

from energy_logger_server.errors import ExportUnusable
from energy_logger_server.store.db.migrate import newest_version
from energy_logger_server.store.transfer.tables import TABLES, TableShape

from .content import ContentHasher, StoreContent
from .export import OnProgress, TransferProgress, drain, ignore
from .format import Header, Rows, check_rows, check_table, header_of, loads
from .zstd import UNPACKING_ERRORS, is_packed, unpacked

_LONGEST_LINE = 256 * 1_048_576
"""Bytes; ours are a few MB. What is longer is no export."""

_PEEKED_BYTES = 4


class ExportReader:
    """The tables and rows of an export, in their order; for one pass.

    Attributes:
        header: Its first line.
    """

    def __init__(self, source: BinaryIO) -> None:
        """Read the first line.

        Args:
            source: The bytes, packed or not; it need not be seekable.

        Raises:
            ExportUnusable: If it is no export that this program can take.
        """
        self._lines = _lines(source)
        self.header: Header = header_of(next(self._lines, b""), newest_version())
        self._hasher = ContentHasher()

    @property
    def so_far(self) -> ContentHasher:
        """What was read until now."""
        return self._hasher

    def rows(self) -> Generator[tuple[TableShape, Rows], None, StoreContent]:
        """Yield a table and some thousand of its rows at a time; return what was read.

        Raises:
            ExportUnusable: If it is damaged or not whole; what was yielded before
                cannot be trusted then.
        """
        line = self._next()
        for table in TABLES:
            check_table(table, line)
            self._hasher.begin_table(table)
            line = self._next()
            while type(line) is list:
                check_rows(table, line)
                self._hasher.add_rows(line)
                yield table, line
                line = self._next()
        content = self._hasher.content()
        if line != {"end": {"content_hash": content.content_hash}}:
            raise ExportUnusable("this export is damaged: its content hash is wrong")
        if content.rows != self.header.rows:
            raise ExportUnusable("this export is damaged: its counts are wrong")
        if next(self._lines, None) is not None:
            raise ExportUnusable("this export is damaged: something follows its end")
        return content

    def _next(self) -> object:
        line = next(self._lines, None)
        if line is None:
            raise ExportUnusable("this export ends before its end: get a whole one")
        found: object = loads(line)
        return found


def check_export(source: BinaryIO, on_progress: OnProgress = ignore) -> StoreContent:
    """Read a whole export without keeping anything; return what is in it.

    Args:
        source: The bytes, packed or not.
        on_progress: Called after some thousand rows.

    Raises:
        ExportUnusable: If it is none, is damaged, or ends before its end.
    """
    export = ExportReader(source)
    total = sum(export.header.rows.values())

    def report(page: tuple[TableShape, Rows]) -> None:
        table, _rows = page
        on_progress(TransferProgress(table.name, export.so_far.rows_taken, total))

    return drain(export.rows(), report)


def _lines(source: BinaryIO) -> Iterator[bytes]:
    buffered = io.BufferedReader(_Raw(source))
    packed = is_packed(buffered.peek(_PEEKED_BYTES))
    plain = unpacked(buffered) if packed else buffered
    try:
        while line := plain.readline(_LONGEST_LINE):
            yield line
    except UNPACKING_ERRORS as err:
        raise ExportUnusable(f"this export is damaged: {err}") from err


class _Raw(io.RawIOBase):
    """Lets any source be peeked into; closing this leaves the source open."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        into = memoryview(buffer)
        found = self._source.read(len(into))
        into[: len(found)] = found
        return len(found)
