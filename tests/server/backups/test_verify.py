"""A backup that is not what it was is found, whatever byte of it has changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.packing import (
    append_manifest,
    pack,
    read_manifest,
    unpack,
)
from energy_logger_server.backups.prove import prove, verify_backup
from energy_logger_server.domain.backups.backup import Backup, BackupState, Manifest
from energy_logger_server.errors import BackupUnknown, BackupUnusable
from tests.server.backups.conftest import Place, nothing_told

FLIPPED = 200
"""Bytes of the packed store that are tried; of the manifest, every one is."""


def verify(place: Place, name: str) -> Backup:
    return verify_backup(place.folder, name, place.clock, nothing_told)


def places_to_flip(file: Path, manifest: Manifest) -> Iterator[int]:
    """Return where to flip a byte."""
    size = file.stat().st_size
    yield from range(8)
    yield from Random(12).sample(range(manifest.packed_bytes), FLIPPED)
    yield from range(manifest.packed_bytes - 8, size)


def test_every_flipped_byte_is_found(place: Place, tmp_path: Path):
    file = place.file_of(place.create())
    good = file.read_bytes()
    trial = tmp_path / "trial.db"
    missed = []

    for position in places_to_flip(file, read_manifest(file)):
        changed = bytearray(good)
        changed[position] ^= 1 << position % 8
        file.write_bytes(changed)
        try:
            prove(file, trial, nothing_told)
        except BackupUnusable:
            continue
        missed.append(position)

    assert missed == []
    file.write_bytes(good)
    prove(file, trial, nothing_told)


@pytest.mark.parametrize("kept_bytes", [0, 10, 5000, -1])
def test_one_that_is_cut_off_is_found(place: Place, kept_bytes: int):
    backup = place.create()
    file = place.file_of(backup)
    file.write_bytes(file.read_bytes()[:kept_bytes])

    found = verify(place, backup.name)

    assert found.manifest is None
    assert found.state.problem == "it is no backup, or only a part of one"
    assert not found.is_proven


def test_what_a_trial_finds_is_kept_until_the_next(place: Place):
    backup = place.create()
    file = place.file_of(backup)
    good = file.read_bytes()
    file.write_bytes(bytes([*good[:1000], good[1000] ^ 1, *good[1001:]]))
    place.clock.at += timedelta(days=1)

    found = verify(place, backup.name)

    assert found.state.problem
    assert found.state.verified_at == backup.state.verified_at
    assert place.folder.backups() == [found]

    file.write_bytes(good)
    assert verify(place, backup.name).state == BackupState(place.clock.now())


def test_what_is_handed_over_to_the_disk_on_the_way_unpacks_to_what_it_was(
    tmp_path: Path,
):
    content = Random(12).randbytes(9 * 1_048_576)
    source, packed = tmp_path / "source", tmp_path / "packed"
    source.write_bytes(content)
    with packed.open("wb") as target:
        digests = pack(source, target, lambda _share: None)
    with (tmp_path / "unpacked").open("wb") as target:
        unpack(packed, digests, target, lambda _share: None)

    assert packed.stat().st_size == digests.packed_bytes
    assert (tmp_path / "unpacked").read_bytes() == content


def repacked(place: Place, backup: Backup, statement: str) -> Manifest:
    """Have a backup hold another store than it says; return what it says."""
    manifest = backup.manifest
    assert manifest is not None
    with closing(sqlite3.connect(place.store)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(statement)
        connection.commit()
    with place.file_of(backup).open("wb") as target:
        digests = pack(place.store, target, lambda _share: None)
        forged = Manifest(
            **{
                name: getattr(manifest, name)
                for name in (
                    "created_at",
                    "reason",
                    "server_version",
                    "engine",
                    "contents",
                    "settings",
                )
            },
            data_bytes=digests.data_bytes,
            data_sha256=digests.data_sha256,
            packed_bytes=digests.packed_bytes,
            packed_sha256=digests.packed_sha256,
        )
        append_manifest(target, forged)
    return forged


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM price_hour", "its store does not hold what it should"),
        ("DELETE FROM series", "its store is damaged: a row of"),
        (
            "CREATE TABLE unknown AS SELECT 1",
            "its store does not hold what it should",
        ),
    ],
)
def test_a_store_that_is_packed_well_but_not_as_it_should_be_is_found(
    place: Place, statement: str, problem: str
):
    backup = place.create()
    repacked(place, backup, statement)

    found = verify(place, backup.name)

    assert found.state.problem is not None
    assert problem in found.state.problem


def test_there_is_no_backup_by_another_name(place: Place):
    place.create()
    for name in ("energy-logger-20200101T000000Z.db.zst", "../energy.db", ".lock"):
        with pytest.raises(BackupUnknown):
            verify(place, name)


def test_without_what_was_noted_it_has_not_been_tried_yet(place: Place):
    backup = place.create()
    noted = place.folder.path / f"{backup.name}.state.json"
    for content in (b"", b"[]", b'{"verified_at": 1, "problem": null}'):
        noted.write_bytes(content)
        assert place.folder.get(backup.name).state == BackupState()
    noted.unlink()
    assert place.folder.get(backup.name).state == BackupState()


def test_a_folder_that_is_not_there_has_no_backups(tmp_path: Path):
    assert BackupFolder(tmp_path / "none").backups() == []
