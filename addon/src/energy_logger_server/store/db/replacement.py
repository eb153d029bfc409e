"""Putting another file in a store's place, so that a kill leaves the old or the new.

The new file lies beside the store under a name of its own, whole and on the disk. From
then on it is the store: whoever opens the store next finishes what is left to do. That
is one rename, and before it the old log goes away, which SQLite would replay.
"""

import logging
import os
from pathlib import Path

from .stray_log import log_beside, set_aside

_LOG = logging.getLogger(__name__)


def replacement_of(file: Path) -> Path:
    """Return where the file lies that is to take a store's place."""
    return file.with_name(f"{file.name}.replacement")


def unfinished_replacement_of(file: Path) -> Path:
    """Return where the file is made that is to take a store's place."""
    return file.with_name(f"{file.name}.restoring")


def drop_unfinished_replacement(file: Path) -> None:
    """Drop what a restore left that was killed before it decided anything.

    Args:
        file: The store's; the writer's lock is held.

    Raises:
        OSError: If that cannot be done.
    """
    unfinished = unfinished_replacement_of(file)
    for ending in ("", "-wal", "-shm", "-journal"):
        unfinished.with_name(f"{unfinished.name}{ending}").unlink(missing_ok=True)


def announce_replacement(file: Path, new: Path) -> None:
    """Decide that a file takes a store's place; it happens, even after a kill.

    Args:
        file: The store's; nobody has it open, and the writer's lock is held.
        new: A whole store without a log, in the same folder; gone afterwards.

    Raises:
        OSError: If it cannot; nothing has changed then.
    """
    flush(new)
    new.rename(replacement_of(file))
    flush(file.parent)


def finish_replacement(file: Path) -> bool:
    """Put the announced file in the store's place, if there is one.

    Args:
        file: The store's; nobody has it open, and the writer's lock is held.

    Returns:
        Whether there was one.

    Raises:
        OSError: If that cannot be done yet: it is tried again by who comes next.
    """
    new = replacement_of(file)
    if not new.exists():
        return False
    log = log_beside(file)
    if log.exists() and log.stat().st_size:
        # the old store was damaged, or was closed while another program had it open
        kept = set_aside(log)
        _LOG.warning("the log of the store that was replaced is kept as %s", kept.name)
    for ending in ("-wal", "-shm", "-journal"):
        file.with_name(f"{file.name}{ending}").unlink(missing_ok=True)
    flush(file.parent)
    new.replace(file)
    flush(file.parent)
    return True


def flush(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
