"""Who is told what while things go wrong, over hours, restarts and a broken store."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, override

import pytest
from aiohttp import ClientConnectorError, ClientSession, web
from aiohttp.typedefs import Handler

from energy_logger_server import app
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock
from tests.launch.programs import free_port
from tests.server.notify.mail_server import MailServer, mail_server
from tests.server.notify.receiver import TOKEN, Receiver, receiver
from tests.server.store.damaged import overwrite_root_page
from tests.server.store_template import lay_store
from tests.server.whole.conftest import KEY, START, settings_for

pytestmark = pytest.mark.virtual_time

MINUTE = timedelta(minutes=1)
CYCLE = 5 * MINUTE
STORE = "energy-logger.db"


class Utilities(Simulator):
    """Both utilities, which can be down: that costs no work.

    Attributes:
        status: What they answer everything with; 200 for their own answers.
    """

    status = 200

    @override
    def app(self) -> web.Application:
        app = super().app()
        app.middlewares.append(self._answer)
        return app

    @web.middleware
    async def _answer(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if self.status != 200:
            return web.json_response({"message": "no"}, status=self.status)
        return await handler(request)


@dataclass(slots=True)
class World:
    """A household that is told by mail and by a web service.

    Attributes:
        utilities: They go by the same clock.
        clock: Follows virtual time.
        mail: Its mail server.
        webhook: Its web service.
        folder: Where servers keep their store.
        running: Starts a server, and stops it at the end.
    """

    utilities: Utilities
    clock: VirtualClock
    mail: MailServer
    webhook: Receiver
    folder: Path
    running: Callable[..., Any]

    async def pass_by(self, time: timedelta) -> None:
        """Let a time pass."""
        await asyncio.sleep(time.total_seconds())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = VirtualClock(START)
    utilities = Utilities(
        amber=AmberConfig(start=START), kamo=KamoConfig(), now=clock.now
    )
    lay_store(tmp_path / STORE)
    async with (
        serve(utilities) as base_url,
        mail_server() as mail,
        receiver() as webhook,
    ):

        @asynccontextmanager
        async def running(**values: str) -> AsyncIterator[ClientSession]:
            port = free_port()
            settings = settings_for(
                tmp_path,
                base_url,
                **{
                    "KAMO_ENABLED": "false",
                    "COLLECT_FORECASTS": "false",
                    "SMTP_HOST": "127.0.0.1",
                    "SMTP_PORT": str(mail.port),
                    "SMTP_SECURITY": "none",
                    "NOTIFICATION_EMAIL": "owner@example.org",
                    "NOTIFICATION_URLS": webhook.url,
                    "PUBLIC_URL": "http://nas.example.org:8080",
                    "TZ": "Australia/Brisbane",
                    **values,
                },
            )
            server = app.serve(replace(settings, port=port), clock)
            task = asyncio.ensure_future(server)
            url = f"http://127.0.0.1:{port}"
            try:
                async with ClientSession(url, headers={"X-API-Key": KEY}) as client:
                    while not task.done():
                        with suppress(ClientConnectorError):
                            await client.get("/api/health")
                            break
                        await asyncio.sleep(0)
                    yield client
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

        yield World(utilities, clock, mail, webhook, tmp_path, running)


async def test_300_failing_cycles_with_a_restart_are_one_failure_and_one_recovery(
    world: World,
):
    world.utilities.status = 502
    async with world.running():
        await world.pass_by(150 * CYCLE)
    async with world.running():
        await world.pass_by(150 * CYCLE)
        world.utilities.status = 200
        await world.pass_by(4 * CYCLE)

    subjects = [
        "[Energy Logger] Amber cannot be read",
        "[Energy Logger] Amber is read again",
    ]
    assert world.mail.subjects == subjects
    assert world.webhook.titles == subjects
    failure, recovery = world.mail.bodies
    assert failure.splitlines() == [
        "Amber cannot be read.",
        "",
        "What happened: The last run got nothing (unreachable).",
        "Since: 2026-01-04 19:09 AEST",
        (
            "What happens next: It is tried again at every tick, and what was missed "
            "is fetched later as far back as the utility still has it. You will "
            "be notified when it is over."
        ),
        "",
        "-- ",
        "More on the pages of Energy Logger: http://nas.example.org:8080/",
    ]
    assert recovery.startswith("Amber is read again.")
    assert "Since: 2026-01-04 19:09 AEST\nUntil: 2026-01-05 20:" in recovery
    assert ", for 1 d 1 h\nWhat happens next: Nothing has to be done." in recovery


async def test_everything_that_fails_at_once_is_one_message_that_lists_all(
    world: World,
):
    world.utilities.status = 502
    async with world.running(KAMO_ENABLED="true") as client:
        await world.pass_by(5 * CYCLE)
        status = await (await client.get("/api/status")).json()

    assert world.mail.subjects == [
        "[Energy Logger] 2 problems: KAMO cannot be read; Amber cannot be read"
    ]
    (body,) = world.mail.bodies
    assert body.count("What happened: ") == 2
    told = [(one["code"], one["subject"]) for one in status["alerts"]]
    assert told == [("source_failing", "amber"), ("source_failing", "kamo")]
    assert [one["waiting"] for one in status["notifications"]] == [0, 0]


async def test_a_token_that_is_refused_is_told_once_and_not_as_a_failure(world: World):
    async with world.running(AMBER_API_KEY="psk_" + "0" * 32):
        await world.pass_by(30 * CYCLE)

    assert world.mail.subjects == ["[Energy Logger] Amber refuses the key"]
    assert "until the key is right" in world.mail.bodies[0]


async def test_a_service_that_fails_stops_no_other_and_is_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    world.utilities.status = 502
    world.webhook.status = 500
    async with world.running() as client:
        await world.pass_by(12 * CYCLE)
        status = await (await client.get("/api/status")).json()
        asked = world.webhook.asked
        world.webhook.status = 200
        await world.pass_by(12 * CYCLE)
        after = await (await client.get("/api/status")).json()

    assert len(world.mail.mails) == 1
    # after 1, 2, 4, 8 and 16 minutes
    assert asked == 6
    assert world.webhook.titles == world.mail.subjects
    mail, webhook = status["notifications"]
    assert (mail["failing_since"], mail["waiting"]) == (None, 0)
    assert webhook["problem"] == "the service refuses the message with status 500"
    assert (webhook["waiting"], webhook["last_sent_at"]) == (1, None)
    assert after["notifications"][1]["failing_since"] is None
    lines = [one for one in caplog.messages if "messages by json" in one]
    assert len(lines) == 2
    assert TOKEN not in caplog.text


async def test_what_happens_in_quiet_hours_is_told_after_them_in_one_message(
    world: World,
):
    async with world.running(NOTIFICATION_QUIET_HOURS="19:00-21:00"):
        world.utilities.status = 502
        await world.pass_by(5 * CYCLE)
        world.utilities.status = 200
        await world.pass_by(3 * CYCLE)
        world.utilities.status = 401
        await world.pass_by(9 * CYCLE)
        quiet = len(world.mail.mails)
        await world.pass_by(9 * CYCLE)

    assert quiet == 0
    assert world.mail.subjects == [
        "[Energy Logger] 1 problem, 1 over: Amber refuses the key; Amber is read again"
    ]
    assert world.mail.mails[0]["Date"].startswith("Sun, 04 Jan 2026 11:0")


async def test_a_damaged_store_is_told_by_a_server_that_cannot_open_it(world: World):
    good = (world.folder / STORE).read_bytes()
    (world.folder / STORE).write_bytes(b"no database at all" * 100)
    async with world.running() as client:
        await world.pass_by(CYCLE)
        damaged = [*world.mail.subjects]
        status = await (await client.get("/api/status")).json()
        (world.folder / STORE).write_bytes(good)
        await world.pass_by(6 * CYCLE)

    assert damaged == ["[Energy Logger] The store is damaged"]
    assert [one["code"] for one in status["alerts"]] == ["store_damaged"]
    assert "its file is damaged: restore a backup" in world.mail.bodies[0]
    assert world.mail.subjects[1:] == ["[Energy Logger] The store is whole again"]


async def test_damage_that_a_look_finds_ends_all_writing_and_is_told(world: World):
    file = world.folder / STORE
    # of a table that nobody reads at a start, nor without KAMO
    overwrite_root_page(file, "load")
    async with world.running() as client:
        await world.pass_by(timedelta(minutes=11))
        left = file.read_bytes()
        await world.pass_by(timedelta(hours=1))
        status = await (await client.get("/api/status")).json()
        ready = await client.get("/api/ready")
        reason = (await ready.json())["error"]["message"]
    async with world.running() as client:
        await world.pass_by(CYCLE)

    assert (status["status"], ready.status) == ("unhealthy", 503)
    assert reason.startswith("its file is damaged: restore a backup")
    assert file.read_bytes() == left
    # the second server cannot know what the first has told: the store is closed
    assert world.mail.subjects == ["[Energy Logger] The store is damaged"] * 2


async def test_a_store_says_when_it_was_found_whole_and_a_day_later_what_is_damaged(
    world: World,
):
    file = world.folder / STORE
    world.utilities.status = 502
    async with world.running(COLLECTION_INTERVAL_MINUTES="30") as client:
        await world.pass_by(timedelta(hours=23))
        whole = await (await client.get("/api/status")).json()
        metrics = await (await client.get("/metrics")).text()
        # of a table that only an answer like the last would read
        overwrite_root_page(file, "load")
        left = file.read_bytes()
        await world.pass_by(timedelta(hours=2))
        found = await (await client.get("/api/status")).json()
        no_metrics = await client.get("/metrics")
        await world.pass_by(timedelta(hours=1))

    looked_at = START + timedelta(minutes=10)
    checked_at = datetime.fromisoformat(whole["storage"]["checked_at"])
    assert abs(checked_at - looked_at) < 3 * MINUTE
    assert "\nenergy_logger_store_checked_seconds " in metrics
    since = datetime.fromisoformat(found["storage"]["failing_since"])
    assert abs(since - looked_at - timedelta(days=1)) < 5 * MINUTE
    assert found["storage"]["problem"].startswith("its file is damaged: restore a ba")
    assert (
        "the newest proven backup is of 2026-01-04 17:4" in found["storage"]["problem"]
    )
    assert "store_damaged" in [one["code"] for one in found["alerts"]]
    assert (found["status"], no_metrics.status) == ("unhealthy", 503)
    assert file.read_bytes() == left
    assert "[Energy Logger] The store is damaged" in world.mail.subjects
