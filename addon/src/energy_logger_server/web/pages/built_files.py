"""Files of the built pages: read once, and again after another build."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_NAME = re.compile(r"(assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]*", re.ASCII)
_CONTENT_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_ENCODINGS = {"br": ".br", "gzip": ".gz"}

type _Version = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file.

    Attributes:
        body: What is in it.
        content_type: By its ending.
        etag: Of its content, without quotes.
        packed: What is in it, smaller, by the name of the encoding; the smallest first.
    """

    body: bytes
    content_type: str
    etag: str
    packed: Mapping[str, bytes]


class BuiltFiles:
    """The files in one folder and in its ``assets``."""

    def __init__(self, folder: Path) -> None:
        """Take the place; nothing is read yet.

        Args:
            folder: Need not exist.
        """
        self._folder = folder
        self._read: dict[str, tuple[_Version, BuiltFile]] = {}

    def find(self, name: str) -> BuiltFile | None:
        """Return a file by its path in the folder; None if there is no such.

        Raises:
            OSError: If it is there and cannot be read.
        """
        content_type = _CONTENT_TYPES.get(Path(name).suffix)
        if content_type is None or not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            version = _version(path)
            known = self._read.get(name)
            if known is None or known[0] != version:
                known = version, _read(path, content_type)
                self._read[name] = known
        except (FileNotFoundError, NotADirectoryError):
            self._read.pop(name, None)
            return None
        return known[1]


def _version(path: Path) -> _Version:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read(path: Path, content_type: str) -> BuiltFile:
    body = path.read_bytes()
    packed = {}
    for encoding, ending in _ENCODINGS.items():
        smaller = path.with_name(path.name + ending)
        if smaller.is_file():
            packed[encoding] = smaller.read_bytes()
    return BuiltFile(body, content_type, etag_of(body), packed)


def etag_of(body: bytes) -> str:
    """Return what changes with a body."""
    return sha256(body).hexdigest()[:32]
