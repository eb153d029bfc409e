"""``/api/export``: readers who leave, wait, take nothing, or read beside a writer."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientPayloadError, ClientResponse, web

from energy_logger_server.web import make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.http import slow_readers as patience
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.bench.export_rows import READINGS_PER_HOUR, insert_hours
from tests.server.web.answers import table
from tests.server.web.conftest import KEY, Api

MINUTE = timedelta(minutes=1)
MANY_HOURS = 900
"""Twenty megabytes of readings: more than the sockets between hold."""


def fill(tmp_path: Path, hours: int = MANY_HOURS) -> None:
    """Put hours of many readings of an area into the store."""
    insert_hours(tmp_path / "energy.db", hours)


async def start(api: Api, query: str = "") -> ClientResponse:
    """Begin to read a long export, and read its first bytes only."""
    answer = await api.client.get(
        f"/api/export/substations/1{query}", headers={"X-API-Key": KEY}
    )
    await answer.content.readany()
    return answer


async def test_a_reader_who_leaves_ends_the_work(
    api: Api, tmp_path: Path, ended: asyncio.Semaphore
):
    fill(tmp_path)
    answer = await start(api)
    assert api.store.open_streams == 1

    answer.close()
    await ended.acquire()

    assert api.store.open_streams == 0


async def test_a_reader_who_leaves_a_server_that_cancels_nothing_ends_the_work_too(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    caplog: pytest.LogCaptureFixture,
):
    fill(tmp_path)
    runner = web.AppRunner(make_web_app(api.client.app[DEPS]))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/export/substations/1"

    answer = await api.client.session.get(url, headers={"X-API-Key": KEY})
    await answer.content.readany()
    answer.close()
    await ended.acquire()

    await runner.cleanup()
    assert caplog.text == ""


async def test_a_third_export_must_wait_for_one_of_the_two_before_it(
    api: Api, tmp_path: Path, ended: asyncio.Semaphore
):
    fill(tmp_path)
    first, second = await start(api), await start(api, "?format=json")

    refused = await api.ask("/api/export/substations/1")

    assert refused.status == 503
    assert refused.headers["Retry-After"] == "5"
    assert (await refused.json())["error"]["code"] == "exports_busy"
    assert (await api.ask("/api/health")).status == 200
    first.close()
    second.close()
    await ended.acquire()
    assert (await api.ask("/api/export/substations/1?days=1")).status == 404


async def test_two_exports_beside_a_writer_miss_nothing_and_tell_nothing_twice(
    api: Api, tmp_path: Path
):
    hours = 150
    fill(tmp_path, hours)
    exports = [
        asyncio.create_task(
            api.ask("/api/export/substations/1?columns=snapshot_time,substation_name")
        )
        for _number in range(2)
    ]
    written = 0
    while not all(export.done() for export in exports):
        at = RECORDED_AT + written * 5 * MINUTE
        await api.collector.run(table(1, at, {"Substation 1": (1.0, 1.0, 1.0)}))
        written += 1

    for export in exports:
        lines = (await (await export).text()).splitlines()
        assert len(set(lines)) == len(lines)
        assert len(lines) >= 1 + hours * READINGS_PER_HOUR
        assert lines[1:] == sorted(lines[1:], key=lambda line: line[:19])


@pytest.mark.parametrize("query", ["", "?format=json", "?compression=gzip"])
async def test_an_export_that_breaks_off_does_not_look_whole(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    caplog: pytest.LogCaptureFixture,
    query: str,
):
    fill(tmp_path)
    answer = await api.client.get(
        f"/api/export/substations/1{query}", headers={"X-API-Key": KEY}
    )
    head = await answer.content.readany()
    assert head

    with closing(sqlite3.connect(tmp_path / "energy.db")) as connection:
        connection.execute("DROP TABLE substation_reading")
    with pytest.raises(ClientPayloadError):
        await answer.content.read()

    await ended.acquire()
    assert "broke off" in caplog.text
    assert api.store.open_streams == 0


async def test_a_reader_who_takes_nothing_is_given_up(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.05)
    fill(tmp_path)

    answer = await start(api)
    await ended.acquire()

    with pytest.raises(ClientPayloadError):
        await answer.content.read()
