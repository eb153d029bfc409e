"""``/api/backups``: made, listed, tried, pinned, downloaded, deleted, shown first."""

from typing import Any

from aiohttp import ClientSession
from zstandard import ZstdDecompressor

from energy_logger_server.web.datasets.backup_fields import BackupAnswer, JobAnswer
from energy_logger_server.web.routes.backups.answers import (
    BackupsAnswer,
    RestorePreviewAnswer,
)
from tests.server.web.conftest import KEY, Api
from tests.server.web.listener import listening
from tests.server.web.shapes import require_shape

MISSING = "energy-logger-20200101T000000Z.db.zst"


async def ended_job(api: Api) -> dict[str, Any]:
    """Wait for the end of the work under way."""
    await api.backups.wait()
    answer = await api.get("/api/backups")
    require_shape(answer, BackupsAnswer)
    found: dict[str, Any] = answer["job"]
    return found


async def made(api: Api) -> str:
    """Make a backup; return its name."""
    response = await api.ask("/api/backups", method="POST")
    assert response.status == 202
    require_shape(await response.json(), JobAnswer)
    job = await ended_job(api)
    assert job["error"] is None
    return str(job["name"])


async def test_a_backup_is_made_in_the_background_and_its_progress_is_an_event(
    api: Api,
):
    url = str(api.client.make_url("/api/events?types=backup_progress"))
    async with (
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
    ):
        name = await made(api)
        heard = [await listener.next()]
        while (last := heard[-1]) is not None and last.fields["is_running"]:
            heard.append(await listener.next())

    stages = [one.fields["stage"] for one in heard if one is not None]
    assert list(dict.fromkeys(stages)) == [
        None,
        "copying",
        "packing",
        "unpacking",
        "checking",
        "hashing",
    ]
    listed = await api.get("/api/backups")
    [backup] = listed["backups"]
    assert listed["count"] == 1
    assert backup["name"] == name
    assert backup["verified_at"] == backup["manifest"]["created_at"]
    assert backup["generations"] == ["daily", "weekly", "monthly"]
    status = await api.get("/api/status")
    assert status["backups"]["newest_at"] == backup["manifest"]["created_at"]
    assert status["backups"]["problems"] == []


async def test_a_backup_is_downloaded_as_it_is_and_deleted(api: Api):
    name = await made(api)

    response = await api.client.get(f"/api/backups/{name}", headers={"X-API-Key": KEY})
    content = await response.read()
    deleted = await api.ask(f"/api/backups/{name}", method="DELETE")

    assert response.content_type == "application/zstd"
    assert name in response.headers["Content-Disposition"]
    unpacked = ZstdDecompressor().decompressobj().decompress(content)
    assert unpacked.startswith(b"SQLite format 3\0")
    assert await deleted.json() == {"success": True, "deleted": name}
    assert (await api.get("/api/backups"))["backups"] == []


async def test_a_backup_is_pinned_and_unpinned(api: Api):
    name = await made(api)

    for order, is_pinned in (("pin", True), ("unpin", False)):
        response = await api.ask(f"/api/backups/{name}/{order}", method="POST")
        answer = await response.json()
        require_shape(answer, BackupAnswer)
        assert answer["is_pinned"] is is_pinned


async def test_a_backup_that_is_damaged_says_so_and_is_not_restored(api: Api):
    name = await made(api)
    file = api.backups.folder.path / name
    content = bytearray(file.read_bytes())
    content[500] ^= 1
    file.write_bytes(content)

    await api.ask(f"/api/backups/{name}/verify", method="POST")
    job = await ended_job(api)

    assert job["work"] == "verify"
    assert job["error"]
    file.write_bytes(content[:100])
    status, error = await api.error(f"/api/backups/{name}/preview")
    assert (status, error["code"]) == (409, "backup_unusable")
    status, error = await api.error(f"/api/backups/{name}/restore", method="POST")
    assert (status, error["code"]) == (409, "backup_unusable")


async def test_what_a_restore_would_change_is_shown(api: Api):
    await api.store.change_settings({"LOG_LEVEL": "DEBUG", "AMBER_API_KEY": "psk_1"})
    name = await made(api)
    await api.store.change_settings({"LOG_LEVEL": None, "AMBER_API_KEY": "psk_2"})

    preview = await api.get(f"/api/backups/{name}/preview")

    require_shape(preview, RestorePreviewAnswer)
    assert preview["settings"] == {"LOG_LEVEL": {"now": None, "after": "DEBUG"}}
    # the token is in the store and not in the backup
    assert preview["rows"]["setting"] == {"now": 1, "after": 1}


async def test_one_thing_is_done_at_a_time(api: Api):
    await api.ask("/api/backups", method="POST")

    status, error = await api.error("/api/backups", method="POST")

    assert (status, error["code"]) == (409, "backup_in_progress")
    await ended_job(api)


async def test_a_backup_that_is_not_there_is_unknown(api: Api):
    for path, method in (
        ("", "GET"),
        ("", "DELETE"),
        ("/verify", "POST"),
        ("/pin", "POST"),
        ("/preview", "GET"),
        ("/restore", "POST"),
    ):
        status, error = await api.error(f"/api/backups/{MISSING}{path}", method=method)
        assert (status, error["code"]) == (404, "backup_unknown")
        assert error["parameter"] == "name"


async def test_a_server_that_cannot_close_its_store_refuses_to_restore(api: Api):
    name = await made(api)

    status, error = await api.error(f"/api/backups/{name}/restore", method="POST")

    assert (status, error["code"]) == (409, "restore_refused")


async def test_a_folder_that_cannot_be_read_is_no_reason_for_no_status(api: Api):
    api.backups.folder.path.write_text("in the way")

    assert (await api.get("/api/status"))["backups"] is None
