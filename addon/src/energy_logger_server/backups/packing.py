"""A backup's file: the store, packed by Zstandard, and behind it the manifest.

The manifest is a skippable frame, which ``zstd -d`` passes over: whoever has nothing
but that tool gets the store out of the file. The frame holds the manifest as JSON, its
SHA-256, its length, and a mark, so that it is found from the end of the file. Every
byte is covered: the packed store by a SHA-256 in the manifest, the manifest by its own,
and the few bytes around it by what they must be.
"""

import hashlib
import io
import os
import struct
from collections.abc import Buffer, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, override

import orjson

from energy_logger_server.domain.backups.backup import Manifest
from energy_logger_server.errors import BackupUnusable
from energy_logger_server.portable.zstd import (
    UNPACKING_ERRORS,
    packing_into,
    unpacked,
)

from .manifest_json import manifest_from_json, manifest_to_json

_LEVEL = 1
"""Readings hardly pack any better with more effort, and a Pi has little of it."""

_MOST_THREADS = 2
_CHUNK_BYTES = 1_048_576
_WRITTEN_AT_ONCE_BYTES = 4 * 1_048_576
"""What is written to the disk in one go: who writes to the store may wait for it."""

_FRAME = struct.Struct("<II")
_TRAILER = struct.Struct("<32sI8s")
_SKIPPABLE = 0x184D2A5E
_MARK = b"ELBACKUP"
_LARGEST_MANIFEST = 1_048_576
_NO_BACKUP = "it is no backup, or only a part of one"

type ShareDone = Callable[[float], None]
"""Called with the share, 0 to 1, that is done; what it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Sizes and SHA-256 (hexadecimal) of a store, as it is and as it is packed."""

    data_bytes: int
    data_sha256: str
    packed_bytes: int
    packed_sha256: str


def digests_of(manifest: Manifest) -> Digests:
    """Return what a manifest says of its store."""
    return Digests(
        manifest.data_bytes,
        manifest.data_sha256,
        manifest.packed_bytes,
        manifest.packed_sha256,
    )


def pack(source: Path, target: BinaryIO, share_done: ShareDone) -> Digests:
    """Write a store, packed, from where the target stands.

    Raises:
        OSError: If the source cannot be read or the target not be written.
    """
    total = max(source.stat().st_size, 1)
    data, packed = _Digest(), _Digest()
    with (
        source.open("rb") as store,
        io.BufferedWriter(_DigestedWriter(target, packed)) as digested,
        packing_into(digested, _LEVEL, threads=_threads()) as packing,
    ):
        while chunk := store.read(_CHUNK_BYTES):
            data.add(chunk)
            packing.write(chunk)
            share_done(data.size / total)
    return Digests(data.size, data.text, packed.size, packed.text)


def append_manifest(target: BinaryIO, manifest: Manifest) -> None:
    """Write a manifest behind a packed store."""
    text = orjson.dumps(manifest_to_json(manifest))
    digest = hashlib.sha256(text).digest()
    target.write(_FRAME.pack(_SKIPPABLE, len(text) + _TRAILER.size))
    target.write(text + _TRAILER.pack(digest, len(text), _MARK))


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself; the packed store is not looked at.

    Raises:
        BackupUnusable: If it is no backup, or this part of it is damaged.
        OSError: If it cannot be read.
    """
    with file.open("rb") as backup:
        size = backup.seek(0, io.SEEK_END)
        if size < _FRAME.size + _TRAILER.size:
            raise BackupUnusable(file.name, _NO_BACKUP)
        backup.seek(size - _TRAILER.size)
        digest, length, mark = _TRAILER.unpack(backup.read(_TRAILER.size))
        start = size - _TRAILER.size - length - _FRAME.size
        if mark != _MARK or start < 0 or length > _LARGEST_MANIFEST:
            raise BackupUnusable(file.name, _NO_BACKUP)
        backup.seek(start)
        frame = _FRAME.unpack(backup.read(_FRAME.size))
        text = backup.read(length)
    if hashlib.sha256(text).digest() != digest:
        raise BackupUnusable(file.name, "its manifest is damaged")
    manifest = manifest_from_json(orjson.loads(text), file.name)
    if frame != (_SKIPPABLE, length + _TRAILER.size) or start != manifest.packed_bytes:
        raise BackupUnusable(file.name, "it is damaged around its manifest")
    return manifest


def unpack(
    file: Path, expected: Digests, target: BinaryIO, share_done: ShareDone
) -> None:
    """Write the store that is packed at the beginning of a file.

    Args:
        file: A backup, with its manifest or still without.
        expected: What must be found.
        target: Takes the store; of no use if this raises.
        share_done: Told how far it is.

    Raises:
        BackupUnusable: If a byte is not as it was.
        OSError: If the file cannot be read, or the target not be written.
    """
    data, packed = _Digest(), _Digest()
    with file.open("rb") as backup:
        reader = io.BufferedReader(
            _DigestedReader(backup, expected.packed_bytes, packed), _CHUNK_BYTES
        )
        store = unpacked(reader)
        try:
            while chunk := store.read(_CHUNK_BYTES):
                target.write(data.add(chunk))
                if data.size > expected.data_bytes:
                    raise BackupUnusable(file.name, "it unpacks to too much")
                share_done(data.size / expected.data_bytes)
            # an end that comes early leaves bytes that count all the same
            while reader.read(_CHUNK_BYTES):
                pass
        except UNPACKING_ERRORS as err:
            raise BackupUnusable(file.name, "what it packs is damaged") from err
    found = Digests(data.size, data.text, packed.size, packed.text)
    if found != expected:
        raise BackupUnusable(file.name, "it is not what it was when it was made")


def _threads() -> int:
    """Return how many threads pack: one processor is left to the server."""
    return min(max((os.cpu_count() or 1) - 1, 1), _MOST_THREADS)


class _Digest:
    """Counts and digests what passes."""

    def __init__(self) -> None:
        self.size = 0
        self._hash = hashlib.sha256()

    @property
    def text(self) -> str:
        return self._hash.hexdigest()

    def add[Data: (bytes, memoryview)](self, chunk: Data) -> Data:
        self.size += len(chunk)
        self._hash.update(chunk)
        return chunk


class _DigestedWriter(io.RawIOBase):
    """Hands bytes on; closing it leaves the target open."""

    def __init__(self, target: BinaryIO, digest: _Digest) -> None:
        self._target = target
        self._digest = digest
        self._handed_over = 0

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, data: Buffer, /) -> int:
        written = self._digest.add(memoryview(data))
        self._target.write(written)
        if self._digest.size - self._handed_over >= _WRITTEN_AT_ONCE_BYTES:
            self._hand_over()
        return len(written)

    def _hand_over(self) -> None:
        """Have the system begin to write what it has; nothing waits for it."""
        self._target.flush()
        os.posix_fadvise(self._target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._handed_over = self._digest.size


class _DigestedReader(io.RawIOBase):
    """Hands on the first bytes of a source, and no more."""

    def __init__(self, source: BinaryIO, left: int, digest: _Digest) -> None:
        self._source = source
        self._left = left
        self._digest = digest

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        into = memoryview(buffer)
        found = self._digest.add(self._source.read(min(len(into), self._left)))
        self._left -= len(found)
        into[: len(found)] = found
        return len(found)
