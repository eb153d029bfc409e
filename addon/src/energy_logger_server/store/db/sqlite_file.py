"""The file of a SQLite store: whether the operating system lets us use it.

SQLite itself only says that it cannot open the file. It is asked for nothing here: no
file is opened, because closing it would free SQLite's own locks on it.
"""

import errno
import os
import stat
from pathlib import Path

from energy_logger_server.errors import PlaceUnusable

SETTING = "DATA_DIR or DATABASE_URL"
"""What chooses the place of the file."""

_AS_WHO_WE_ARE = os.access in os.supports_effective_ids
_BESIDE = ("", "-wal", "-shm", "-journal")


def make_folder(file: Path) -> None:
    """Make the folder of a store's file.

    Raises:
        PlaceUnusable: If that cannot be done.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise _unusable("make the folder", file.parent, err) from err


def check_writable(file: Path) -> None:
    """Return if a store can be kept in a file, and in those that SQLite puts beside it.

    Raises:
        PlaceUnusable: Names the first that cannot be used.
    """
    # SQLite follows links, and puts its other files beside what they lead to
    real = Path(os.path.realpath(file))
    _check_access(real.parent, "write into the folder", os.R_OK | os.W_OK | os.X_OK)
    for ending in _BESIDE:
        path = Path(f"{real}{ending}")
        if _is_there(path):
            _check_access(path, "write to", os.R_OK | os.W_OK)


def is_stored(file: Path) -> bool:
    """Return whether there is a file, which then can be read.

    Raises:
        PlaceUnusable: If it cannot.
    """
    if not _is_there(file):
        return False
    _check_access(file, "read", os.R_OK)
    return True


def _is_there(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    except OSError as err:
        raise _unusable("keep the store in", path, err) from err
    if not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EEXIST
        raise _unusable("keep the store in", path, OSError(number, ""))
    return True


def _check_access(path: Path, attempt: str, mode: int) -> None:
    if os.access(path, mode, effective_ids=_AS_WHO_WE_ARE):
        return
    raise _unusable(attempt, path, _reason_against(path))


def _reason_against(path: Path) -> OSError:
    try:
        is_read_only = os.statvfs(path).f_flag & os.ST_RDONLY
    except OSError as err:
        return err
    return OSError(errno.EROFS if is_read_only else errno.EACCES, "")


def _unusable(attempt: str, path: Path, err: OSError) -> PlaceUnusable:
    return PlaceUnusable(f"cannot {attempt}", path, err, setting=SETTING)
