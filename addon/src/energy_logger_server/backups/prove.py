"""Trying a backup: it is restored into a file that nobody needs, and looked over."""

from dataclasses import replace
from pathlib import Path

from energy_logger_server.clock import Clock
from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupState,
    Contents,
    Manifest,
)
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.errors import BackupUnusable
from energy_logger_server.store.backup.contents import contents_of, damage_in
from energy_logger_server.store.db.migrate import newest_version

from .folder import BackupFolder
from .hashing import content_hash_of
from .packing import Digests, digests_of, read_manifest, unpack
from .progress import share_of

_NOT_AS_IT_SHOULD_BE = "its store does not hold what it should"


def prove(file: Path, trial: Path, report: ReportProgress) -> Manifest:
    """Restore a backup into a file; return its manifest, which is true.

    Args:
        file: The backup.
        trial: Takes the store.
        report: Told how far it is.

    Raises:
        BackupUnusable: If a byte is not as it was, or the store not as it should be.
        OSError: If one of the files cannot be used.
        StoreError: If the store cannot be read.
    """
    manifest = read_manifest(file)
    prove_packed(file, digests_of(manifest), manifest.contents, trial, report)
    return manifest


def prove_packed(
    file: Path,
    digests: Digests,
    expected: Contents,
    trial: Path,
    report: ReportProgress,
) -> Contents:
    """Restore a packed store into a file, and hash what it holds.

    Args:
        file: What is packed.
        digests: Of the store in it.
        expected: What the store holds; its content hash, if it has one.
        trial: Takes the store.
        report: Told how far it is.

    Returns:
        What the file holds, with its content hash.

    Raises:
        BackupUnusable: As ``prove``.
        OSError: Likewise.
        StoreError: Likewise.
    """
    found = unpack_and_check(file, digests, expected, trial, report)
    hashing = share_of(BackupStage.HASHING, report)
    hashing(0.0)
    if found.schema_version != newest_version():
        return found
    content_hash = content_hash_of(trial, found.total_rows, lambda: hashing(0.0))
    hashing(1.0)
    if expected.content_hash not in (None, content_hash):
        raise BackupUnusable(file.name, _NOT_AS_IT_SHOULD_BE)
    return replace(found, content_hash=content_hash)


def unpack_and_check(
    file: Path,
    digests: Digests,
    expected: Contents,
    target: Path,
    report: ReportProgress,
) -> Contents:
    """Restore a packed store into a file, which must be sound and hold every row.

    Args:
        file: What is packed.
        digests: Of the store in it.
        expected: What the store holds; its content hash is not compared.
        target: Takes the store.
        report: Is called with the progress.

    Returns:
        What the file holds, without content hash.

    Raises:
        BackupUnusable: As ``prove``.
        OSError: Likewise.
        StoreError: Likewise.
    """
    with target.open("wb") as store:
        unpack(file, digests, store, share_of(BackupStage.UNPACKING, report))
    checking = share_of(BackupStage.CHECKING, report)
    checking(0.0)
    damage = damage_in(target)
    if damage is not None:
        raise BackupUnusable(file.name, f"its store is damaged: {damage}")
    checking(0.5)
    found = contents_of(target)
    if found != replace(expected, content_hash=None):
        raise BackupUnusable(file.name, _NOT_AS_IT_SHOULD_BE)
    checking(1.0)
    return found


def verify_backup(
    folder: BackupFolder, name: str, clock: Clock, report: ReportProgress
) -> Backup:
    """Try a backup and keep the result: a date, or what is wrong.

    Returns:
        The backup with what is known of it now; a bad one has a problem.

    Raises:
        BackupInProgress: If other work is under way.
        BackupUnknown: If there is none of that name.
        PlaceUnusable: If the folder cannot be used.
        RoomMissing: If the disk has no room for a trial.
        StoreError: If its store cannot be read for another reason than damage.
    """
    with folder.working():
        backup = folder.get(name)
        if backup.manifest is None:
            return backup
        folder.require_room(backup.manifest.data_bytes)
        try:
            with folder.unfinished("trial") as trial:
                prove(folder.file_of(backup), trial, report)
        except BackupUnusable as err:
            return folder.note(backup, replace(backup.state, problem=err.why))
        state = BackupState(clock.now(), None, is_pinned=backup.state.is_pinned)
        return folder.note(backup, state)
