"""An export's bytes, block after block of rows.

What is cut off is never a file that looks whole: JSON lacks its closing, gzip its
trailer, and the connection is aborted in any format.
"""

import zlib
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from .export_cells import CellKinds
from .export_tables import Table
from .formats import Format

_CRLF = "\r\n"
_GZIP = 16 + zlib.MAX_WBITS
_FAST = 3
"""Level of compression: six would take three times as long for a tenth less."""


def written_rows[Rows](
    form: Format,
    table: Table[Rows],
    cells: CellKinds,
    blocks: Iterable[Rows],
    subject: Mapping[str, Any],
) -> Generator[bytes]:
    """Yield an export's bytes; nothing at all when there are no rows.

    Args:
        form: What to write.
        table: The columns in their order.
        cells: Caches for this form.
        blocks: Rows, at least one in each block.
        subject: How the JSON object begins; ``data`` and ``record_count`` follow,
            since only the end knows how many there were.
    """
    layout = _layout(form, [*table], subject)
    count = 0
    for rows in blocks:
        columns = [column(rows, cells) for column in table.values()]
        lines = list(map(layout.row, zip(*columns, strict=True)))
        begin = layout.between if count else layout.head
        count += len(lines)
        yield (begin + layout.between.join(lines)).encode()
    if count:
        yield (layout.tail.replace("COUNT", str(count))).encode()


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands around the cells.

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


def _layout(form: Format, names: Sequence[str], subject: Mapping[str, Any]) -> _Layout:
    if form is Format.CSV:
        return _Layout(",".join(names) + _CRLF, ",".join, _CRLF, _CRLF)
    fields = ",".join(f'"{name}":%s' for name in names)
    row = f"{{{fields}}}".__mod__
    if form is Format.NDJSON:
        return _Layout("", row, "\n", "\n")
    head = orjson.dumps(subject).decode().removesuffix("}") + ',"data":['
    return _Layout(head, row, ",", '],"record_count":COUNT}')


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
