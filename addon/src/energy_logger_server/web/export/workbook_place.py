"""Where a workbook is made, and what it may take; without the library that writes it.

That takes three megabytes, which a server needs only once somebody asks for a workbook.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

ROWS_OF_A_SHEET = 1_048_576
"""Excel's own limit, the header included."""

MOST_SHEETS = 4
"""More than four million rows are no matter for a spreadsheet."""

RESERVE_BYTES = 512 * 1024 * 1024
"""What a workbook leaves free on the disk to its end: the store may need it."""


class WorkbookRefused(Exception):
    """The rows do not fit a workbook, or the disk; the message says what to do."""


class NoRoomForWorkbook(WorkbookRefused):
    """The disk has too little room for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """Where and how a workbook is made.

    Attributes:
        folder: Holds it meanwhile; made if it is not there.
        name: Of its first sheet.
        zone: Which the headers name.
        rows: Of a sheet, the header included.
        most: How many sheets there can be.
        reserve_bytes: What is left free on the folder's disk.
    """

    folder: Path
    name: str
    zone: tzinfo
    rows: int = ROWS_OF_A_SHEET
    most: int = MOST_SHEETS
    reserve_bytes: int = RESERVE_BYTES


def check_room(sheets: Sheets) -> None:
    """Check that the reserve stays free when the workbook is finished, too.

    Finishing copies each sheet before its rows go, and packs each before the copy
    goes: it needs less than is written once more. That of other workbooks counts too.
    """
    needed = sheets.reserve_bytes + _bytes_in(sheets.folder)
    if shutil.disk_usage(sheets.folder).free < needed:
        raise NoRoomForWorkbook(
            "the server's disk has too little room left for a workbook: ask for "
            "fewer days, or for format=csv, which needs none"
        )


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        # another workbook's file may be gone by now
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def remove_leftovers(folder: Path) -> None:
    """Remove what a server that was killed has left behind."""
    shutil.rmtree(folder, ignore_errors=True)
