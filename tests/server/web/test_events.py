"""``/api/events``, heard over loopback."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.domain.events import (
    BackfillStep,
    EventKind,
    PriceEvent,
    RunFinished,
)
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.web import make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.events.routes import STREAMS
from energy_logger_server.web.events.stream import (
    HEARTBEAT_S,
    MOST_STREAMS,
    SLOWEST_S,
)
from energy_logger_server.web.http.event_feed import BYTES_KEPT, EVENTS_KEPT, EventFeed
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import NOON, SITE_ID, price, prices_read
from tests.server.web.conftest import KEY, Api
from tests.server.web.listener import Listener, listening

pytestmark = pytest.mark.virtual_time

EVENTS = "/api/events"

type Listen = Callable[..., AbstractAsyncContextManager[Listener]]


def run(number: int, message: str = "no answer in 30 s") -> RunFinished:
    """Return the end of a run of which one series failed."""
    end = RunEnd(
        finished_at=RECORDED_AT + timedelta(seconds=2),
        outcome=Outcome.PARTIAL,
        series_total=4,
        failures=(Failure("load/7", "unreachable", message),),
        counts=WriteCounts(load=KindCounts(2, 1, 9)),
    )
    return RunFinished(
        RunRecord(number, Source.KAMO, Trigger.TICK, 5, RECORDED_AT, end)
    )


def step() -> BackfillStep:
    """Return a moment of backfill."""
    return BackfillStep(
        BackfillProgress(
            state=BackfillState.RUNNING,
            started_at=RECORDED_AT,
            at=RECORDED_AT + timedelta(minutes=2),
            windows_done=5,
            windows_total=20,
            rows=840,
            time_left=timedelta(minutes=6),
        )
    )


def streams(api: Api) -> int:
    """Return how many streams the server has."""
    assert isinstance(api.client.server, TestServer)
    return api.client.server.app[STREAMS].count


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


async def test_a_stream_begins_without_an_event(api: Api, listen: Listen):
    api.events.publish(run(1))

    async with listen() as listener:
        api.events.publish(run(2))
        heard = await listener.next()

        assert heard is not None
        assert heard.fields["id"] == 2
    assert listener.retry == 5000
    assert listener.comments == ["live events"]
    headers = listener.response.headers
    assert headers["Content-Type"] == "text/event-stream"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in headers


async def test_a_finished_run_is_reported_with_its_failures(api: Api, listen: Listen):
    async with listen() as listener:
        api.events.publish(run(7))
        heard = await listener.next()

    assert heard is not None
    assert heard.kind == "run_finished"
    assert heard.fields == {
        "id": 7,
        "source": "kamo",
        "trigger": "tick",
        "started_at": "2026-01-04T09:09:00+00:00",
        "completed_at": "2026-01-04T09:09:02+00:00",
        "status": "partial",
        "load_records_imported": 3,
        "load_records_skipped": 9,
        "substation_records_imported": 0,
        "substation_records_skipped": 0,
        "price_records_imported": 0,
        "price_records_skipped": 0,
        "usage_records_imported": 0,
        "usage_records_skipped": 0,
        "error_message": "1 of 4 series failed: unreachable",
        "duration_seconds": 2.0,
        "failures": [
            {
                "subject": "load/7",
                "code": "unreachable",
                "message": "no answer in 30 s",
            }
        ],
    }


async def test_a_price_is_reported_as_elsewhere_and_with_its_site(
    api: Api, listen: Listen
):
    sent = price(NOON, 30, 20.5, spikeStatus="spike")
    (record,) = prices_read([sent]).answer.records

    async with listen() as listener:
        api.events.publish(PriceEvent(EventKind.SPIKE_STARTED, SITE_ID, record))
        heard = await listener.next()

    assert heard is not None
    assert heard.kind == "spike_started"
    assert heard.fields == {
        **sent,
        "site_id": SITE_ID,
        "starts_at": "2026-01-04T11:30:00+10:00",
        "ends_at": "2026-01-04T12:00:00+10:00",
        "price_aud_per_kwh": 0.205,
        "spot_aud_per_kwh": 0.0825,
        "is_settled": True,
        "advanced_price_aud_per_kwh": None,
    }


async def test_backfill_is_reported_as_its_own_page_tells_it(api: Api, listen: Listen):
    async with listen() as listener:
        api.events.publish(step())
        heard = await listener.next()

    assert heard is not None
    assert heard.kind == "backfill_progress"
    assert heard.fields == {
        "state": "running",
        "started_at": "2026-01-04T09:09:00+00:00",
        "updated_at": "2026-01-04T09:11:00+00:00",
        "windows_done": 5,
        "windows_total": 20,
        "windows_failed": 0,
        "percent": 25.0,
        "rows": 840,
        "windows_per_minute": 2.5,
        "waiting_until": None,
        "waiting_for": None,
        "time_left_seconds": 360,
        "error": None,
    }


async def test_ids_ascend(api: Api, listen: Listen):
    async with listen() as listener:
        for number in range(3):
            api.events.publish(run(number))
        ids = [heard.id for heard in await listener.hear(3)]

    assert [int(one.rpartition("-")[2]) for one in ids] == [1, 2, 3]
    assert len({one.rpartition("-")[0] for one in ids}) == 1


async def lose_the_connection(api: Api, listen: Listen) -> str:
    """Hear of run 1, miss runs 2 and 3; return what was heard last."""
    async with listen() as listener:
        api.events.publish(run(1))
        await listener.next()
    api.events.publish(run(2))
    api.events.publish(run(3))
    return listener.last_event_id


async def test_who_comes_back_hears_exactly_what_was_missed(api: Api, listen: Listen):
    last = await lose_the_connection(api, listen)

    async with listen(Last_Event_ID=last) as listener:
        api.events.publish(run(4))
        heard = await listener.hear(3)

    assert [one.fields["id"] for one in heard] == [2, 3, 4]


async def test_who_cannot_send_headers_comes_back_by_address(api: Api, listen: Listen):
    last = await lose_the_connection(api, listen)

    async with listen(f"?last_event_id={last}") as listener:
        heard = await listener.hear(2)

    assert [one.fields["id"] for one in heard] == [2, 3]


async def test_the_header_is_newer_than_the_address(api: Api, listen: Listen):
    last = await lose_the_connection(api, listen)
    newest = api.events.id_of(api.events.newest)

    async with listen(f"?last_event_id={last}", Last_Event_ID=newest) as listener:
        api.events.publish(run(4))
        heard = await listener.next()

    assert heard is not None
    assert heard.fields["id"] == 4


async def test_who_left_before_the_first_event_misses_none(api: Api, listen: Listen):
    async with listen() as listener:
        pass
    api.events.publish(run(1))

    async with listen(Last_Event_ID=listener.last_event_id) as again:
        heard = await again.next()

    assert heard is not None
    assert heard.kind == "run_finished"


@pytest.mark.parametrize(
    "event_id",
    [
        "another-start-1",
        "1",
        "-1",
        "{mark}-99",
        "{mark}-01",
        "{mark}-",
        "é",
        "9" * 5000,
    ],
)
async def test_an_id_that_is_not_known_is_reported_before_all_else(
    api: Api, listen: Listen, event_id: str
):
    api.events.publish(run(1))
    mark = api.events.id_of(0).removesuffix("-0")

    async with listen(Last_Event_ID=event_id.format(mark=mark)) as listener:
        api.events.publish(run(2))
        lost, heard = await listener.hear(2)

    assert lost.kind == "missed"
    assert "read anew" in lost.fields["message"]
    assert heard.fields["id"] == 2


async def test_ids_of_two_starts_at_one_instant_differ():
    feeds = [EventFeed(RECORDED_AT, event_fields), EventFeed(RECORDED_AT, event_fields)]

    assert feeds[1].number_of(feeds[0].id_of(0)) is None


@pytest.mark.parametrize(
    "message", ["short", "x" * (BYTES_KEPT // 10)], ids=["count", "bytes"]
)
async def test_what_fell_out_of_the_buffer_is_reported_as_lost(
    api: Api, listen: Listen, message: str
):
    first = api.events.id_of(0)
    for number in range(EVENTS_KEPT + 1):
        api.events.publish(run(number, message))
    newest = api.events.id_of(api.events.newest)

    async with listen(Last_Event_ID=first) as listener:
        api.events.publish(run(-1))
        lost, heard = await listener.hear(2)

    assert (lost.kind, lost.id) == ("missed", newest)
    assert heard.fields["id"] == -1


async def test_the_buffer_holds_what_it_should():
    feed = EventFeed(RECORDED_AT, event_fields)
    for number in range(EVENTS_KEPT + 10):
        feed.publish(step() if number % 2 else run(number, ""))

    kept = feed.since(0)

    assert sum(len(event.block) for event in kept) <= BYTES_KEPT
    assert kept[-1].number == feed.newest
    assert not feed.has_all_since(kept[0].number - 2)
    assert feed.has_all_since(kept[0].number - 1)


async def test_a_burst_that_nobody_could_follow_is_reported_as_lost(
    api: Api, listen: Listen
):
    async with listen() as listener:
        for number in range(EVENTS_KEPT + 1):
            api.events.publish(run(number))
        lost = await listener.next()
        api.events.publish(run(-1))
        heard = await listener.next()

    assert lost is not None
    assert lost.kind == "missed"
    assert heard is not None
    assert heard.fields["id"] == -1


async def test_only_the_chosen_kinds_are_sent(api: Api, listen: Listen):
    async with listen("?types=run_finished,new_price") as listener:
        api.events.publish(step())
        api.events.publish(run(1))
        heard = await listener.next()

    assert heard is not None
    assert (heard.kind, heard.id) == ("run_finished", api.events.id_of(2))


async def test_who_wants_few_kinds_hears_nothing_of_others_that_were_lost(
    api: Api, listen: Listen
):
    async with listen("?types=spike_started,run_finished") as listener:
        for _ in range(2 * EVENTS_KEPT):
            api.events.publish(step())
            await asyncio.sleep(0)
        await listener.block()
    api.events.publish(run(1))

    async with listen(Last_Event_ID=listener.last_event_id) as again:
        heard = await again.next()

    assert heard is not None
    assert heard.kind == "run_finished"


@pytest.mark.parametrize("types", ["nothing", "run_finished,", ""])
async def test_a_kind_that_is_not_there_is_refused(api: Api, types: str):
    status, error = await api.error(f"{EVENTS}?types={types}")

    assert (status, error["parameter"]) == (400, "types")


async def test_there_is_a_sign_of_life_every_fifteen_seconds(listen: Listen):
    loop = asyncio.get_running_loop()
    async with listen() as listener:
        began = loop.time()
        beats = []
        for _ in range(3):
            await listener.block()
            beats.append(loop.time() - began)

    assert beats == pytest.approx([15, 30, 45], abs=0.5)
    assert listener.comments[1:] == ["still here"] * 3


async def test_events_without_the_key_are_refused(api: Api):
    status, _error = await api.error(EVENTS, key=None)

    assert status == 401


async def test_a_stream_has_no_head(api: Api):
    assert (await api.ask(EVENTS, method="HEAD")).status == 405


async def test_one_client_too_many_is_asked_to_come_later(api: Api, listen: Listen):
    async with AsyncExitStack() as stack:
        for _ in range(MOST_STREAMS):
            await stack.enter_async_context(listen())
        refused = await api.ask(EVENTS)

        assert refused.status == 503
        assert refused.headers["Retry-After"] == "30"
        assert (await refused.json())["error"]["code"] == "too_many_streams"
    await asyncio.sleep(2)
    async with listen():
        assert streams(api) == 1


@pytest.mark.parametrize(
    "key",
    [Secret("another-key-of-the-tests-012345"), ConfigurationError(["no key file"])],
    ids=["rotated", "unreadable"],
)
async def test_streams_end_when_their_key_is_not_in_force_any_more(
    api: Api, listen: Listen, key: Secret | ConfigurationError
):
    async with AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(listen()) for _ in range(6)]
        api.keys[:] = [key]

        assert [await one.next() for one in listeners] == [None] * 6
    api.keys[:] = [Secret(KEY)]
    # nobody guessed, so nobody has to wait
    async with listen() as listener:
        api.events.publish(run(1))
        assert await listener.next()


async def test_a_key_is_looked_at_also_while_events_come(api: Api, listen: Listen):
    async with listen() as listener:
        api.keys[:] = [Secret("another-key-of-the-tests-012345")]
        heard = 0
        api.events.publish(run(0))
        while await listener.next():
            heard += 1
            await asyncio.sleep(1)
            api.events.publish(run(heard))

    assert heard == pytest.approx(HEARTBEAT_S, abs=2)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[tuple[web.AppRunner, str]]:
    """Serve as the server itself does; yield the runner and the address of events."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner, f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS}"
    finally:
        await runner.cleanup()


