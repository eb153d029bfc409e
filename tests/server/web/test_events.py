"""``/api/events``, heard over loopback."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.events import (
    EventKind,
    PriceEvent,
)
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.web.events.stream import (
    HEARTBEAT_S,
    MOST_STREAMS,
)
from energy_logger_server.web.http.event_feed import EVENTS_KEPT
from tests.server.store.material import NOON, SITE_ID, price, prices_read
from tests.server.web.conftest import KEY, Api
from tests.server.web.events_sent import EVENTS, Listen, run, step, streams

pytestmark = pytest.mark.virtual_time


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
