"""An export's bytes, block after block of rows.

What is cut off is never a file that looks whole: JSON lacks its closing, gzip its
trailer, and the connection is aborted in any format.
"""

import zlib
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from energy_logger_server.web.datasets.columns import Columns, names_of
from energy_logger_server.web.http.rows import Format

from .cells import CellKinds

_CRLF = "\r\n"
_GZIP = 16 + zlib.MAX_WBITS
_FAST = 3
"""Level of compression: six would take three times as long for a tenth less."""


def written_rows[Rows](
    form: Format,
    columns: Columns[Any, Rows],
    cells: CellKinds,
    blocks: Iterable[Rows],
    subject: Mapping[str, Any],
) -> Generator[bytes]:
    """Yield an export's bytes; nothing at all when there are no rows.

    Args:
        form: What to write.
        columns: In their order.
        cells: Caches for this form.
        blocks: Rows, at least one in each block.
        subject: How the JSON object begins; ``data`` and ``record_count`` follow,
            since only the end knows how many there were.
    """
    frame = _frame(form, names_of(columns), subject)
    count = 0
    for rows in blocks:
        written = [cells.column(column, rows) for column in columns]
        lines = list(map(frame.row, zip(*written, strict=True)))
        begin = frame.between if count else frame.head
        count += len(lines)
        yield (begin + frame.between.join(lines)).encode()
    if count:
        yield (frame.tail.replace("COUNT", str(count))).encode()


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the cells of a text.

    Attributes:
        head: Before all rows.
        row: Makes a row of its cells.
        between: Between two rows.
        tail: Behind all rows; ``COUNT`` stands for their number.
    """

    head: str
    row: Callable[[tuple[str, ...]], str]
    between: str
    tail: str


def _frame(form: Format, names: Sequence[str], subject: Mapping[str, Any]) -> _Frame:
    if form is Format.CSV:
        return _Frame(",".join(names) + _CRLF, ",".join, _CRLF, _CRLF)
    fields = ",".join(f'"{name}":%s' for name in names)
    row = f"{{{fields}}}".__mod__
    if form is Format.NDJSON:
        return _Frame("", row, "\n", "\n")
    head = orjson.dumps(subject).decode().removesuffix("}") + ',"data":['
    return _Frame(head, row, ",", '],"record_count":COUNT}')


def gzipped(chunks: Iterable[bytes]) -> Generator[bytes]:
    """Yield the chunks as one gzip file; nothing when there are none."""
    packer = zlib.compressobj(_FAST, zlib.DEFLATED, _GZIP)
    is_begun = False
    for chunk in chunks:
        is_begun = True
        packed = packer.compress(chunk)
        if packed:
            yield packed
    if is_begun:
        yield packer.flush()
