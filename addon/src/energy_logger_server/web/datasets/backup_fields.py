"""Backups as answers show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TypedDict

from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupReason,
    Contents,
    Generation,
    Manifest,
    Retention,
    generations,
)
from energy_logger_server.domain.backups.work import BackupJob, BackupStage, BackupWork
from energy_logger_server.web.http.answer_types import Time

from .fields import utc_text


class ContentsAnswer(TypedDict):
    """What a store holds."""

    schema_version: str
    """Of its tables."""
    instance_id: str
    """The store's own random name."""
    rows: dict[str, int]
    """By table."""
    total_rows: int
    oldest_record: Time | None
    """Of settled values, UTC."""
    newest_record: Time | None
    """Of settled values, UTC."""
    content_hash: str | None
    """The same for every store that holds the same; null where another schema was
    newest."""


class ManifestAnswer(TypedDict):
    """What a backup says of itself."""

    created_at: Time
    """When it was begun: rows up to then are in it."""
    reason: BackupReason
    """Why it was made."""
    server_version: str
    """Of the program that made it."""
    engine: str
    """Database that it was made of."""
    data_bytes: int
    """Of the store in it, unpacked."""
    data_sha256: str
    """Of the store in it, unpacked."""
    contents: ContentsAnswer


class BackupAnswer(TypedDict):
    """A backup."""

    name: str
    """Of its file."""
    size_bytes: int
    """Of its file."""
    verified_at: Time | None
    """When it was last restored for a trial and was as it should be."""
    problem: str | None
    """What was wrong with it the last time."""
    is_pinned: bool
    """Whether it is kept whatever the generations say."""
    generations: list[Generation]
    """What it is kept for."""
    manifest: ManifestAnswer | None
    """null of one that cannot be read."""


class JobAnswer(TypedDict):
    """Work on a backup."""

    work: BackupWork
    name: str | None
    """Of the backup; null of one that is being made."""
    started_at: Time
    stage: BackupStage | None
    """What is being done; null before the first step."""
    percent: float | None
    """Of the stage."""
    is_running: bool
    ended_at: Time | None
    error: str | None
    """Why it failed."""
    safety_copy: str | None
    """Backup of what was there before a restore."""


def job_fields(job: BackupJob) -> JobAnswer:
    """Return work on a backup."""
    progress = job.progress
    return {
        "work": job.work,
        "name": job.name,
        "started_at": utc_text(job.started_at),
        "stage": None if progress is None else progress.stage,
        "percent": None if progress is None else round(100 * progress.share, 1),
        "is_running": job.is_running,
        "ended_at": utc_text(job.ended_at),
        "error": job.error,
        "safety_copy": job.safety_copy,
    }


def backup_fields(backup: Backup, kept_for: Sequence[Generation]) -> BackupAnswer:
    """Return a backup.

    Args:
        backup: Which.
        kept_for: The generations it stands for.
    """
    manifest, state = backup.manifest, backup.state
    return {
        "name": backup.name,
        "size_bytes": backup.size_bytes,
        "verified_at": utc_text(state.verified_at),
        "problem": state.problem,
        "is_pinned": state.is_pinned,
        "generations": [*kept_for],
        "manifest": None if manifest is None else _manifest(manifest),
    }


def backups_fields(
    backups: Iterable[Backup], retention: Retention, zone: tzinfo
) -> list[BackupAnswer]:
    """Return backups, the newest first.

    Args:
        backups: The oldest first.
        retention: How many of each generation are kept.
        zone: Whose dates the generations go by.
    """
    listed = [*backups]
    kept: Mapping[str, Sequence[Generation]] = generations(listed, retention, zone)
    return [backup_fields(one, kept.get(one.name, ())) for one in reversed(listed)]


def _manifest(manifest: Manifest) -> ManifestAnswer:
    return {
        "created_at": utc_text(manifest.created_at),
        "reason": manifest.reason,
        "server_version": manifest.server_version,
        "engine": manifest.engine,
        "data_bytes": manifest.data_bytes,
        "data_sha256": manifest.data_sha256,
        "contents": contents_fields(manifest.contents),
    }


def contents_fields(contents: Contents) -> ContentsAnswer:
    """Return what a store holds."""
    return {
        "schema_version": contents.schema_version,
        "instance_id": contents.instance_id,
        "rows": dict(contents.rows),
        "total_rows": contents.total_rows,
        "oldest_record": utc_text(contents.first_at),
        "newest_record": utc_text(contents.last_at),
        "content_hash": contents.content_hash,
    }
