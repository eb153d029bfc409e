"""Rows as JSON, CSV or NDJSON.

CSV is that of RFC 4180: a header line, CRLF, quotes doubled. NDJSON is one JSON object
a line.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import voluptuous as vol
from aiohttp import web

from .checks import OneOf
from .reply import body_reply, json_body

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"


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

FORMAT: Mapping[vol.Optional, OneOf[Format]] = {
    vol.Optional("format", default=Format.JSON.value): OneOf(Format)
}
"""The query parameter, to be spread into a schema."""


def rows_body(
    form: Format,
    *,
    whole: Any,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    cells: Iterable[Sequence[Any]] | None = None,
) -> bytes:
    """Return the body of an answer that holds rows.

    Args:
        form: What to write.
        whole: The answer in JSON, rows included.
        rows: The rows alone; NDJSON has them as they are.
        columns: Names of the CSV's columns.
        cells: The CSV's rows in the order of the columns; without it, each row's
            values under the columns' names.
    """
    if form is Format.JSON:
        return json_body(whole)
    if form is Format.NDJSON:
        return b"".join(json_body(row) + b"\n" for row in rows)
    if cells is None:
        cells = ([row.get(name) for name in columns] for row in rows)
    return csv_body(columns, cells)


def csv_body(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table with its header line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def cell_text(value: Any) -> str:
    """Return a value as a CSV shows it: nothing for null, nested ones as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_body(value).decode()


def rows_reply(
    form: Format, body: bytes, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return the answer around a body that ``rows_body`` made."""
    return body_reply(body, content_type=MEDIA_TYPES[form], headers=headers)
