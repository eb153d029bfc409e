"""Finishing a workbook: a long step that can be given up at any moment.

XlsxWriter copies the rows of every sheet and packs them in one call. It runs in a
thread of its own, whose next read or write raises once the workbook is given up.
"""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import IO, Any, override

from xlsxwriter import Workbook

_STEP_S = 0.25


class _GivenUp(Exception):
    """Ends the finishing; nobody sees it."""


class Stop:
    """Whether a workbook is given up, and whether its thread knows."""

    def __init__(self) -> None:
        """It is not."""
        self._is_asked = False
        self.is_heard = False

    def ask(self) -> None:
        """Give the workbook up."""
        self._is_asked = True

    def check(self) -> None:
        """Raise once if it is given up: an archive that breaks off still ends."""
        if self._is_asked and not self.is_heard:
            self.is_heard = True
            raise _GivenUp


class Archive(BufferedWriter):
    """The workbook's file.

    Once it is given up or closed it takes what the archive still has to say at its
    end, and writes none of it.
    """

    def __init__(self, path: Path, stop: Stop) -> None:
        """Begin an empty file."""
        super().__init__(FileIO(path, "w"))
        self._stop = stop

    @override
    def write(self, data: Any) -> int:
        self._stop.check()
        if self.closed or self._stop.is_heard:
            return len(data)
        return super().write(data)

    @override
    def seek(self, target: int, whence: int = 0) -> int:
        return 0 if self.closed else super().seek(target, whence)

    @override
    def flush(self) -> None:
        if not self.closed:
            super().flush()


class _Rows:
    """The rows of a sheet, which cannot be read once the workbook is given up."""

    def __init__(self, file: IO[str], stop: Stop) -> None:
        self._file = file
        self._stop = stop
        self.write = file.write
        self.seek = file.seek
        self.close = file.close

    def read(self, size: int) -> str:
        self._stop.check()
        return self._file.read(size)


def finishing(book: Workbook, stop: Stop) -> Generator[bytes]:
    """Finish a workbook; yield an empty chunk four times a second meanwhile.

    Whoever closes the generator gives the workbook up and waits for no more than the
    read or write that is under way.

    Args:
        book: Writes to an ``Archive``.
        stop: The archive's.

    Raises:
        FileCreateError: If the disk does not take it.
        OSError: The same.
    """
    for sheet in book.worksheets():
        rows: Any = sheet
        rows.row_data_fh = _Rows(rows.row_data_fh, stop)
    with ThreadPoolExecutor(1, thread_name_prefix="workbook") as pool:
        finished = pool.submit(_finish, book)
        try:
            while not finished.done():
                yield b""
                wait([finished], _STEP_S)
        except GeneratorExit:
            stop.ask()
            raise
        finished.result()


def _finish(book: Workbook) -> None:
    with suppress(_GivenUp):
        book.close()
