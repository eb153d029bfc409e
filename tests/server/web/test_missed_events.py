"""Who comes back to ``/api/events`` gets what was missed, or learns that it is lost."""

import pytest

from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.http.event_feed import BYTES_KEPT, EVENTS_KEPT, EventFeed
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.conftest import Api
from tests.server.web.events_sent import Listen, run, step

pytestmark = pytest.mark.virtual_time


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
