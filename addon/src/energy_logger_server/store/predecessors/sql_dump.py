"""A predecessor's SQL dump, of ``sqlite3`` or ``pg_dump``, into a scratch database.

Nothing of the dump is run: only the values of its rows are taken.
"""

import re
import sqlite3
from collections.abc import Iterator

from energy_logger_server.errors import PredecessorUnusable

from .scratch import Scratch
from .tables import Predecessor

_TABLE = r'(?:"?public"?\.)?"?(\w+)"?'
_CREATE = re.compile(rf"CREATE TABLE (?:IF NOT EXISTS )?{_TABLE}\s*\(", re.IGNORECASE)
_COLUMN = re.compile(r'[(,]\s*"?(\w+)"?\s+(?=[A-Za-z])')
_COPY = re.compile(rf"COPY {_TABLE} \(([^)]*)\) FROM stdin;", re.IGNORECASE)
_INSERT = re.compile(
    rf"INSERT INTO {_TABLE}\s*(?:\(([^)]*)\))?\s*VALUES\s*", re.IGNORECASE
)
_ENDS_COPY = "\\."
_NULL = "\\N"
_ESCAPES = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
_ESCAPED = re.compile(r"\\[\\tnr]")
_NO_COLUMN = frozenset({"CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK"})


def load_dump(lines: Iterator[str], scratch: Scratch, predecessor: Predecessor) -> None:
    """Load the rows of the predecessor's tables.

    Args:
        lines: Of the dump, with their ends.
        scratch: Takes them.
        predecessor: Whose dump it is.

    Raises:
        PredecessorUnusable: If a row cannot be read.
    """
    columns: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if copied := _COPY.match(line):
            table, names = copied.group(1), _names(copied.group(2))
            rows = _copied_rows(lines)
            if table in predecessor.columns:
                scratch.insert(table, names, rows)
            else:
                for _row in rows:
                    pass
        elif created := _CREATE.match(line):
            statement = _whole(line, lines)
            columns[created.group(1)] = _columns_of(statement)
        elif inserted := _INSERT.match(line):
            statement = _whole(line, lines)
            table = inserted.group(1)
            if table not in predecessor.columns:
                continue
            named = inserted.group(2)
            names = _names(named) if named else columns.get(table, ())
            values = _values(statement[inserted.end() :], len(names), table)
            scratch.insert(table, names, values)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip().strip('"') for name in listed.split(","))


def _columns_of(statement: str) -> tuple[str, ...]:
    # a comma within a type's parentheses is followed by a number, not by a word
    return tuple(
        name for name in _COLUMN.findall(statement) if name.upper() not in _NO_COLUMN
    )


def _copied_rows(lines: Iterator[str]) -> Iterator[list[str | None]]:
    for line in lines:
        text = line.rstrip("\n")
        if text == _ENDS_COPY:
            return
        yield [
            None if value == _NULL else _ESCAPED.sub(lambda m: _ESCAPES[m[0]], value)
            for value in text.split("\t")
        ]
    raise PredecessorUnusable("the dump ends within a table: get a whole one")


def _whole(line: str, lines: Iterator[str]) -> str:
    """Return a statement with the lines that belong to it."""
    statement = line
    while not sqlite3.complete_statement(statement):
        more = next(lines, None)
        if more is None:
            raise PredecessorUnusable(
                "the dump ends within a statement: get a whole one"
            )
        statement += more
    return statement


def _values(text: str, width: int, table: str) -> list[list[str | None]]:
    """Return the rows of an INSERT's literals."""
    rows = [
        [_literal(value) for value in _VALUE.findall(row)] for row in _ROW.findall(text)
    ]
    if not rows or any(len(row) != width for row in rows):
        raise PredecessorUnusable(
            f"a row of {table} in the dump has not {width} values: {text[:60]!r}"
        )
    return rows


_TEXT = r"'(?:[^']|'')*'"
_ROW = re.compile(rf"\(((?:{_TEXT}|[^()'])*)\)")
_VALUE = re.compile(rf"{_TEXT}|[^,\s'][^,']*")


def _literal(value: str) -> str | None:
    if value.startswith("'"):
        return value[1:-1].replace("''", "'")
    bare = value.strip()
    return None if bare.upper() == "NULL" else bare
