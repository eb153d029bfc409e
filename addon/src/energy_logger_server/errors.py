"""What can go wrong on our own side, by what the reader can do about it.

EnergyLoggerError              (api.errors)
├── SourceError ...            a utility failed, see api.errors
├── ConfigurationError         a setting must be changed; lists every problem
│   ├── KeyFileDamaged         the file of the API key holds none: delete it
│   ├── NoRecipient            no service sends messages: set one up
│   └── NothingStored          a reader finds no store: collect first
├── PlaceUnusable              the operating system refuses a file, folder or port
├── StoreError
│   ├── StoreUnavailable       the database does not answer: try again
│   │   └── StoreDamaged       its file is damaged: restore a backup
│   ├── QueryTooSlow           a reader's own query takes too long: ask for less
│   ├── QueryUnusable          a reader's own query cannot be run: correct it
│   ├── StoreUnsettled         a restore has not ended, or a log is stray: start once
│   ├── StoreInUse             another server writes to this store: stop that one
│   ├── StoreTooNew            written by a newer version: update this program
│   ├── StoreTooOld            written by an older version: start the server once
│   ├── ImportUnfinished       an import into it has not ended: run it again
│   └── ImportRefused          the store that is imported into is not empty
├── PredecessorUnusable        what is to be adopted is not what it should be
├── ExportUnusable             an export that is damaged, or none: get another one
├── ListIncomplete             a list of a utility is empty: it is asked for again
├── ClockDiffers               this machine's clock is wrong: set it right
├── NotificationFailed         a service did not take a message: see what it says
├── BackupNotHeld              a copy of the store's file may be damaged
├── BackupError
│   ├── BackupInProgress       one is being made, tried or restored: wait for it
│   ├── BackupUnknown          there is no such backup: see which there are
│   ├── BackupUnusable         it is damaged, or none: take another one
│   ├── RestoreRefused         nothing can be restored there: the message says why
│   └── RoomMissing            the disk has too little room: make some
├── BacktestInProgress         one of the peak watch is under way: wait for it
├── RunInProgress              a run of this source is under way: wait for it
└── SettingRefused             a setting cannot be saved so: nothing was changed
    ├── SettingUnknown         there is no such setting
    ├── SettingNotEditable     it is set elsewhere: the message says where
    ├── SettingUnusable        its value cannot be used: the message says what can
    └── NothingToCollect       it would leave this server without work
"""

import errno
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from .api.errors import EnergyLoggerError

NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS})
"""What ``flock`` fails with where the file system has no locks, such as some NFS."""

_NOT_ALLOWED = "let the user that runs Energy Logger read and write it"
_NO_ROOM = "make room on the disk"
_NO_LOCKS = (
    "mount its file system with locks, without which two servers could write at once"
)
_WHAT_TO_DO = {
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: "make the disk writable",
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EEXIST: "move away what lies there",
    errno.ENOTDIR: "move away the file that lies where a folder must be",
    errno.EISDIR: "move away the folder that lies where a file must be",
    errno.ENOENT: "make the folder that it is to lie in",
    errno.ELOOP: "mend its links, which lead in a circle",
    errno.ENAMETOOLONG: "give it a shorter name",
    errno.EIO: "check the disk",
    **dict.fromkeys(NO_LOCKS, _NO_LOCKS),
}


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


class KeyFileDamaged(ConfigurationError):
    """The file of the API key holds none, as after a power cut."""

    code: ClassVar[str] = "key_file_damaged"

    def __init__(self, path: Path) -> None:
        """Say what helps."""
        super().__init__([f"{path} does not contain a key: delete it to have one made"])
        self.public_message = (
            f"the file {path.name} does not contain a key: delete it to have one made"
        )


class NoRecipient(ConfigurationError):
    """A message is to be sent, and no setting says by which service."""

    code: ClassVar[str] = "not_set_up"

    def __init__(self, *, is_mail_only: bool) -> None:
        """Say what to set."""
        others = "" if is_mail_only else ", or NOTIFICATION_URLS"
        super().__init__(
            [f"nobody is notified: set SMTP_HOST and NOTIFICATION_EMAIL{others}"]
        )