async def test_a_client_that_goes_away_is_forgotten(api: Api):
    app = make_web_app(deps_of_server(api))
    async with served(app) as (_runner, url):
        async with ClientSession() as session, listening(session, url, X_API_Key=KEY):
            assert app[STREAMS].count == 1
        await asyncio.sleep(1.5)

        assert app[STREAMS].count == 0


async def test_ingress_needs_no_key_however_long(api: Api):
    app = make_web_app(deps_of_server(api), ingress_from={"127.0.0.1"})
    async with (
        served(app) as (_runner, url),
        ClientSession() as session,
        listening(session, url) as listener,
    ):
        await asyncio.sleep(2 * HEARTBEAT_S)
        api.events.publish(run(1))

        assert await listener.next()


async def test_the_servers_end_ends_streams_at_once(api: Api):
    loop = asyncio.get_running_loop()
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
    ):
        began = loop.time()
        await runner.cleanup()

        assert await listener.next() is None
        assert loop.time() - began < 1


def deps_of_server(api: Api) -> Any:
    """Return what the application of the fixture was given."""
    assert isinstance(api.client.server, TestServer)
    return api.client.server.app[DEPS]


@asynccontextmanager
async def deaf_client(url: str) -> AsyncIterator[None]:
    """Ask for events and never read them."""
    host, port = url.removeprefix("http://").removesuffix(EVENTS).split(":")
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(deaf, (host, int(port)))
        head = f"GET {EVENTS} HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {KEY}\r\n\r\n"
        await loop.sock_sendall(deaf, head.encode())
        yield


async def shout(feed: EventFeed, listener: Listener) -> None:
    """Publish more than a connection can hold; the listener hears all of it."""
    for number in range(200):
        feed.publish(run(number, "x" * 50_000))
        heard = await listener.next()
        assert heard is not None
        assert heard.fields["id"] == number


async def test_a_client_that_does_not_read_is_disconnected(
    api: Api, caplog: pytest.LogCaptureFixture
):
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (_runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
        deaf_client(url),
    ):
        with caplog.at_level(logging.WARNING):
            await shout(api.events, listener)
            await asyncio.sleep(SLOWEST_S + 1)

        assert app[STREAMS].count == 1
        api.events.publish(run(-1))
        heard = await listener.next()
    assert heard is not None
    assert heard.fields["id"] == -1
    assert caplog.messages == [
        "a client of live events at 127.0.0.1 did not read for 30 s: disconnected"
    ]


async def test_a_client_that_does_not_read_does_not_hold_up_the_end(api: Api):
    loop = asyncio.get_running_loop()
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
        deaf_client(url),
    ):
        await shout(api.events, listener)
        began = loop.time()
        await runner.cleanup()

        assert loop.time() - began < 1
