"""Making a backup: copied while the store is in use, packed, tried, then named."""

from dataclasses import replace
from datetime import datetime

from energy_logger_server import __version__
from energy_logger_server.clock import Clock
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupReason,
    BackupState,
    Manifest,
    SavedContents,
)
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.store.backup.saved_settings import saved_contents_of
from energy_logger_server.store.backup.size import size_bytes
from energy_logger_server.store.db.engine import store_url

from .copying import copy_store
from .folder import BackupFolder
from .packing import Digests, append_manifest, pack
from .progress import share_of
from .prove import prove_packed


def create_backup(
    folder: BackupFolder,
    address: Secret,
    reason: BackupReason,
    clock: Clock,
    report: ReportProgress,
) -> Backup:
    """Make a backup that has been restored once for a trial.

    Takes as long as it takes, in the calling thread; the store is in use meanwhile.

    Args:
        folder: Where it goes.
        address: Of the store, as in ``DATABASE_URL``.
        reason: Why.
        clock: Tells the time.
        report: Told how far it is.

    Raises:
        BackupError: If it cannot be made; nothing of it is left then.
        PlaceUnusable: If the folder cannot be written to.
        StoreError: If the store cannot be read.
    """
    with folder.working():
        return add_backup(folder, address, reason, clock, report)


def add_backup(
    folder: BackupFolder,
    address: Secret,
    reason: BackupReason,
    clock: Clock,
    report: ReportProgress,
) -> Backup:
    """Do the same as ``create_backup``, for who is at work in the folder already."""
    # the copy and its packed form, which is smaller, lie there together
    folder.require_room(2 * size_bytes(address.reveal()))
    created_at = clock.now()
    with folder.unfinished("packed") as packed:
        with folder.unfinished("copy") as copy:
            copy_store(folder, address.reveal(), copy, report)
            copied = saved_contents_of(copy, SHOWN_SETTINGS)
            with packed.open("wb") as target:
                digests = pack(copy, target, share_of(BackupStage.PACKING, report))
        with folder.unfinished("trial") as trial:
            contents = prove_packed(packed, digests, copied.contents, trial, report)
        with packed.open("ab") as target:
            proven = replace(copied, contents=contents)
            manifest = _manifest(created_at, reason, proven, digests)
            append_manifest(target, replace(manifest, engine=_engine(address)))
        name = folder.add(packed, created_at)
    state = BackupState(
        verified_at=clock.now(), is_pinned=reason is BackupReason.BEFORE_RESTORE
    )
    return folder.note(folder.get(name), state)


def _engine(address: Secret) -> str:
    """Return the name of the store's database."""
    return store_url(address.reveal()).get_backend_name()


def _manifest(
    created_at: datetime, reason: BackupReason, saved: SavedContents, digests: Digests
) -> Manifest:
    return Manifest(
        created_at=created_at,
        reason=reason,
        server_version=__version__,
        engine="sqlite",
        contents=saved.contents,
        settings=saved.settings,
        data_bytes=digests.data_bytes,
        data_sha256=digests.data_sha256,
        packed_bytes=digests.packed_bytes,
        packed_sha256=digests.packed_sha256,
    )
