r"""What the lines of an export are.

    {"format": "energy-logger-export", "version": 1, "schema": "0004",
     "program": "0.1.0", "rows": {"site": 1, ...}}
    {"table": "site", "columns": ["id", "site_id", ...]}
    [[1, "01S1...", ...], ...]          rows, as many lines as it takes
    {"table": ...}                      every table, in the order of the schema
    {"end": {"content_hash": "<SHA-256 in hex>"}}

Each line is JSON, in UTF-8. Whole numbers are numbers, truth is 0 or 1, real numbers
are the shortest decimal texts, what is unknown is null. Without its last line an
export is not whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson

from energy_logger_server.errors import ExportUnusable
from energy_logger_server.store.transfer.tables import TableShape, ValueKind

FORMAT = "energy-logger-export"
VERSION = 1
_TYPES: Mapping[ValueKind, type] = {
    ValueKind.INTEGER: int,
    ValueKind.BOOLEAN: int,
    ValueKind.TEXT: str,
    ValueKind.REAL: str,
}

_NO_EXPORT = "this is no export of Energy Logger"

type Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Header:
    """The first line.

    Attributes:
        schema: Of the store that was exported, such as ``0004``.
        program: Version of the program that exported it.
        rows: How many each table has.
    """

    schema: str
    program: str
    rows: Mapping[str, int]


def header_line(header: Header) -> bytes:
    """Return the first line."""
    return _line(
        {
            "format": FORMAT,
            "version": VERSION,
            "schema": header.schema,
            "program": header.program,
            "rows": {**header.rows},
        }
    )


def table_line(table: TableShape) -> bytes:
    """Return the line before the rows of a table."""
    return _line({"table": table.name, "columns": [*table.column_names]})


def rows_line(rows: Rows) -> bytes:
    """Return a line of rows."""
    return _line(rows)


def end_line(content_hash: str) -> bytes:
    """Return the last line."""
    return _line({"end": {"content_hash": content_hash}})


def header_of(line: bytes, schema: str) -> Header:
    """Return what the first line says.

    Args:
        line: The line.
        schema: The only one whose rows can be taken.

    Raises:
        ExportUnusable: If it is none, or of another schema or version.
    """
    found = loads(line)
    if type(found) is not dict or found.get("format") != FORMAT:
        raise ExportUnusable(_NO_EXPORT)
    version, exported = found.get("version"), found.get("schema")
    if version != VERSION:
        raise ExportUnusable(
            f"this export has format {version}, this program reads {VERSION}: update "
            "Energy Logger"
        )
    program, rows = found.get("program"), found.get("rows")
    if exported != schema:
        raise ExportUnusable(
            f"this export has schema {exported} of version {program}, this program "
            f"has {schema}: export and import with the same version, then update"
        )
    if type(program) is not str or not _are_counts(rows):
        raise ExportUnusable("this export is damaged: its first line is")
    return Header(schema, program, rows)


def check_table(table: TableShape, found: object) -> None:
    """Return if a line announces the rows of a table.

    Raises:
        ExportUnusable: If it is another one.
    """
    if found != {"table": table.name, "columns": [*table.column_names]}:
        raise ExportUnusable(f"this export is damaged: table {table.name} is missing")


def check_rows(table: TableShape, rows: Rows) -> None:
    """Return if rows are such as a table has.

    Raises:
        ExportUnusable: Names the first column with a value that it cannot have.
    """
    width = len(table.columns)
    if not all(type(row) is list and len(row) == width for row in rows):
        raise ExportUnusable(
            f"this export is damaged: a row of {table.name} has not {width} values"
        )
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=False):
        allowed = {_TYPES[column.kind]} | (
            {type(None)} if column.is_nullable else set()
        )
        is_good = {*map(type, values)} <= allowed and (
            column.kind is not ValueKind.REAL or _are_real(values)
        )
        if not is_good:
            raise ExportUnusable(
                f"this export is damaged: a value of {table.name}.{column.name} is "
                f"not {column.kind}"
            )


def _are_counts(rows: object) -> TypeGuard[Mapping[str, int]]:
    return type(rows) is dict and all(type(count) is int for count in rows.values())


def _are_real(values: Sequence[str | None]) -> bool:
    try:
        return all(value is None or repr(float(value)) == value for value in values)
    except ValueError:
        return False


def loads(line: bytes) -> Any:
    """Return the JSON of a line.

    Raises:
        ExportUnusable: If it is none.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as err:
        raise ExportUnusable(
            f"{_NO_EXPORT}, or it is damaged: a line is not JSON"
        ) from err


def _line(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