class NothingStored(ConfigurationError):
    """There is no store yet where one is to be read."""

    code: ClassVar[str] = "nothing_stored"

    def __init__(self, place: str) -> None:
        """Name the place without its password."""
        super().__init__([f"nothing is stored yet in {place}"])


class PlaceUnusable(EnergyLoggerError):
    """A file, folder or port that the operating system does not let us use.

    Attributes:
        public_message: The same for anybody to read: names no place.
    """

    code: ClassVar[str] = "place_unusable"

    def __init__(
        self,
        attempt: str,
        place: Path | str,
        err: OSError,
        *,
        what_to_do: str | None = None,
        setting: str | None = None,
    ) -> None:
        """Say in one sentence what cannot be done, where, why, and what helps.

        Args:
            attempt: Such as ``cannot keep the API key in``.
            place: The path, or what names the port.
            err: What the operating system said.
            what_to_do: Chosen by the error if not given.
            setting: By which another place is chosen.
        """
        if isinstance(place, Path):
            place = _absolute(place)
        number = err.errno or 0
        reason = os.strerror(number) if number > 0 else err.strerror or str(err)
        advice = [
            what_to_do or _WHAT_TO_DO.get(number),
            f"choose another place by {setting}" if setting else None,
        ]
        said = ", or ".join(one for one in advice if one)
        why = f"{reason}{said and f'; {said}'}"
        super().__init__(f"{attempt} {place}: {why}")
        self.public_message = f"{attempt} …: {why}"


def _absolute(path: Path) -> Path:
    try:
        return path.absolute()
    except OSError:
        # the working folder is gone
        return path


class StoreError(EnergyLoggerError):
    """The long-term store cannot do what was asked."""

    code: ClassVar[str] = "store_error"


class StoreUnavailable(StoreError):
    """The database does not answer, or the disk is full.

    Attributes:
        cause: What is wrong, for anybody to read: names no place and no user.
        public_message: The cause and what helps, likewise.
    """

    code: ClassVar[str] = "store_unavailable"

    def __init__(
        self,
        message: str,
        cause: str = "the database does not answer",
        what_to_do: str | None = None,
    ) -> None:
        """Keep all; the message is for the owner of the machine."""
        super().__init__(message)
        self.cause = cause
        self.public_message = f"{cause}: {what_to_do}" if what_to_do else cause


class StoreDamaged(StoreUnavailable):
    """The database's file cannot be read any more, or only in part."""

    code: ClassVar[str] = "store_damaged"


class QueryTooSlow(StoreError):
    """A query of a reader's own making was given up."""

    code: ClassVar[str] = "too_slow"

    def __init__(self, seconds: float) -> None:
        """Say how long it was let run."""
        super().__init__(f"the query took longer than {seconds:g} s")


class QueryUnusable(StoreError):
    """A query of a reader's own making cannot be run."""

    code: ClassVar[str] = "query_unusable"


class StoreInUse(StoreError):
    """Another process holds the store's writer lock."""

    code: ClassVar[str] = "store_in_use"
    public_message = (
        "another Energy Logger server is writing to this store: stop one of the two"
    )

    def __init__(self, place: str) -> None:
        """Name the store without its password."""
        super().__init__(
            f"another Energy Logger server is writing to {place}: stop it first, "
            "or let it do the work (it is asked over its API)"
        )


