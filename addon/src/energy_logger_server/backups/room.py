"""Room on a disk: asked for before something long is begun."""

import shutil
from pathlib import Path

from energy_logger_server.errors import RoomMissing

_SPARE_PART = 20
_MOST_SPARE_BYTES = 1024 * 1_048_576
"""What is left to everything else on the disk: a twentieth of it, or a gigabyte."""


def require_room(folder: Path, needed_bytes: int) -> None:
    """Return if so much can be written, and something is left.

    Raises:
        OSError: If the disk does not say.
        RoomMissing: If it cannot.
    """
    disk = shutil.disk_usage(folder)
    needed_bytes += min(disk.total // _SPARE_PART, _MOST_SPARE_BYTES)
    if disk.free < needed_bytes:
        raise RoomMissing(needed_bytes, disk.free)
