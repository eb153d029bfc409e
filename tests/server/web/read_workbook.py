"""Reads a workbook as Excel's own format says, with the standard library alone."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)

type Cell = str | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a reader sees it.

    Attributes:
        rows: Header first; dates without a zone.
        frozen_rows: How many stay in sight.
        formulas: How many cells are formulas.
    """

    rows: list[list[Cell]]
    frozen_rows: int
    formulas: int

    @property
    def table(self) -> list[dict[str, Cell]]:
        """Rows below the header, each with its names."""
        header, *rows = self.rows
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def read_workbook(body: bytes) -> dict[str, Sheet]:
    """Return the sheets of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert packed.testzip() is None
        book = _xml(packed, "xl/workbook.xml")
        formats = _formats(_xml(packed, "xl/styles.xml"))
        return {
            sheet.attrib["name"]: _sheet(
                _xml(packed, f"xl/worksheets/sheet{number}.xml"), formats
            )
            for number, sheet in enumerate(book.iter(f"{_MAIN}sheet"), start=1)
        }


def _xml(packed: zipfile.ZipFile, name: str) -> Any:
    return ET.fromstring(packed.read(name))  # noqa: S314 - our own


def _formats(styles: Any) -> list[str]:
    """The number format of each cell style."""
    codes = {
        one.attrib["numFmtId"]: one.attrib["formatCode"]
        for one in styles.iter(f"{_MAIN}numFmt")
    }
    return [
        codes.get(one.attrib["numFmtId"], "")
        for one in styles.find(f"{_MAIN}cellXfs").iter(f"{_MAIN}xf")
    ]


def _sheet(xml: Any, formats: list[str]) -> Sheet:
    pane = xml.find(f".//{_MAIN}pane")
    rows = [
        {_column(cell.attrib["r"]): _cell(cell, formats) for cell in row}
        for row in xml.iter(f"{_MAIN}row")
    ]
    width = max(map(max, rows)) + 1
    return Sheet(
        rows=[[row.get(number) for number in range(width)] for row in rows],
        frozen_rows=0 if pane is None else int(pane.attrib["ySplit"]),
        formulas=len([*xml.iter(f"{_MAIN}f")]),
    )


def _column(place: str) -> int:
    letters = place.rstrip("0123456789")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(cell: Any, formats: list[str]) -> Cell:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return "".join(cell.itertext())
    text = cell.find(f"{_MAIN}v").text
    if kind == "b":
        return bool(int(text))
    if "yyyy" in formats[int(cell.attrib.get("s", "0"))]:
        milliseconds = round(float(text) * 86_400_000)
        return (_EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=None)
    return float(text)