class StoreUnsettled(StoreError):
    """What lies beside a store's file has to be put right before it is read."""

    code: ClassVar[str] = "store_unsettled"

    def __init__(self, place: str) -> None:
        """Name the store without its password."""
        super().__init__(
            f"beside {place} lies the end of a restore that was interrupted, or a "
            "write-ahead log of another file: start the server, which puts that right"
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


class StoreTooOld(StoreError):
    """The store was written by an older version of this program, and is only read."""

    code: ClassVar[str] = "store_too_old"

    def __init__(self, found: str, newest_known: str) -> None:
        """Say both schema versions, and what brings the store up to date."""
        super().__init__(
            f"the store has schema {found}, this program reads {newest_known}: start "
            "the server once, which brings it up to date"
        )


class ImportUnfinished(StoreError):
    """An import into the store has begun and not ended."""

    code: ClassVar[str] = "import_unfinished"

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__(
            "an import into this store has not ended: run `energy-logger migrate "
            "import` with the same export again, it goes on where it was"
        )


class ImportRefused(StoreError):
    """Nothing was imported, to keep what the store holds."""

    code: ClassVar[str] = "import_refused"


class PredecessorUnusable(EnergyLoggerError):
    """A file or database that holds nothing of a predecessor, or damaged rows."""

    code: ClassVar[str] = "predecessor_unusable"


class ExportUnusable(EnergyLoggerError):
    """An export that cannot be imported."""

    code: ClassVar[str] = "export_unusable"


def public_message(err: EnergyLoggerError) -> str:
    """Return an error for anybody to read: it names no place and no user."""
    match err:
        case PlaceUnusable() | StoreUnavailable() | StoreInUse() | KeyFileDamaged():
            return err.public_message
        case ConfigurationError() | StoreTooNew() | ImportUnfinished() | BackupError():
            return str(err)
        case _:
            return "the server cannot work: its log says why"


class BackupNotHeld(EnergyLoggerError):
    """The store's file may change, or has changed, while it is copied."""

    code: ClassVar[str] = "backup_not_held"


class NotificationFailed(EnergyLoggerError):
    """A service did not take a message; says why, and names no address."""

    code: ClassVar[str] = "notification_failed"


class BackupError(EnergyLoggerError):
    """A backup cannot be made, or cannot be used."""

    code: ClassVar[str] = "backup_error"


class BackupInProgress(BackupError):
    """A backup is being made, tried or restored."""

    code: ClassVar[str] = "backup_in_progress"

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__(
            "a backup is being made, tried or restored: wait until that has ended"
        )


class BacktestInProgress(EnergyLoggerError):
    """A back-test of the peak watch is under way."""

    code: ClassVar[str] = "backtest_in_progress"

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__("a back-test is under way: wait until that has ended")


class BackupUnknown(BackupError):
    """There is no backup of that name."""

    code: ClassVar[str] = "backup_unknown"

    def __init__(self, name: str) -> None:
        """Name what was asked for."""
        super().__init__(f"there is no backup {name}: list those that there are")


class BackupUnusable(BackupError):
    """A file is no backup, or a damaged one."""

    code: ClassVar[str] = "backup_unusable"

    def __init__(self, name: str, why: str) -> None:
        """Name the file, without its folder, and what is wrong with it."""
        super().__init__(f"{name} cannot be used: {why}; take another backup")
        self.why = why


class RestoreRefused(BackupError):
    """Nothing can be restored there, or not that; the message says what to do."""

    code: ClassVar[str] = "restore_refused"


class RoomMissing(BackupError):
    """The disk has too little room for what is to be written."""

    code: ClassVar[str] = "room_missing"

    def __init__(self, needed_bytes: int, free_bytes: int) -> None:
        """Say how much is missing."""
        needed, free = (
            math.ceil(needed_bytes / 1_048_576),
            free_bytes // 1_048_576,
        )
        super().__init__(
            f"this needs {needed} MiB for a while, and {free} MiB are free: make room "
            "on the disk"
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


class ListIncomplete(EnergyLoggerError):
    """A list of sites or areas is empty, which is not believed."""

    code: ClassVar[str] = "list_incomplete"


class ClockDiffers(EnergyLoggerError):
    """What was read is not stored: its time would be this machine's, which is wrong."""

    code: ClassVar[str] = "clock_differs"
