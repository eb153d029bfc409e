"""The size of the app's image, if the tests of the image have built one here."""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from pathlib import Path

from .figure import Figure, reported

_IMAGE = "localhost/energy-logger-test"
_BASE = "localhost/energy-logger-test-base"
"""Both as ``tests/image/build_image`` names them."""

_MB = 1e6


async def measure(_folder: Path) -> Sequence[Figure]:
    """Ask podman; builds nothing."""
    size, base = await _size_of(_IMAGE), await _size_of(_BASE)
    if size is None or base is None:
        detail = "there is no image here: tests/image builds one, with podman"
        return (reported("size of the image", None, "MB", detail),)
    return (
        reported(
            "size of the image",
            size / _MB,
            "MB",
            f"unpacked; {(size - base) / _MB:.0f} MB of it are the app, the rest is"
            " what it stands on, which tests make of Debian",
        ),
    )


async def _size_of(image: str) -> int | None:
    """Return bytes; None without podman or the image."""
    podman = shutil.which("podman")
    if podman is None:
        return None
    process = await asyncio.create_subprocess_exec(
        *(podman, "image", "inspect", "--format", "{{.Size}}", image),
        stdout=PIPE,
        stderr=DEVNULL,
    )
    told, _none = await process.communicate()
    return None if process.returncode else int(told)
