"""What the operations on backups answer."""

from typing import TypedDict

from energy_logger_server.domain.backups.restore import RestorePreview
from energy_logger_server.web.datasets.backup_fields import (
    BackupAnswer,
    ContentsAnswer,
    JobAnswer,
    contents_fields,
)
from energy_logger_server.web.http.answer_types import Time


class BackupsAnswer(TypedDict):
    """The backups, and what is being done with them."""

    backups: list[BackupAnswer]
    """The newest first."""
    count: int
    next_at: Time | None
    """When the next one is made by itself; null where BACKUP_TIME is never."""
    job: JobAnswer | None
    """Work under way, or the last that ended since the start."""


class DeletedBackupAnswer(TypedDict):
    """A backup that is gone."""

    success: bool
    deleted: str
    """Its name."""


class RowChangeAnswer(TypedDict):
    """Rows of a table before and after a restore."""

    now: int
    after: int


class SettingChangeAnswer(TypedDict):
    """A saved setting before and after a restore; null is not saved."""

    now: str | None
    after: str | None


class RestorePreviewAnswer(TypedDict):
    """What a restore would change."""

    now: ContentsAnswer | None
    """What is stored."""
    after: ContentsAnswer
    """What would be, before its schema is brought up to date."""
    rows: dict[str, RowChangeAnswer]
    """By table."""
    settings: dict[str, SettingChangeAnswer]
    """Saved settings that would change, by name; secrets stay as they are."""


def preview_fields(preview: RestorePreview) -> RestorePreviewAnswer:
    """Return what a restore would change."""
    return {
        "now": None if preview.now is None else contents_fields(preview.now),
        "after": contents_fields(preview.after),
        "rows": {
            row.table: {"now": row.now, "after": row.after} for row in preview.rows
        },
        "settings": {
            one.name: {"now": one.now, "after": one.after} for one in preview.settings
        },
    }
