"""A real store behind the real application, asked over loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestClient, TestServer

from energy_logger_server.api.amber_models import Site
from energy_logger_server.app.backtests import Backtests
from energy_logger_server.app.backups import Backups
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.collecting.backfill_progress import BackfillStatus
from energy_logger_server.domain.collecting.runs import RunRecord, Source
from energy_logger_server.domain.collecting.status import (
    CollectingStatus,
    CycleTimes,
    SourceStatus,
)
from energy_logger_server.domain.events import PeakCheck
from energy_logger_server.domain.startup import StartupState
from energy_logger_server.errors import RunInProgress
from energy_logger_server.notify.notifier import Notifier
from energy_logger_server.notify.observing import OpenServer
from energy_logger_server.store import Store
from energy_logger_server.store.db.stream import ChunkProducer, Stream
from energy_logger_server.web import WebDeps, make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.http.event_feed import EventFeed
from energy_logger_simulator.kamo.recording import RECORDED_AT
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store_template import lay_store
from tests.server.web.answers import Collector
from tests.server.web.events_sent import EVENTS, Listen
from tests.server.web.listener import Listener, listening

KEY = "the-key-of-the-tests-0123456789"

ENVIRONMENT = {"SMTP_HOST": "mail.example.org", "AMBER_API_KEY": "psk_of_the_tests"}
"""What the machine sets."""


class FakeBackfill:
    """Backfill as its status says; notes what it was asked for."""

    def __init__(self) -> None:
        self.stands = BackfillStatus()
        self.asked: list[str] = []

    def status(self) -> BackfillStatus:
        """Return what a test has set, or an order changed."""
        return self.stands

    def start(self) -> None:
        """Be running from now on."""
        if self.stands.is_running:
            raise RunInProgress("backfill")
        self.asked.append("start")
        self.stands = replace(self.stands, is_running=True)

    def queue(self) -> bool:
        """Run from now on, or once more after this pass."""
        self.asked.append("queue")
        is_running = self.stands.is_running
        self.stands = replace(self.stands, is_running=True, is_queued=is_running)
        return not is_running

    def pause(self) -> None:
        """Be paused from now on."""
        self.stands = replace(self.stands, is_paused=True)

    def resume(self) -> None:
        """Be paused no more."""
        self.stands = replace(self.stands, is_paused=False)

    def cancel(self) -> bool:
        """Be asked to end."""
        self.asked.append("cancel")
        return self.stands.is_running


class FakeCollecting:
    """What the composition root hands in: states and runs that a test sets."""

    def __init__(self) -> None:
        self.backfill = FakeBackfill()
        self.status = CollectingStatus()
        self.runs: dict[Source, RunRecord] = {}
        self.asked: list[Source] = []
        self.tokens: list[Secret] = []
        self.sites: tuple[Site, ...] | Exception = ()
        self.peak_looks: list[PeakCheck] = []

    def set_up(self, *sources: Source, **changes: Any) -> None:
        """Let sources be started and idle, but for the changes."""
        plain = SourceStatus(
            source=Source.KAMO,
            interval_minutes=5,
            is_started=True,
            is_running=False,
            next_tick_at=None,
            refused_since=None,
            ticks_skipped=0,
            cycle_times=CycleTimes(),
        )
        added = tuple(replace(plain, source=source, **changes) for source in sources)
        self.status = replace(self.status, sources=(*self.status.sources, *added))

    def peak_look(self) -> PeakCheck | None:
        """Return what the watch saw, as a test set it."""
        return next(iter(self.peak_looks), None)

    async def amber_sites(self, token: Secret) -> tuple[Site, ...]:
        """Return the sites that a test prepared for a token, or raise its error."""
        self.tokens.append(token)
        if isinstance(self.sites, Exception):
            raise self.sites
        return self.sites

    async def collect_now(self, source: Source) -> RunRecord:
        """Return the run that a test prepared; without one, say that one is on."""
        self.asked.append(source)
        if source not in self.runs:
            raise RunInProgress(source.value)
        return self.runs[source]


@dataclass(frozen=True, slots=True)
class Api:
    """The served application and what a test may do to it."""

    client: TestClient[Any, Any]
    store: Store
    clock: SettableClock
    collector: Collector
    collecting: FakeCollecting
    keys: list[Secret | Exception]
    events: EventFeed
    notifier: Notifier
    backups: Backups
    backtests: Backtests

    def break_key(self, error: Exception) -> None:
        """Let the key be unreadable."""
        self.keys[:] = [error]

    async def ask(
        self, path: str, *, key: str | None = KEY, method: str = "GET", **kwargs: Any
    ) -> ClientResponse:
        """Return an answer whose body has been read."""
        headers = {} if key is None else {"X-API-Key": key}
        async with self.client.request(
            method, path, headers={**headers, **kwargs.pop("headers", {})}, **kwargs
        ) as response:
            await response.read()
            return response

    async def get(self, path: str, **kwargs: Any) -> Any:
        """Return the JSON of an answer that must be a good one."""
        response = await self.ask(path, **kwargs)
        assert response.status == 200, await response.text()
        return await response.json()

    async def follow(self, answer: ClientResponse) -> ClientResponse | None:
        """Return what the link to the next page leads to; None without a link."""
        link = answer.links.get("next")
        if link is None:
            return None
        headers = {"X-API-Key": KEY}
        async with self.client.session.get(link["url"], headers=headers) as response:
            await response.read()
            return response

    async def pages(self, path: str) -> list[Any]:
        """Return the JSON of an answer and of all pages behind it."""
        answer: ClientResponse | None = await self.ask(path)
        found = []
        while answer is not None:
            found.append(await answer.json())
            answer = await self.follow(answer)
        return found

    async def error(self, path: str, **kwargs: Any) -> tuple[int, dict[str, Any]]:
        """Return status and error of an answer that must be a bad one."""
        response = await self.ask(path, **kwargs)
        body = await response.json()
        assert response.content_type == "application/json"
        return response.status, body["error"]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(RECORDED_AT)


@pytest.fixture
async def store(tmp_path: Path, clock: SettableClock) -> AsyncIterator[Store]:
    opened = await Store.open(lay_store(tmp_path / "energy.db"), clock)
    yield opened
    await opened.close()


@pytest.fixture
def has_backfill() -> bool:
    """Whether the server has an Amber token."""
    return True


@pytest.fixture
async def api(
    store: Store,
    clock: SettableClock,
    has_backfill: bool,
    tmp_path: Path,
) -> AsyncIterator[Api]:
    collecting = FakeCollecting()
    keys: list[Secret | Exception] = [Secret(KEY)]
    events = EventFeed(clock.now(), event_fields)

    def api_key() -> Secret:
        key = keys[-1]
        if isinstance(key, Exception):
            raise key
        return key

    settings = LiveSettings(build_settings(environment=ENVIRONMENT), {}, store)
    notifier = Notifier(settings.current, clock, lambda: StartupState(clock.now()))
    settings.on_change(notifier.apply_settings)
    backups = Backups(
        replace(
            settings.current,
            data_dir=tmp_path,
            database_url=Secret(f"sqlite:///{tmp_path / 'energy.db'}"),
        ),
        clock,
        events.publish,
        None,
    )
    backtests = Backtests(store, clock, events.publish)
    await notifier.use(OpenServer(store, lambda: collecting.status, backups.status))
    app = make_web_app(
        WebDeps(
            store=store,
            clock=clock,
            started_at=clock.now(),
            api_key=api_key,
            collect_now=collecting.collect_now,
            collecting_status=lambda: collecting.status,
            find_backfill=lambda: collecting.backfill if has_backfill else None,
            peak_look=collecting.peak_look,
            amber_sites=collecting.amber_sites,
            settings_service=settings,
            store_checked_at=lambda: None,
            notifications=notifier,
            backups=backups,
            backtests=backtests,
            events=events,
            export_folder=tmp_path / "unfinished_exports",
        )
    )
    async with TestClient(TestServer(app)) as client:
        collector = Collector(store, clock)
        yield Api(
            client,
            store,
            clock,
            collector,
            collecting,
            keys,
            events,
            notifier,
            backups,
            backtests,
        )
    await backtests.stop()
    await backups.stop()


@pytest.fixture
def ended(api: Api, monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Can be acquired once for each export whose thread has ended."""
    streams_ended = asyncio.Semaphore(0)
    stream = api.store.stream

    @asynccontextmanager
    async def watched(make: ChunkProducer[bytes]) -> AsyncIterator[Stream[bytes]]:
        async with stream(make) as found:
            try:
                yield found
            finally:
                # the test server cancels handlers whose client has gone
                found.close().add_done_callback(lambda _closed: streams_ended.release())

    monkeypatch.setattr(api.store, "stream", watched)
    return streams_ended


type StartApp = Callable[..., Awaitable[TestClient[Any, Any]]]


@pytest.fixture
async def start_app(api: Api) -> AsyncIterator[StartApp]:
    """Serve the same data once more; keywords are those of ``make_web_app``."""
    async with AsyncExitStack() as stack:

        async def start(**how: Any) -> TestClient[Any, Any]:
            app: Any = api.client.app
            server = TestServer(make_web_app(app[DEPS], **how))
            return await stack.enter_async_context(TestClient(server))

        yield start


@pytest.fixture
async def amber(api: Api) -> Api:
    """A server that collects Amber every five minutes."""
    api.collecting.set_up(Source.AMBER)
    return api


@pytest.fixture
def listen(api: Api) -> Listen:
    """Open a stream with the key; keywords are headers."""

    @asynccontextmanager
    async def opened(query: str = "", **headers: str) -> AsyncIterator[Listener]:
        url = str(api.client.make_url(f"{EVENTS}{query}"))
        sent = {"X_API_Key": KEY, **headers}
        async with ClientSession() as session, listening(session, url, **sent) as one:
            yield one

    return opened
