"""The folder of the backups: what is there, and what is known of each.

A backup is one file. What becomes known of it later (when it was last proven, whether
it is pinned) lies beside it in a small file, without which it is a backup that nobody
has tried yet. What is being written has a name that is no backup's, until it is whole
and on the disk.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import orjson

from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupState,
    Manifest,
    oldest_first,
)
from energy_logger_server.errors import (
    BackupInProgress,
    BackupUnknown,
    BackupUnusable,
    PlaceUnusable,
)
from energy_logger_server.store.db.replacement import flush

from .packing import read_manifest
from .room import require_room

_NAME = re.compile(r"energy-logger-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?\.db\.zst")
_STATE_ENDING = ".state.json"
_UNFINISHED = ".unfinished-"
_PRIVATE = 0o600
_LOCK = ".lock"


class BackupFolder:
    """Finds, adds and drops backups in a folder that is made when it is needed.

    Attributes:
        path: Of the folder.
    """

    def __init__(self, path: Path) -> None:
        """Touch nothing yet."""
        self.path = path

    def backups(self) -> list[Backup]:
        """Return every backup, the oldest first; also those that cannot be read.

        Raises:
            PlaceUnusable: If the folder cannot be read.
        """
        with self._usable("read the backups in"):
            names = [entry for entry in self._names() if _NAME.fullmatch(entry)]
        return oldest_first(self._backup(name) for name in names)

    def get(self, name: str) -> Backup:
        """Return one backup.

        Raises:
            BackupUnknown: If there is none of that name.
        """
        if not _NAME.fullmatch(name) or not (self.path / name).is_file():
            raise BackupUnknown(name)
        return self._backup(name)

    def file_of(self, backup: Backup) -> Path:
        """Return where a backup lies."""
        return self.path / backup.name

    def note(self, backup: Backup, state: BackupState) -> Backup:
        """Keep what is known of a backup by now.

        Raises:
            PlaceUnusable: If it cannot be written.
        """
        with self._usable("keep the state of a backup in"):
            _write_whole(self._state_file(backup.name), orjson.dumps(_fields(state)))
        return self._backup(backup.name)

    def drop(self, backup: Backup) -> None:
        """Delete a backup and what is known of it.

        Raises:
            PlaceUnusable: If that cannot be done.
        """
        with self._usable("delete a backup in"):
            (self.path / backup.name).unlink()
            self._state_file(backup.name).unlink(missing_ok=True)

    @contextmanager
    def unfinished(self, purpose: str) -> Iterator[Path]:
        """Return an empty file that is gone at the end, with all beside it.

        Only its owner can read it, whatever is written to it.

        Args:
            purpose: Becomes a part of its name.

        Raises:
            PlaceUnusable: If it cannot be written there.
        """
        with self._usable("write a backup to"):
            path = self.path / f"{_UNFINISHED}{purpose}"
            try:
                _make_private(path)
                yield path
            finally:
                _remove(path)

    def add(self, unfinished: Path, created_at: datetime) -> str:
        """Give a file that is whole the name of a backup; return that.

        A power cut leaves either the whole backup under its name, or none.
        """
        flush(unfinished)
        stem = f"energy-logger-{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        number = 1
        while True:
            name = f"{stem}{'' if number == 1 else f'-{number}'}.db.zst"
            try:
                # unlike a rename, it never replaces another backup
                os.link(unfinished, self.path / name)
            except FileExistsError:
                number += 1
                continue
            except OSError:
                # some file systems have no second names
                if (self.path / name).exists():
                    number += 1
                    continue
                unfinished.rename(self.path / name)
            flush(self.path)
            return name

    @contextmanager
    def working(self) -> Iterator[None]:
        """Make the folder, and be the only one at work in it, of all processes.

        What a program that was killed left unfinished is dropped.

        Raises:
            BackupInProgress: If somebody else is at work.
            PlaceUnusable: If the folder cannot be written to.
        """
        with self._usable("write a backup to"):
            self.path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            with self._usable("lock"):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as err:
                    raise BackupInProgress from err
                for name in self._names():
                    if name.startswith(_UNFINISHED):
                        _remove(self.path / name)
            yield
        finally:
            os.close(lock)

    def require_room(self, needed_bytes: int) -> None:
        """Return if so much can be written, and something is left.

        Raises:
            RoomMissing: If it cannot.
            PlaceUnusable: If the disk does not say.
        """
        with self._usable("write a backup to"):
            require_room(self.path, needed_bytes)

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self.path.iterdir())
        except FileNotFoundError:
            return []

    def _backup(self, name: str) -> Backup:
        path = self.path / name
        manifest: Manifest | None = None
        problem: str | None = None
        with self._usable("read a backup in"):
            size = path.stat().st_size
            try:
                manifest = read_manifest(path)
            except BackupUnusable as err:
                problem = err.why
            state = self._state(name)
        if problem is not None:
            state = BackupState(state.verified_at, problem, state.is_pinned)
        return Backup(name, size, manifest, state)

    def _state(self, name: str) -> BackupState:
        try:
            fields = orjson.loads(self._state_file(name).read_bytes())
            verified_at = fields["verified_at"]
            return BackupState(
                verified_at and datetime.fromisoformat(verified_at),
                fields["problem"],
                is_pinned=fields["is_pinned"],
            )
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            # it says what a trial would say again
            return BackupState()

    def _state_file(self, name: str) -> Path:
        return self.path / f"{name}{_STATE_ENDING}"

    @contextmanager
    def _usable(self, attempt: str) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            raise PlaceUnusable(
                f"cannot {attempt}", self.path, err, setting="BACKUP_DIR"
            ) from err


def _fields(state: BackupState) -> dict[str, object]:
    return {
        "verified_at": state.verified_at and state.verified_at.isoformat(),
        "problem": state.problem,
        "is_pinned": state.is_pinned,
    }


def _make_private(path: Path) -> None:
    _remove(path)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))


def _write_whole(path: Path, content: bytes) -> None:
    """Replace a file; a power cut leaves the old one or the new one."""
    new = path.with_name(f"{_UNFINISHED}{path.name}")
    _make_private(new)
    new.write_bytes(content)
    flush(new)
    new.replace(path)
    flush(path.parent)


def _remove(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").unlink()
