"""An export as an Excel workbook: rows go to a disk, so its length takes no memory.

A workbook cannot be sent before its last row is known. It grows in a folder of its own,
which is gone when the workbook is sent, given up or broken off.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta, tzinfo
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NewType

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.web.datasets.columns import Column, Columns, Form

from .cells import CellKinds, CellStyle
from .workbook_finish import Archive, Stop, finishing
from .workbook_place import NoRoomForWorkbook, Sheets, WorkbookRefused, check_room

_CHUNK_BYTES = 256 * 1024
_COLUMN_WIDTH = 22
_EXCELS_DAY_OF_1970 = 25_569
_DAY = timedelta(days=1)
_LONGEST_SHEET_NAME = 31

Serial = NewType("Serial", tuple[float, bool])
"""Days of Excel's calendar, and whether they have a time of day."""


def sheet_style() -> CellStyle:
    """Return the cells of a sheet: numbers, truths, texts, and ``Serial`` for dates."""
    return CellStyle(
        empty=None,
        flags={None: None, False: False, True: True},
        text=str,
        number=_number,
        instant=_serial_in,
        day=lambda day: Serial((float(day + _EXCELS_DAY_OF_1970), False)),
    )


def _number(digits: str) -> float | str:
    number = float(digits)
    # Excel has no infinity; what no double holds stays readable
    return number if isfinite(number) else digits


def _serial_in(zone: tzinfo) -> Callable[[int], Serial]:
    def serial(at: int) -> Serial:
        offset = datetime.fromtimestamp(at, zone).utcoffset() or timedelta()
        days = (timedelta(seconds=at) + offset) / _DAY
        return Serial((days + _EXCELS_DAY_OF_1970, True))

    return serial


def workbook_chunks[Rows](
    sheets: Sheets,
    columns: Columns[Any, Rows],
    blocks: Iterable[Rows],
) -> Generator[bytes]:
    """Yield a workbook's bytes; nothing at all when there are no rows.

    Behind every block of rows that goes into it, and while it is finished, an empty
    chunk says that it is still being made.

    Args:
        sheets: Where and how.
        columns: In their order.
        blocks: Rows, at least one in each block.

    Raises:
        WorkbookRefused: If there are too many rows, or too little room.
    """
    cells = CellKinds(sheet_style(), sheets.zone)
    try:
        sheets.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=sheets.folder) as place:
            path = Path(place) / "export.xlsx"
            with closing(_Writer(path, sheets, columns)) as writer:
                for rows in blocks:
                    check_room(sheets)
                    written = [cells.column(column, rows) for column in columns]
                    writer.write(zip(*written, strict=True))
                    yield b""
                is_empty = not writer.has_rows
                if not is_empty:
                    check_room(sheets)
                    yield from writer.finish()
            if is_empty:
                return
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield chunk
    except (OSError, FileCreateError) as err:
        raise NoRoomForWorkbook(
            f"a workbook cannot be made in {sheets.folder}: {err}; "
            "format=csv needs no room on the disk"
        ) from err


class _Writer:
    """A workbook that grows row by row."""

    def __init__(self, path: Path, sheets: Sheets, columns: Columns[Any, Any]) -> None:
        self._stop = Stop()
        self._archive = Archive(path, self._stop)
        self._book = Workbook(
            self._archive, {"constant_memory": True, "tmpdir": str(path.parent)}
        )
        self._sheets = sheets
        self._headers = [header(column, sheets.zone) for column in columns]
        self._head = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._count = 0
        # the first row finds the sheet before the first one full
        self._row = sheets.rows
        self._write: Mapping[type, Callable[[int, int, Any], object]] = {}

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows below the last one, on a further sheet if need be."""
        for row in rows:
            if self._row >= self._sheets.rows:
                self._begin_sheet()
            for column, cell in enumerate(row):
                if cell is not None:
                    self._write[type(cell)](self._row, column, cell)
            self._row += 1

    @property
    def has_rows(self) -> bool:
        """Whether a row was written."""
        return bool(self._count)

    def finish(self) -> Generator[bytes]:
        """Write the file, with an empty chunk now and then."""
        yield from finishing(self._book, self._stop)
        self._archive.close()

    def close(self) -> None:
        """Let go of the files, also of those that were given up half-way."""
        for each in self._book.worksheets():
            sheet: Any = each
            for file in (sheet.row_data_fh, sheet.fh):
                with suppress(OSError):
                    file.close()
        with suppress(OSError):
            self._archive.close()

    def _begin_sheet(self) -> None:
        if self._count == self._sheets.most:
            most = self._sheets.most * (self._sheets.rows - 1)
            raise WorkbookRefused(
                f"these are more than the {most:,} rows that a workbook can have "
                "here: ask for fewer days, or for format=csv"
            )
        self._count += 1
        name = self._sheets.name
        if self._count > 1:
            name = f"{name} {self._count}"
        sheet: Worksheet = self._book.add_worksheet(name[:_LONGEST_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self._headers) - 1, _COLUMN_WIDTH)
        for column, text in enumerate(self._headers):
            sheet.write_string(0, column, text, self._head)
        self._write = {
            str: sheet.write_string,
            float: sheet.write_number,
            bool: sheet.write_boolean,
            tuple: _dates_on(sheet, self._day, self._time),
        }
        self._row = 1


def _dates_on(
    sheet: Worksheet, day: Format, time: Format
) -> Callable[[int, int, Serial], object]:
    def write(row: int, column: int, serial: Serial) -> object:
        number, has_time = serial
        return sheet.write_number(row, column, number, time if has_time else day)

    return write


def header(column: Column[Any, Any], zone: tzinfo) -> str:
    """Return a column's header: its name, with its unit or the zone of its times."""
    remark = column.unit
    if column.kind.form is Form.NEM_INSTANT:
        remark = _zone_name(NEM_TIME)
    elif column.kind.form in (Form.INSTANT, Form.MINUTE):
        remark = _zone_name(zone)
    return f"{column.name} ({remark})" if remark else column.name


def _zone_name(zone: tzinfo) -> str:
    if zone is NEM_TIME:
        return "NEM, UTC+10"
    key: str | None = getattr(zone, "key", None)
    return key or zone.tzname(None) or ""
