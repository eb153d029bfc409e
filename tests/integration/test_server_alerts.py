"""What the server says is wrong with it: repairs, and an event."""

from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntryState

from custom_components.energy_logger.api.server import ServerAlert
from custom_components.energy_logger.coordinator.server_alerts import (
    AlertEvent,
    news_between,
)
from custom_components.energy_logger.issues import SERVER_ALERTS
from tests.integration.linked import KEY, LinkedWorld
from tests.integration.observed import issues

EVENT = "event.energy_logger_alert"
SINCE = datetime(2026, 1, 4, 9, tzinfo=UTC)
AMBER = ServerAlert("source_failing", "amber", "It got nothing.", SINCE)
KAMO = ServerAlert("source_failing", "kamo", "It got nothing.", SINCE)
DISK = ServerAlert("disk_nearly_full", "", "0.1 GB are free.", SINCE)


def test_news_are_what_ended_and_what_began():
    news = news_between([AMBER, DISK], [DISK, KAMO])

    assert news == ((AlertEvent.ENDED, AMBER), (AlertEvent.BEGAN, KAMO))


def test_another_sentence_about_the_same_is_no_news():
    fuller = ServerAlert(DISK.code, "", "0.05 GB are free.", SINCE)

    assert news_between([DISK], [fuller]) == ()


async def test_a_key_that_is_refused_is_a_repair_and_an_event_until_it_works(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    before = linked.hass.states.get(EVENT)
    await linked.server.restart(AMBER_API_KEY="psk_" + "0" * 32)
    await linked.server.collect("amber")
    await linked.server.look()

    await linked.wait(minutes=5)

    began = linked.hass.states.get(EVENT)
    refused = issues(linked)
    await linked.server.restart()
    await linked.server.collect("amber")
    await linked.server.look()
    await linked.wait(minutes=5)
    ended = linked.hass.states.get(EVENT)

    assert before is not None
    assert before.state == "unknown"
    assert refused == {entry.entry_id: "key_refused"}
    assert began is not None
    assert began.attributes["event_type"] == "began"
    assert began.attributes["code"] == "key_refused"
    assert began.attributes["source"] == "Amber Electric"
    assert began.attributes["message"] == "The utility refuses the key."
    assert began.attributes["since"].startswith("2026-01-04T09:")
    assert issues(linked) == {}
    assert ended is not None
    assert ended.attributes["event_type"] == "ended"


@pytest.mark.parametrize("can_tell", [True, False])
async def test_a_server_whose_store_is_damaged_is_a_repair_though_it_cannot_answer(
    linked: LinkedWorld, can_tell: bool
):
    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "store_damaged"}}, status=503)

    async def status(_request: web.Request) -> web.Response:
        alert = {"code": "store_damaged", "message": "Its file is damaged.", "since": 5}
        return web.json_response({"alerts": [alert] if can_tell else "none"})

    app = web.Application()
    app.add_routes([web.get("/api/info", refuse), web.get("/api/status", status)])
    async with TestServer(app) as server:
        data = {"url": str(server.make_url("")), "api_key": KEY}
        entry = linked.entry(data=data)

        await linked.set_up(entry)

        assert entry.state is ConfigEntryState.SETUP_RETRY
        told = {entry.entry_id: "store_damaged"} if can_tell else {}
        assert issues(linked) == told


def test_every_condition_of_the_server_that_is_known_has_a_repair():
    assert {*SERVER_ALERTS} == {
        "backup_failed",
        "backup_overdue",
        "disk_nearly_full",
        "key_refused",
        "source_failing",
        "store_damaged",
        "store_failing",
    }
