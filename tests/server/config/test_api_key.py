"""The server's own key: made, kept, rotated."""

import errno
import fcntl
import logging
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from energy_logger_server.config.api_key import KEY_FILE, ApiKey
from energy_logger_server.config.secret import Secret
from energy_logger_server.errors import ConfigurationError, PlaceUnusable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / KEY_FILE


@pytest.fixture
def wide_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def refusing(number: int) -> Callable[..., None]:
    """What the operating system does when a call fails."""

    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_configured_key_holds_and_no_file_is_made(tmp_path: Path):
    key = ApiKey(Secret("configured"), tmp_path)

    assert key.current() == Secret("configured")
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_key_is_made_once_and_kept(tmp_path: Path, file: Path):
    key = ApiKey(None, tmp_path)

    made = key.current()

    assert [key.current(), key.current()] == [made, made]
    assert len(made.reveal()) == 43
    assert file.read_text() == f"{made.reveal()}\n"
    assert ApiKey(None, tmp_path).current() == made


def test_two_folders_get_two_keys(tmp_path: Path):
    keys = {ApiKey(None, tmp_path / name).current() for name in ("one", "other")}

    assert len(keys) == 2


@pytest.mark.usefixtures("wide_umask")
def test_the_file_is_for_its_owner_only_whatever_the_umask(tmp_path: Path, file: Path):
    ApiKey(None, tmp_path / "deep" / "er").current()
    ApiKey(None, tmp_path).rotate()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [KEY_FILE]


def test_a_mode_that_a_restored_backup_brought_is_mended(tmp_path: Path, file: Path):
    made = ApiKey(None, tmp_path).current()
    file.chmod(0o644)

    assert ApiKey(None, tmp_path).current() == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_rotated_key_holds_at_once_also_in_another_process(tmp_path: Path):
    server, command = ApiKey(None, tmp_path), ApiKey(None, tmp_path)
    before = server.current()

    rotated = command.rotate()

    assert rotated != before
    assert server.current() == command.current() == rotated


def test_a_configured_key_cannot_be_rotated_here(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="API_KEY sets the key"):
        ApiKey(Secret("configured"), tmp_path).rotate()


def test_processes_that_begin_together_agree_on_one_key(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(
            pool.map(lambda _number: ApiKey(None, tmp_path).current(), range(32))
        )

    assert len(set(keys)) == 1


def test_a_key_that_another_process_made_in_the_meantime_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    slow, fast = ApiKey(None, tmp_path), ApiKey(None, tmp_path)
    flock = fcntl.flock

    def after_the_other(descriptor: int, operation: int) -> None:
        monkeypatch.undo()
        fast.current()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", after_the_other)

    assert slow.current() == fast.current()


def test_what_an_interrupted_attempt_left_is_in_nobodys_way(tmp_path: Path, file: Path):
    left = tmp_path / f".{KEY_FILE}.new"
    left.write_text("half a k")
    left.chmod(0o644)

    ApiKey(None, tmp_path).current()

    assert not left.exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", ["", "\n", "short", "with a space in the middle", "é"]
)
def test_a_damaged_file_is_named_and_not_replaced(
    tmp_path: Path, file: Path, content: str
):
    file.write_text(content)

    with pytest.raises(ConfigurationError, match="delete it to have one made"):
        ApiKey(None, tmp_path).current()
    assert file.read_text() == content


@pytest.mark.parametrize("pasted", ['"{}"', "Bearer {}\n", "\u201c{}\u201d"])
def test_a_key_that_somebody_pasted_into_the_file_is_found(
    tmp_path: Path, file: Path, pasted: str
):
    file.write_text(pasted.format("a-key-of-my-own-0123"), encoding="utf-8")

    assert ApiKey(None, tmp_path).current() == Secret("a-key-of-my-own-0123")


def test_a_key_that_was_deleted_is_made_anew(tmp_path: Path, file: Path):
    key = ApiKey(None, tmp_path)
    before = key.current()
    file.unlink()

    assert key.current() != before


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(PlaceUnusable) as refused:
        ApiKey(None, tmp_path / "file").current()

    assert str(refused.value) == (
        f"cannot keep the API key in {tmp_path}/file/api_key: Not a directory; move "
        "away the file that lies where a folder must be, or choose another place by "
        "DATA_DIR or API_KEY"
    )


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_still_keeps_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    monkeypatch.setattr(fcntl, "flock", refusing(number))

    made = ApiKey(None, tmp_path).current()

    assert ApiKey(None, tmp_path).current() == made


def test_a_lock_that_fails_otherwise_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fcntl, "flock", refusing(errno.EIO))

    with pytest.raises(PlaceUnusable, match="Input/output error; check the disk"):
        ApiKey(None, tmp_path).current()


def test_the_key_is_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    key = ApiKey(None, tmp_path)

    made, rotated = key.current(), key.rotate()

    assert caplog.messages == ["made an API key: energy-logger key show prints it"]
    for secret in (made, rotated):
        assert secret.reveal() not in caplog.text
