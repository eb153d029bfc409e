"""A predecessor's CSV, alone or in the zip of its backups, into a scratch database."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePosixPath

from energy_logger_server.errors import PredecessorUnusable

from .scratch import Scratch
from .tables import Predecessor

_ROWS_AT_ONCE = 5_000


def load_zip(
    archive: zipfile.ZipFile, scratch: Scratch, predecessor: Predecessor
) -> None:
    """Load the tables of a backup: a CSV for each, and a manifest.

    Raises:
        PredecessorUnusable: If it has none of the predecessor's tables.
    """
    found = False
    for name in archive.namelist():
        path = PurePosixPath(name)
        if path.suffix == ".csv" and path.stem in predecessor.columns:
            found = True
            with archive.open(name) as member:
                lines = io.TextIOWrapper(member, "utf-8", newline="")
                _load(lines, path.stem, scratch, predecessor)
    if not found:
        raise PredecessorUnusable(f"this zip has no table of {predecessor.name}")


def load_csv(lines: Iterable[str], scratch: Scratch, predecessor: Predecessor) -> None:
    """Load one table, which its header names.

    Raises:
        PredecessorUnusable: If it is none of the predecessor's.
    """
    _load(lines, None, scratch, predecessor)


def _load(
    lines: Iterable[str],
    table: str | None,
    scratch: Scratch,
    predecessor: Predecessor,
) -> None:
    reader = csv.reader(lines)
    names = next(reader, [])
    if table is None:
        table = _table_of(names, predecessor)
    missing = predecessor.required[table] - {*names}
    if missing:
        raise PredecessorUnusable(
            f"the CSV of {table} has no column {min(missing)}: it is none of "
            f"{predecessor.name}"
        )
    while rows := list(islice(_full_rows(reader, len(names), table), _ROWS_AT_ONCE)):
        scratch.insert(table, names, rows)


def _full_rows(
    reader: Iterator[list[str]], width: int, table: str
) -> Iterator[list[str]]:
    for row in reader:
        if len(row) != width:
            raise PredecessorUnusable(
                f"a row of the CSV of {table} has {len(row)} values, its header "
                f"{width}: {','.join(row)[:60]!r}"
            )
        yield row


def _table_of(names: list[str], predecessor: Predecessor) -> str:
    fitting = [
        table
        for table, required in predecessor.required.items()
        if required <= {*names}
    ]
    if not fitting:
        raise PredecessorUnusable(
            f"the columns of this CSV are those of no table of {predecessor.name}"
        )
    # the one of which most columns are known
    return max(fitting, key=lambda table: len({*predecessor.columns[table]} & {*names}))
