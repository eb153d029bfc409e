"""Waiting that notices clocks, ends what it began, and tells the first error."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.collect.waiting import (
    finish_before_cancel,
    run_all,
    run_until,
    sleep_until,
)
from tests.server.collect.fakes import SettableVirtualClock

pytestmark = pytest.mark.virtual_time

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


async def test_a_sleeper_wakes_at_its_instant():
    clock = SettableVirtualClock(START)

    await sleep_until(clock, START + timedelta(minutes=50))

    assert clock.now() - START - timedelta(minutes=50) < timedelta(milliseconds=1)


async def test_a_past_instant_is_not_waited_for():
    clock = SettableVirtualClock(START)

    await sleep_until(clock, START - timedelta(seconds=1))

    assert clock.now() == START


async def test_a_clock_that_is_set_on_wakes_a_sleeper_within_a_minute():
    clock = SettableVirtualClock(START)
    loop = asyncio.get_running_loop()
    loop.call_later(5, setattr, clock, "ahead", timedelta(hours=6))
    began_s = loop.time()

    await sleep_until(clock, START + timedelta(minutes=50))

    assert loop.time() - began_s <= 60


async def test_unhurried_work_ends_before_the_cancellation_is_reported():
    done = []

    async def work() -> None:
        await asyncio.sleep(10)
        done.append(1)

    task = asyncio.ensure_future(finish_before_cancel(work()))
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]


async def test_unhurried_work_that_fails_after_a_cancellation_stays_cancelled():
    async def work() -> None:
        await asyncio.sleep(10)
        raise ValueError

    task = asyncio.ensure_future(finish_before_cancel(work()))
    await asyncio.sleep(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_unhurried_work_that_is_cancelled_itself_is_reported():
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await finish_before_cancel(work())


async def test_an_error_in_one_of_several_cancels_the_others_and_is_raised_as_it_is():
    ended = []

    async def endless() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(1)

    async def failing() -> None:
        await asyncio.sleep(1)
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        await run_all([endless(), failing()])
    assert ended == [1]


async def test_unhurried_work_that_fails_after_a_cancellation_is_not_reported_twice(
    caplog,
):
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise ValueError

    task = asyncio.ensure_future(finish_before_cancel(work()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert caplog.records == []


async def test_a_clock_that_is_set_back_makes_no_wait_longer():
    clock = SettableVirtualClock(START)
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    loop.call_later(10, setattr, clock, "ahead", timedelta(days=-400))

    await sleep_until(clock, START + timedelta(seconds=45))

    assert loop.time() - began_s == pytest.approx(45)


async def test_an_instant_shown_before_the_clock_was_set_back_is_not_waited_for():
    clock = SettableVirtualClock(START)
    at = START + timedelta(seconds=20)
    clock.ahead = timedelta(days=-400)

    await sleep_until(clock, at)

    assert clock.now() == START - timedelta(days=400)


async def test_work_ends_when_what_it_runs_until_has_come():
    ended, event = [], asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    running = asyncio.ensure_future(run_until(event, endless()))
    await asyncio.sleep(0)
    event.set()
    await running

    assert ended == ["work"]


async def test_an_error_of_work_that_runs_until_something_is_raised():
    async def failing() -> None:
        raise KeyError("work")

    with pytest.raises(KeyError, match="work"):
        await run_until(asyncio.Event(), failing())


async def test_a_cancellation_ends_the_work_that_runs_until_something():
    ended = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("work")

    running = asyncio.ensure_future(run_until(asyncio.Event(), endless()))
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running})

    assert running.cancelled()
    assert ended == ["work"]
