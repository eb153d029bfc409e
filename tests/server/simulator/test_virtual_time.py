"""Waiting is free, and nothing that is under way gets overtaken by it."""

import asyncio
import os
import selectors
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from typing import override

import aiohttp
import pytest
from aiohttp import web

from energy_logger_server.clock import SystemClock
from energy_logger_simulator import virtual_time
from energy_logger_simulator.virtual_time import VirtualClock, VirtualTimeLoop

START = datetime(2026, 1, 4, 9, 9, tzinfo=UTC)
HOUR_S = 3600
YEAR_S = 365 * 86_400
PROMPT_S = 30
"""Real time that a busy machine may take for what takes a few milliseconds."""


@pytest.fixture
async def serve() -> AsyncIterator[
    Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]
]:
    """Start a handler on a free loopback port and give its address."""
    runners = []

    async def start(
        answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> str:
        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    yield start
    for runner in runners:
        await runner.cleanup()


def test_the_system_clock_tells_utc():
    before = time.time()

    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert before <= now.timestamp() <= time.time()


async def test_an_unmarked_test_runs_in_real_time():
    loop = asyncio.get_running_loop()

    assert not isinstance(loop, VirtualTimeLoop)
    assert loop.time() == pytest.approx(time.monotonic(), abs=PROMPT_S)


@pytest.mark.virtual_time
async def test_a_marked_test_runs_in_virtual_time():
    assert isinstance(asyncio.get_running_loop(), VirtualTimeLoop)


@pytest.mark.virtual_time
async def test_ten_years_pass_at_once():
    clock = VirtualClock(START)
    began = time.monotonic()

    await asyncio.sleep(10 * YEAR_S)

    assert clock.now() == START + timedelta(seconds=10 * YEAR_S)
    assert time.monotonic() - began < PROMPT_S


@pytest.mark.virtual_time
async def test_timers_still_fire_at_their_time_after_ten_years():
    clock = VirtualClock(START)
    await asyncio.sleep(10 * YEAR_S)

    for _ in range(100):
        await asyncio.sleep(300)

    late_by = clock.now() - START - timedelta(seconds=10 * YEAR_S + 100 * 300)
    assert abs(late_by) < timedelta(milliseconds=1)


@pytest.mark.virtual_time
async def test_a_clock_started_later_starts_at_its_own_instant():
    await asyncio.sleep(77)

    clock = VirtualClock(START.astimezone(timezone(timedelta(hours=-6))))

    assert clock.now() == START
    assert clock.now().tzinfo is UTC


@pytest.mark.virtual_time
async def test_a_clock_needs_an_instant_with_an_offset():
    with pytest.raises(ValueError, match="offset"):
        VirtualClock(START.replace(tzinfo=None))


@pytest.mark.virtual_time
async def test_ticks_aligned_to_the_clock_do_not_drift():
    clock = VirtualClock(START + timedelta(microseconds=123_457))
    seen = []

    for tick in range(1, 1001):
        due = START + timedelta(minutes=5 * tick)
        await asyncio.sleep((due - clock.now()).total_seconds())
        seen.append(clock.now() - due)

    assert set(seen) == {timedelta(0)}


@pytest.mark.virtual_time
async def test_sleepers_wake_in_the_order_of_their_times():
    woken = []

    async def sleeper(delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        woken.append((delay_s, asyncio.get_running_loop().time()))

    await asyncio.gather(*(sleeper(s) for s in (3 * HOUR_S, 5, HOUR_S, 0.001)))

    assert woken == [(s, s) for s in (0.001, 5, HOUR_S, 3 * HOUR_S)]


@pytest.mark.virtual_time
async def test_a_client_times_out_on_a_slow_server_without_real_waiting(serve):
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(HOUR_S)
        return web.Response(text="late")

    url = await serve(slow)
    loop = asyncio.get_running_loop()
    began, began_real = loop.time(), time.monotonic()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(TimeoutError):
            await session.get(url, timeout=aiohttp.ClientTimeout(total=300))

    assert 300 <= loop.time() - began < 302
    assert time.monotonic() - began_real < PROMPT_S


@pytest.mark.virtual_time
async def test_a_patient_client_gets_the_answer_of_a_slow_server(serve):
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(HOUR_S)
        return web.Response(text="late")

    url = await serve(slow)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with aiohttp.ClientSession() as session:
        answer = await session.get(url, timeout=aiohttp.ClientTimeout(total=7200))
        text = await answer.text()

    assert text == "late"
    assert loop.time() - began == pytest.approx(HOUR_S)


@pytest.mark.virtual_time
async def test_prompt_answers_take_no_virtual_time(serve):
    async def prompt(_request: web.Request) -> web.Response:
        return web.Response(body=bytes(100_000))

    url = await serve(prompt)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with aiohttp.ClientSession() as session:
        for _ in range(50):
            async with asyncio.timeout(0.001), session.get(url) as answer:
                assert len(await answer.read()) == 100_000

    assert loop.time() == began


@pytest.mark.virtual_time
async def test_an_idle_keep_alive_connection_does_not_slow_time_down(serve):
    async def prompt(_request: web.Request) -> web.Response:
        return web.Response(text="now")

    url = await serve(prompt)
    began = time.monotonic()
    async with aiohttp.ClientSession() as session:
        for _ in range(50):
            async with session.get(url) as answer:
                assert await answer.text() == "now"
            await asyncio.sleep(2 * HOUR_S)

    assert time.monotonic() - began < PROMPT_S


@pytest.mark.virtual_time
@pytest.mark.parametrize("own_pool", [True, False], ids=["own-pool", "default-pool"])
async def test_time_stands_still_while_a_thread_works(own_pool):
    loop = asyncio.get_running_loop()
    release = threading.Event()
    with ThreadPoolExecutor() as pool:
        job = loop.run_in_executor(pool if own_pool else None, release.wait)
        asleep = asyncio.create_task(asyncio.sleep(HOUR_S))
        threading.Timer(0.1, release.set).start()
        async with asyncio.timeout(1):
            released = await job

        assert released
        assert loop.time() == 0
        await asleep
        assert loop.time() == HOUR_S


@pytest.mark.virtual_time
async def test_time_stands_still_for_a_thread_nobody_waits_for_any_more():
    loop = asyncio.get_running_loop()
    release = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(release.wait))
    await asyncio.sleep(0)
    job.cancel()
    threading.Timer(0.1, release.set).start()

    await asyncio.sleep(HOUR_S)

    assert release.is_set()
    assert loop.time() == HOUR_S


@pytest.mark.virtual_time
async def test_a_job_that_never_started_does_not_hold_time():
    loop = asyncio.get_running_loop()
    release = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        busy = loop.run_in_executor(pool, release.wait)
        queued = loop.run_in_executor(pool, release.wait)
        queued.cancel()
        release.set()
        await busy

        await asyncio.sleep(HOUR_S)

    assert loop.time() == HOUR_S


@pytest.mark.virtual_time
async def test_an_error_in_a_thread_reaches_its_caller_and_frees_time():
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 1, 0)

    await asyncio.sleep(HOUR_S)


