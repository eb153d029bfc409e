"""The content hash of a store in a file, by a process of its own where that takes long.

Hashing goes through every row in Python, seconds for each million: in the server's own
process it would keep requests waiting, a few ten milliseconds at a time.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from energy_logger_server.errors import StoreError
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.store.backup.untouched import file_url

MOST_ROWS_AT_HOME = 50_000
"""A fifth of a second."""

_LOOK_EVERY_S = 0.2
_NICER = 10


def content_hash_of(file: Path, rows: int, going_on: Callable[[], None]) -> str:
    """Return the content hash of a store of the newest schema.

    Args:
        file: Of the store; nobody writes to it.
        rows: How many it has.
        going_on: Called again and again; what it raises ends the work.

    Raises:
        StoreError: If the store cannot be read, or the process did not end well.
    """
    if rows <= MOST_ROWS_AT_HOME:
        return _hash(file)
    with subprocess.Popen(  # noqa: S603 - this very program, on a file of ours
        [sys.executable, "-m", __name__, str(file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            out, errors = _output(process, going_on)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        lines = errors.strip().splitlines() or [f"it ended with {process.returncode}"]
        raise StoreError(f"hashing the store failed: {lines[-1]}")
    return out.strip()


def _output(
    process: "subprocess.Popen[str]", going_on: Callable[[], None]
) -> tuple[str, str]:
    while True:
        going_on()
        try:
            return process.communicate(timeout=_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            continue


def _hash(file: Path) -> str:
    return content_of_store(str(file_url(file))).content_hash


if __name__ == "__main__":
    os.nice(_NICER)
    sys.stdout.write(_hash(Path(sys.argv[1])))
