"""Which servers this integration gets along with; pure."""

import re
from enum import StrEnum
from typing import Final

OLDEST_SERVER: Final = (0, 1)
"""Version of the first server with everything that is asked for here."""

UNKNOWN_SERVER: Final = (2, 0)
"""A new major number may change what the server answers: nobody knows yet how."""

_VERSION = re.compile(r"(\d{1,5})\.(\d{1,5})(?!\d)", re.ASCII)


class VersionMismatch(StrEnum):
    """What is wrong with a server's version; also the name of what says so."""

    NONE = "none"
    TOO_OLD = "server_too_old"
    TOO_NEW = "server_too_new"


def mismatch_of(version: str) -> VersionMismatch:
    """Return whether a server is too old or too new for us.

    A version that does not begin with two numbers is somebody's own build: it fits.
    """
    found = _VERSION.match(version)
    if found is None:
        return VersionMismatch.NONE
    numbers = int(found[1]), int(found[2])
    if numbers < OLDEST_SERVER:
        return VersionMismatch.TOO_OLD
    return VersionMismatch.NONE if numbers < UNKNOWN_SERVER else VersionMismatch.TOO_NEW
