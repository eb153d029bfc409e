"""A note beside a store's file that it is damaged: nobody writes to it from then on.

The note holds for that very file as it was left. Another one in its place, such as a
restored backup, is not what the note is about.
"""

import json
from pathlib import Path

from sqlalchemy.engine import URL

from energy_logger_server.errors import PlaceUnusable

from .driver_errors import damaged
from .sqlite_file import SETTING

_ENDING = ".damaged"


def record_damage(file: Path, problem: str) -> None:
    """Note that a store's file is damaged, and what was found.

    Args:
        file: Of a store to which nobody writes any more; no link.
        problem: What was found.

    Raises:
        PlaceUnusable: If it cannot be noted.
    """
    note = _note_of(file)
    unfinished = note.with_name(f"{note.name}.new")
    try:
        unfinished.write_text(json.dumps({"file": _identity(file), "found": problem}))
        unfinished.replace(note)
    except OSError as err:
        raise PlaceUnusable(
            "cannot note damage in", note, err, setting=SETTING
        ) from err


def refuse_damaged(url: URL, file: Path) -> None:
    """Return if a store's file is not known to be damaged.

    Args:
        url: Of the store.
        file: Its file; no link.

    Raises:
        PlaceUnusable: If the operating system lets nobody look.
        StoreDamaged: If it is.
    """
    note = _note_of(file)
    try:
        noted = json.loads(note.read_text())
        if noted["file"] == _identity(file):
            raise damaged(url, noted["found"])
        note.unlink()
    except FileNotFoundError:
        return
    except OSError as err:
        raise PlaceUnusable("cannot read", note, err, setting=SETTING) from err


def _note_of(file: Path) -> Path:
    return file.with_name(f"{file.name}{_ENDING}")


def _identity(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns]
