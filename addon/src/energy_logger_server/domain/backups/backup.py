"""Backups: what one says of itself, what is known of it since, which of them stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum


class BackupReason(StrEnum):
    """Why a backup was made."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    BEFORE_RESTORE = "before_restore"


class Generation(StrEnum):
    """For what span of the past a backup stays."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds, in figures that can be counted again.

    Attributes:
        schema_version: Of its tables.
        instance_id: The store's own random name.
        rows: By table, only tables that are there.
        first_at: Instant (UTC) of the oldest settled value; None without any.
        last_at: Instant (UTC) of the newest.
        content_hash: The same for every store that holds the same, whatever its
            database; None of a schema that is not this program's.
    """

    schema_version: str
    instance_id: str
    rows: Mapping[str, int]
    first_at: datetime | None
    last_at: datetime | None
    content_hash: str | None = None

    @property
    def total_rows(self) -> int:
        """Of all tables."""
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class SavedContents:
    """What a store holds, with the settings saved in it.

    Attributes:
        contents: In figures.
        settings: Texts by name; none is a secret.
    """

    contents: Contents
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; never changes.

    Attributes:
        created_at: Instant (UTC) at which it was begun: rows up to then are in it.
        reason: Why it was made.
        server_version: Of the program that made it.
        engine: Database it was made of, ``sqlite`` or ``postgresql``.
        contents: What it holds.
        settings: Texts of the saved settings in it, by name; none is a secret.
        data_bytes: Size of the store in it, unpacked.
        data_sha256: Of the store in it, unpacked; hexadecimal.
        packed_bytes: Size as it is packed, without this manifest.
        packed_sha256: Likewise of what is packed.
    """

    created_at: datetime
    reason: BackupReason
    server_version: str
    engine: str
    contents: Contents
    settings: Mapping[str, str]
    data_bytes: int
    data_sha256: str
    packed_bytes: int
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is known of a backup since it was made.

    Attributes:
        verified_at: Instant (UTC) at which it was last restored for a trial, and all
            was as it should be; None if it never was.
        problem: What was wrong the last time, a sentence; None when nothing was.
        is_pinned: Whether it stays whatever generations say.
    """

    verified_at: datetime | None = None
    problem: str | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in the folder.

    Attributes:
        name: Of its file.
        size_bytes: Of its file.
        manifest: What it says of itself; None if that cannot be read.
        state: What is known of it.
    """

    name: str
    size_bytes: int
    manifest: Manifest | None
    state: BackupState

    @property
    def is_proven(self) -> bool:
        """Whether its last trial went well."""
        return self.state.verified_at is not None and self.state.problem is None


@dataclass(frozen=True, slots=True)
class Retention:
    """How many backups of each generation stay; 0 is none of it."""

    daily: int
    weekly: int
    monthly: int


def generations(
    backups: Iterable[Backup], retention: Retention, zone: tzinfo
) -> dict[str, tuple[Generation, ...]]:
    """Return the generations that each backup stands for, by name.

    The newest good backup of a day stands for the day, that of an ISO week for the
    week, that of a month for the month; days without a backup do not count. A backup
    that cannot be read, or failed its last trial, stands for nothing.

    Args:
        backups: All there are.
        retention: How many days, weeks and months.
        zone: Its dates are the days.
    """
    found: dict[str, tuple[Generation, ...]] = {}
    dated = sorted(
        (
            (one.manifest.created_at.astimezone(zone).date(), one.manifest, one.name)
            for one in backups
            if one.manifest is not None and one.state.problem is None
        ),
        key=lambda entry: (entry[1].created_at, entry[2]),
        reverse=True,
    )
    for generation, most in (
        (Generation.DAILY, retention.daily),
        (Generation.WEEKLY, retention.weekly),
        (Generation.MONTHLY, retention.monthly),
    ):
        newest: dict[object, str] = {}
        for day, _manifest, name in dated:
            newest.setdefault(_period(generation, day), name)
        for name in [*newest.values()][:most]:
            found[name] = (*found.get(name, ()), generation)
    return found


def superfluous(
    backups: Iterable[Backup], retention: Retention, zone: tzinfo
) -> tuple[Backup, ...]:
    """Return the backups that may go, oldest first.

    Pinned ones stay, and so do the newest proven one, whatever the retention, and those
    that are damaged: what can be saved of them is for a person to say.

    Args:
        backups: All there are.
        retention: How many of each generation stay.
        zone: Its dates are the days.
    """
    listed = tuple(backups)
    kept = set(generations(listed, retention, zone))
    proven = newest_proven(listed)
    if proven is not None:
        kept.add(proven.name)
    return tuple(
        one
        for one in oldest_first(listed)
        if one.name not in kept and not one.state.is_pinned
        if one.manifest is not None and one.state.problem is None
    )


def newest_proven(backups: Iterable[Backup]) -> Backup | None:
    """Return the newest backup whose last trial went well."""
    proven = [one for one in oldest_first(backups) if one.is_proven]
    return proven[-1] if proven else None


def oldest_first(backups: Iterable[Backup]) -> list[Backup]:
    """Return backups by age; those that do not state it come first."""
    return sorted(
        backups,
        key=lambda one: (
            one.manifest.created_at.timestamp() if one.manifest else 0.0,
            one.name,
        ),
    )


def _period(generation: Generation, day: date) -> object:
    if generation is Generation.DAILY:
        return day
    if generation is Generation.WEEKLY:
        return day.isocalendar()[:2]
    return day.year, day.month
