"""Zstandard, the same on every Python.

Not the standard library's: the image's Python is built without it, see
docs/decisions/0039.
"""

import io
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

import zstandard

UNPACKING_ERRORS = (zstandard.ZstdError,)
"""What reading raises if a stream is damaged."""

_LEVEL = 3
"""Zstandard's own choice: a third of gzip's time for less bytes."""


class Packing(AbstractContextManager["Packing"], Protocol):
    """A packed stream that is being written."""

    def write(self, data: bytes, /) -> int:
        """Take bytes."""
        ...


def packing_into(target: BinaryIO, level: int = _LEVEL, *, threads: int = 0) -> Packing:
    """Return a stream to write into; its end ends the packed one, not the target.

    A checksum of what was packed stands at the end.

    Args:
        target: Takes the packed bytes.
        level: 1 is the fastest; more takes less room and more time.
        threads: That pack beside the caller's, which then only hands over; 0 is none.
    """
    packer = zstandard.ZstdCompressor(level=level, threads=threads, write_checksum=True)
    return packer.stream_writer(target, closefd=False)


def is_packed(beginning: bytes) -> bool:
    """Return whether a stream that begins so is Zstandard's."""
    return beginning.startswith(zstandard.FRAME_HEADER)


def unpacked(source: BinaryIO) -> BinaryIO:
    """Return what a packed stream holds, to be read line by line.

    A stream that ends before its end gives what it has: its reader must know the end.
    """
    return io.BufferedReader(
        zstandard.ZstdDecompressor().stream_reader(
            source, read_across_frames=True, closefd=False
        )
    )
