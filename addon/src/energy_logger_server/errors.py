"""What can go wrong on our own side, by what the reader can do about it.

EnergyLoggerError              (api.errors)
├── SourceError ...            a utility failed, see api.errors
├── ConfigurationError         a setting must be changed; lists every problem
├── StoreError
│   ├── StoreUnavailable       the database does not answer: try again
│   ├── StoreInUse             another server writes to this store: stop that one
│   └── StoreTooNew            written by a newer version: update this program
└── RunInProgress              a run of this source is under way: wait for it
"""

from collections.abc import Sequence
from typing import ClassVar

from energy_logger_server.api.errors import EnergyLoggerError


class ConfigurationError(EnergyLoggerError):
    """Settings that cannot be used.

    Attributes:
        problems: One sentence each, naming the setting; never its secret value.
    """

    code: ClassVar[str] = "configuration"

    def __init__(self, problems: Sequence[str]) -> None:
        """Join all problems, so that one start shows everything to mend."""
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class StoreError(EnergyLoggerError):
    """The long-term store cannot do what was asked."""

    code: ClassVar[str] = "store_error"


class StoreUnavailable(StoreError):
    """The database does not answer, or the disk is full."""

    code: ClassVar[str] = "store_unavailable"


class StoreInUse(StoreError):
    """Another process holds the store's writer lock."""

    code: ClassVar[str] = "store_in_use"

    def __init__(self, place: str) -> None:
        """Name the store without its password."""
        super().__init__(
            f"another Energy Logger server is writing to {place}: stop it first, "
            "or let it do the work (it is asked over its API)"
        )


class StoreTooNew(StoreError):
    """The store was written by a newer version of this program."""

    code: ClassVar[str] = "store_too_new"

    def __init__(self, found: str, newest_known: str) -> None:
        """Say both schema versions."""
        super().__init__(
            f"the store has schema {found}, this program knows up to {newest_known}: "
            "update Energy Logger, or restore a backup made by this version"
        )


class RunInProgress(EnergyLoggerError):
    """A run of the same source has not ended yet."""

    code: ClassVar[str] = "run_in_progress"

    def __init__(self, source: str) -> None:
        """Name the source that is busy."""
        super().__init__(f"a run of {source} is under way: wait for its end")
        self.source = source
