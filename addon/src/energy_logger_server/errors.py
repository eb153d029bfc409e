"""What can go wrong on our own side, by what the reader can do about it.

EnergyLoggerError              (api.errors)
├── SourceError ...            a utility failed, see api.errors
├── ConfigurationError         a setting must be changed; lists every problem
├── StoreError
│   ├── StoreUnavailable       the database does not answer: try again
│   ├── QueryTooSlow           a reader's own query takes too long: ask for less
│   ├── StoreInUse             another server writes to this store: stop that one
│   └── StoreTooNew            written by a newer version: update this program
├── RunInProgress              a run of this source is under way: wait for it
└── SettingRefused             a setting cannot be saved so: nothing was changed
    ├── SettingUnknown         there is no such setting
    ├── SettingNotEditable     it is set elsewhere: the message says where
    ├── SettingUnusable        its value cannot be used: the message says what can
    └── NothingToCollect       it would leave this server without work
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


class QueryTooSlow(StoreError):
    """A query of a reader's own making was given up."""

    code: ClassVar[str] = "too_slow"

    def __init__(self, seconds: float) -> None:
        """Say how long it was let run."""
        super().__init__(f"the query took longer than {seconds:g} s")


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


class SettingRefused(EnergyLoggerError):
    """A change of settings that was not made.

    Attributes:
        setting: Name of the setting that is to blame.
    """

    code: ClassVar[str] = "setting_refused"

    def __init__(self, setting: str, message: str) -> None:
        """Name the setting; the message never repeats a value."""
        super().__init__(message)
        self.setting = setting


class SettingUnknown(SettingRefused):
    """There is no such setting."""

    code: ClassVar[str] = "unknown_setting"


class SettingNotEditable(SettingRefused):
    """A setting that only the machine's owner changes, where it is set."""

    code: ClassVar[str] = "not_editable"


class SettingUnusable(SettingRefused):
    """A value that the setting cannot have."""

    code: ClassVar[str] = "invalid_setting"


class NothingToCollect(SettingRefused):
    """A change after which no source would be left."""

    code: ClassVar[str] = "nothing_to_collect"
