"""A refused key is said once, tried now and then, and heard of when it works again."""

import logging
from datetime import timedelta

import pytest

from energy_logger_server.api.errors import SourceRefused, SourceUnreachable
from energy_logger_server.collect.amber.key_watch import KeyWatch
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.conftest import NOON

REFUSED = SourceRefused("amber", "/sites", "access refused", status=403)


async def answering(error: Exception | None = None) -> str:
    """Answer, or fail."""
    if error is not None:
        raise error
    return "answer"


async def test_an_answer_passes_through(clock: SettableClock):
    key = KeyWatch(clock)

    assert await key.watch(answering()) == "answer"
    assert key.refused_since is None


async def test_a_refusal_is_said_once_however_often_it_comes(
    clock: SettableClock, caplog: pytest.LogCaptureFixture
):
    key = KeyWatch(clock)

    for _ in range(3):
        with pytest.raises(SourceRefused):
            await key.watch(answering(REFUSED))
        clock.advance(60)

    assert key.refused_since == NOON
    (line,) = caplog.messages
    assert "AMBER_API_KEY" in line


async def test_the_end_of_a_refusal_is_said_too(
    clock: SettableClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    key = KeyWatch(clock)
    with pytest.raises(SourceRefused):
        await key.watch(answering(REFUSED))
    caplog.clear()

    await key.watch(answering())
    await key.watch(answering())

    assert key.refused_since is None
    assert caplog.messages == ["Amber accepts the key again"]


async def test_other_failures_say_nothing_of_the_key(clock: SettableClock):
    key = KeyWatch(clock)

    with pytest.raises(SourceUnreachable):
        await key.watch(answering(SourceUnreachable("amber", "/x", "no answer")))

    assert key.refused_since is None


async def test_a_refused_key_is_tried_again_twice_soon_and_then_hourly(
    clock: SettableClock,
):
    key = KeyWatch(clock)
    with pytest.raises(SourceRefused):
        await key.watch(answering(REFUSED))
    waits = []
    for _probe in range(4):
        began = clock.now()
        while not key.is_probe_due():
            clock.advance(60)
        waits.append(clock.now() - began)
        assert not await key.probe(answering(REFUSED))

    assert waits == [timedelta(minutes=minutes) for minutes in (4, 4, 60, 60)]


async def test_a_refusal_after_a_good_answer_is_a_first_one_again(clock: SettableClock):
    key = KeyWatch(clock)
    for _probe in range(3):
        await key.probe(answering(REFUSED))
    await key.watch(answering())
    with pytest.raises(SourceRefused):
        await key.watch(answering(REFUSED))

    clock.advance(240)

    assert key.is_probe_due()


async def test_a_clock_that_is_set_back_does_not_put_a_probe_off(clock: SettableClock):
    key = KeyWatch(clock)
    assert key.is_probe_due()
    await key.probe(answering(REFUSED))

    clock.set(NOON - timedelta(hours=2))

    assert key.is_probe_due()


async def test_a_probe_that_gets_through_ends_the_refusal(clock: SettableClock):
    key = KeyWatch(clock)
    with pytest.raises(SourceRefused):
        await key.watch(answering(REFUSED))

    assert await key.probe(answering())
    assert key.refused_since is None
    await key.wait_until_accepted()
