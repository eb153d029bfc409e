"""Rows as JSON, CSV or NDJSON.

CSV is that of RFC 4180: a header line, CRLF, quotes doubled. A text that a spreadsheet
would run as a formula has an apostrophe before it, unless raw ones are asked for.
NDJSON is one JSON object a line.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import voluptuous as vol
from aiohttp import web

from .checks import Flag, OneOf
from .reply import body_reply, json_body

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Format(StrEnum):
    """What an answer is written in."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.JSON: JSON,
    Format.CSV: CSV,
    Format.NDJSON: NDJSON,
}

ROWS = tuple(MEDIA_TYPES.values())
"""Media types of an answer that can be had in every format."""

RAW: Mapping[vol.Optional, Flag] = {vol.Optional("raw", default="false"): Flag()}
"""The query parameter that leaves formulas in CSV, to be spread into a schema."""

FORMAT: Mapping[vol.Optional, OneOf[Format] | Flag] = {
    vol.Optional("format", default=Format.JSON.value): OneOf(Format),
    **RAW,
}
"""The query parameters that ``Layout.of`` reads, to be spread into a schema."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are to be written.

    Attributes:
        form: In which format.
        is_raw: Whether CSV has texts as they are, also those that a spreadsheet would
            run as formulas.
    """

    form: Format
    is_raw: bool = False

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """Return what a query that ``FORMAT`` has checked asks for."""
        return cls(query["format"], query["raw"])


def without_formula(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe marks it as text."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def rows_body(
    layout: Layout,
    *,
    whole: Any,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    cells: Iterable[Sequence[Any]] | None = None,
) -> bytes:
    """Return the body of an answer that holds rows.

    Args:
        layout: What to write.
        whole: The answer in JSON, rows included.
        rows: The rows alone; NDJSON has them as they are.
        columns: Names of the CSV's columns.
        cells: The CSV's rows in the order of the columns; without it, each row's
            values under the columns' names.
    """
    if layout.form is Format.JSON:
        return json_body(whole)
    if layout.form is Format.NDJSON:
        return b"".join(json_body(row) + b"\n" for row in rows)
    if cells is None:
        cells = ([row.get(name) for name in columns] for row in rows)
    return csv_body(layout, columns, cells)


def csv_body(
    layout: Layout, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> bytes:
    """Return a table with its header line."""
    text_of = str if layout.is_raw else without_formula
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell_text(cell, text_of) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell_text(value: Any, text_of: Callable[[str], str]) -> str:
    """Return a value as a CSV shows it: nothing for null, nested ones as JSON."""
    if value is None:
        return ""
    return text_of(value) if isinstance(value, str) else json_body(value).decode()


def rows_reply(
    layout: Layout, body: bytes, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return the answer around a body that ``rows_body`` made."""
    return body_reply(body, content_type=MEDIA_TYPES[layout.form], headers=headers)
