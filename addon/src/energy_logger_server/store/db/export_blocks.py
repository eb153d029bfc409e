"""Exports read block after block of time, each in a short transaction.

A block holds whole hours of substations or whole days of the rest, about 2,000 rows:
see docs/decisions/0008-exports-read-in-short-transactions.md.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass

from .reader import Reader
from .stream import ReadTransaction

ROWS_OF_A_BLOCK = 2_000
"""About how many rows a block should hold."""

FETCHED_BEFORE_S = 31 * 86_400
"""How long before its time a forecast can have been fetched."""

FETCHED_AFTERWARDS_S = 86_400
"""How long after its time a value can have been fetched that was not settled yet."""

type Number = int | str
"""A number: scaled as its field says, or the text in which upstream wrote it.

The text stands for what the scaled column of the store does not hold exactly.
"""


@dataclass(frozen=True, slots=True)
class Blocks[Rows]:
    """How a set of data is read.

    Attributes:
        next_at: Given an instant, returns one (epoch seconds) before which there is
            nothing from there on; None when nothing follows at all.
        rows: Returns what lies in a span (epoch seconds, end excluded), in ascending
            order; None when it is empty.
        block_s: Length of a block.
        offset_s: Where blocks begin: at multiples of the length, and this much on.
    """

    next_at: Callable[[Reader, int], int | None]
    rows: Callable[[Reader, int, int], Rows | None]
    block_s: int
    offset_s: int = 0


def read_blocks[Rows](
    read: ReadTransaction, blocks: Blocks[Rows], span: tuple[int, int]
) -> Generator[Rows]:
    """Yield the rows of a span, first instant and the one past the last.

    What is added behind the block that is being read is still found; nothing is found
    twice. Empty years cost one query.
    """
    at, end = span
    is_sure = False
    while at < end:
        if not is_sure:
            next_at = _next_at(read, blocks, at)
            if next_at is None or next_at >= end:
                return
            at = max(at, next_at)
        edge = min(_edge(blocks, at), end)
        rows = _rows(read, blocks, at, edge)
        if rows is not None:
            yield rows
        # where one block holds something the next one probably does
        is_sure = rows is not None
        at = edge


def _next_at[Rows](read: ReadTransaction, blocks: Blocks[Rows], at: int) -> int | None:
    return read(lambda connection: blocks.next_at(connection, at))


def _rows[Rows](
    read: ReadTransaction, blocks: Blocks[Rows], first: int, end: int
) -> Rows | None:
    return read(lambda connection: blocks.rows(connection, first, end))


def _edge(blocks: Blocks[object], at: int) -> int:
    """Return where the block of an instant ends."""
    number = (at - blocks.offset_s) // blocks.block_s
    return (number + 1) * blocks.block_s + blocks.offset_s
