"""A manifest as JSON, and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from energy_logger_server.domain.backups.backup import BackupReason, Contents, Manifest
from energy_logger_server.errors import BackupUnusable

_FORMAT = 1


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as JSON has it; times are UTC."""
    contents = manifest.contents
    return {
        "format": _FORMAT,
        "created_at": _text_of(manifest.created_at),
        "reason": manifest.reason.value,
        "server_version": manifest.server_version,
        "engine": manifest.engine,
        "schema_version": contents.schema_version,
        "instance_id": contents.instance_id,
        "rows": dict(contents.rows),
        "first_at": _text_of(contents.first_at),
        "last_at": _text_of(contents.last_at),
        "content_hash": contents.content_hash,
        "settings": dict(manifest.settings),
        "data_bytes": manifest.data_bytes,
        "data_sha256": manifest.data_sha256,
        "packed_bytes": manifest.packed_bytes,
        "packed_sha256": manifest.packed_sha256,
    }


def manifest_from_json(fields: Mapping[str, Any], name: str) -> Manifest:
    """Return the manifest that JSON describes.

    Args:
        fields: As of ``manifest_to_json``; they are as they were written.
        name: Of the backup, for the message.

    Raises:
        BackupUnusable: If a newer version of this program wrote it.
    """
    if fields["format"] != _FORMAT:
        raise BackupUnusable(
            name, "a newer version of Energy Logger made it, which can restore it"
        )
    created_at = datetime.fromisoformat(fields["created_at"])
    return Manifest(
        created_at=created_at,
        reason=BackupReason(fields["reason"]),
        server_version=fields["server_version"],
        engine=fields["engine"],
        contents=Contents(
            schema_version=fields["schema_version"],
            instance_id=fields["instance_id"],
            rows=fields["rows"],
            first_at=_instant_of(fields["first_at"]),
            last_at=_instant_of(fields["last_at"]),
            content_hash=fields["content_hash"],
        ),
        settings=fields["settings"],
        data_bytes=fields["data_bytes"],
        data_sha256=fields["data_sha256"],
        packed_bytes=fields["packed_bytes"],
        packed_sha256=fields["packed_sha256"],
    )


def _text_of(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()


def _instant_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
