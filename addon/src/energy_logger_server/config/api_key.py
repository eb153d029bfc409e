"""The key of the server's own API: configured, or made once and kept in a file."""

import fcntl
import logging
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from energy_logger_server.api.key_text import clean_key
from energy_logger_server.errors import (
    NO_LOCKS,
    ConfigurationError,
    KeyFileDamaged,
    PlaceUnusable,
)

from .secret import Secret

KEY_FILE = "api_key"
"""Name of the file in ``DATA_DIR``."""

_LOGGER = logging.getLogger(__name__)
_RANDOM_BYTES = 32
_USABLE = re.compile(r"[!-~]{16,}")
_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR

type _Version = tuple[int, int, int]


class ApiKey:
    """The key in force, also after another process has rotated it.

    Several processes may use one folder: making and replacing the key exclude one
    another, and nobody ever reads half a key.
    """

    def __init__(self, configured: Secret | None, data_dir: Path) -> None:
        """Take the setting and the place of the file; nothing is read yet.

        Args:
            configured: The setting ``API_KEY``, which wins over the file.
            data_dir: Where the file is kept.
        """
        self._configured = configured
        self._folder = data_dir
        self._path = data_dir / KEY_FILE
        self._known: tuple[_Version, Secret] | None = None

    def current(self) -> Secret:
        """Return the key in force; make one if there is none.

        Raises:
            KeyFileDamaged: If the file holds no key.
            PlaceUnusable: If it cannot be read or written.
        """
        if self._configured is not None:
            return self._configured
        with self._place_errors():
            return self._read() or self._make()

    def rotate(self) -> Secret:
        """Replace the kept key by a fresh one and return it.

        Raises:
            ConfigurationError: If ``API_KEY`` sets the key.
            PlaceUnusable: If the file cannot be written.
        """
        if self._configured is not None:
            raise ConfigurationError(
                ["API_KEY sets the key: change it there, or remove it to have one made"]
            )
        with self._place_errors(), self._locked():
            return self._write()

    def _read(self) -> Secret | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return None
        version = (status.st_ino, status.st_mtime_ns, status.st_size)
        if self._known is None or self._known[0] != version:
            text = clean_key(self._path.read_text(encoding="utf-8", errors="replace"))
            if not _USABLE.fullmatch(text):
                raise KeyFileDamaged(self._path)
            self._keep_to_owner(status)
            self._known = version, Secret(text)
        return self._known[1]

    def _keep_to_owner(self, status: os.stat_result) -> None:
        """Mend the mode that a restored backup or a copy may have brought."""
        is_open = stat.S_IMODE(status.st_mode) & ~_OWNER_ONLY
        if is_open and status.st_uid == os.geteuid():
            # on a read-only disk the key is as good
            with suppress(OSError):
                self._path.chmod(_OWNER_ONLY)

    def _make(self) -> Secret:
        with self._locked():
            # another process may have been faster
            key = self._read()
            if key is not None:
                return key
            _LOGGER.info("made an API key: energy-logger key show prints it")
            return self._write()

    def _write(self) -> Secret:
        key = Secret(secrets.token_urlsafe(_RANDOM_BYTES))
        new = self._path.with_name(f".{KEY_FILE}.new")
        # what an interrupted attempt left may have any mode
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{key.reveal()}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        self._sync_folder()
        return key

    def _sync_folder(self) -> None:
        # some network file systems cannot: the key is there all the same
        with suppress(OSError), self._opened_folder() as descriptor:
            os.fsync(descriptor)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._opened_folder() as descriptor:
            _lock(descriptor)
            yield

    @contextmanager
    def _opened_folder(self) -> Iterator[int]:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _place_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            place = Path(err.filename or self._path)
            raise PlaceUnusable(
                "cannot keep the API key in", place, err, setting="DATA_DIR or API_KEY"
            ) from err


def _lock(descriptor: int) -> None:
    """Wait for other processes, where the file system knows locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as err:
        if err.errno not in NO_LOCKS:
            raise