@pytest.mark.virtual_time
async def test_a_default_executor_of_ones_own_is_used():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="mine"))

    name = await asyncio.to_thread(lambda: threading.current_thread().name)

    assert name.startswith("mine")


def test_a_job_that_outlives_its_loop_ends_quietly(caplog):
    release = threading.Event()
    with ThreadPoolExecutor() as pool:

        async def leave_it_running() -> None:
            asyncio.get_running_loop().run_in_executor(pool, release.wait)

        virtual_time.run(leave_it_running())
        release.set()

    assert caplog.records == []


@pytest.mark.virtual_time
async def test_a_spinning_task_does_not_starve_a_sleeper():
    is_awake = False

    async def sleeper() -> None:
        nonlocal is_awake
        await asyncio.sleep(2)
        is_awake = True

    task = asyncio.create_task(sleeper())
    while not is_awake:  # noqa: ASYNC110 - spinning is what this is about
        await asyncio.sleep(0)

    await task
    assert asyncio.get_running_loop().time() == pytest.approx(2, abs=0.01)


@pytest.mark.virtual_time
async def test_some_thousand_turns_without_waiting_take_no_time():
    for _ in range(9_000):
        await asyncio.sleep(0)

    assert asyncio.get_running_loop().time() == 0


@pytest.mark.virtual_time
async def test_bytes_sent_by_a_timer_are_delivered_before_the_next_timer():
    received = []

    async def connected(
        _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        for number in range(200):
            await asyncio.sleep(60)
            writer.write(bytes([number]) * 1000)
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    loop = asyncio.get_running_loop()
    while chunk := await reader.read(1000):
        received.append((chunk[0], loop.time()))
    writer.close()
    server.close()
    await server.wait_closed()

    assert received == [(n, 60.0 * (n + 1)) for n in range(200)]


def test_bytes_that_arrive_late_are_waited_for(monkeypatch):
    class SlowLoopback(selectors.DefaultSelector):
        @override
        def select(
            self, timeout: float | None = None
        ) -> list[tuple[selectors.SelectorKey, int]]:
            return super().select(timeout) if timeout else []

    monkeypatch.setattr(selectors, "DefaultSelector", SlowLoopback)
    loop = VirtualTimeLoop()
    ours, theirs = socket.socketpair()
    ours.setblocking(False)

    async def receive() -> bytes:
        # behind the first look for bytes, so that the loop waits for them
        loop.call_soon(theirs.send, b"late")
        async with asyncio.timeout(HOUR_S):
            return await loop.sock_recv(ours, 10)

    with ours, theirs, closing(loop):
        assert loop.run_until_complete(receive()) == b"late"
        assert loop.time() == 0
        loop.run_until_complete(asyncio.sleep(HOUR_S))
        assert loop.time() == HOUR_S


def test_two_runs_of_one_program_see_the_same_times():
    async def program() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        seen = []

        async def poll(name: str, every_s: float) -> None:
            for _ in range(40):
                await asyncio.sleep(every_s)
                await asyncio.to_thread(str.upper, name)
                seen.append((name, loop.time()))

        async with asyncio.timeout(10 * HOUR_S):
            await asyncio.gather(poll("a", 300), poll("b", 180.1), poll("c", 0.7))
        return seen

    assert virtual_time.run(program()) == virtual_time.run(program())


def test_an_interrupt_cancels_the_program_and_is_passed_on():
    cleaned_up = []

    async def wait_for_ever() -> None:
        asyncio.get_running_loop().call_later(
            HOUR_S, os.kill, os.getpid(), signal.SIGINT
        )
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            cleaned_up.append(asyncio.get_running_loop().time())

    with pytest.raises(KeyboardInterrupt):
        virtual_time.run(wait_for_ever())

    assert cleaned_up == [HOUR_S]


def test_an_interrupt_ends_a_real_wait_for_a_thread():
    async def wait_for_thread() -> None:
        release = threading.Event()
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.to_thread(release.wait)
        finally:
            release.set()

    with pytest.raises(KeyboardInterrupt):
        virtual_time.run(wait_for_thread())
