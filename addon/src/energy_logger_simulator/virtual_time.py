"""An event loop on which waiting costs no real time.

`VirtualTimeLoop` is an ordinary selector loop whose clock stands still while there is
something to do and leaps to the next timer when there is not. ``asyncio.sleep``,
``asyncio.timeout`` and aiohttp's time-outs all follow that clock, so thirty days of
collecting pass in seconds, while loopback HTTP and threads work as ever.

What holds time still:

* an event on a socket, or bytes on their way over loopback;
* a job in a thread, from ``run_in_executor`` (``asyncio.to_thread``, file responses,
  name look-ups) until its result has reached the loop. Such a job must not itself
  wait for something that needs time to pass.

What the loop cannot see, and so does not wait for: other processes, and threads that
somebody started by other means. ``time.monotonic`` stays real: durations that should
be virtual are measured with ``loop.time()``.
"""

import asyncio
import contextlib
import fcntl
import math
import selectors
import sys
import termios
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, override

from energy_logger_server.clock import Clock

type _Events = list[tuple[selectors.SelectorKey, int]]

# Real time in which loopback may deliver before virtual time moves on.
_GRACE_S = 0.001

# Whoever is never idle (a task that spins on sleep(0), clients that ask without a
# pause) would stop time for everybody else: after so many turns of the loop without a
# leap, each further turn takes a little time. Turns are counted, not measured, so that
# a run stays repeatable.
_BUSY_TURNS = 10_000
_BUSY_TURN_S = 0.001

_LOOP_RESOLUTION_S = time.get_clock_info("monotonic").resolution

# Elsewhere the count of unsent bytes means something else or nothing.
_COUNTS_UNSENT_BYTES = sys.platform == "linux"


class _LeapingSelector(selectors.BaseSelector):
    """Asks the real selector, and lets time leap when that has nothing to say.

    Attributes:
        now_s: Virtual time, seconds since the loop was made.
        jobs: Work in flight outside the loop, for which it blocks really.
    """

    def __init__(self) -> None:
        self.now_s = 0.0
        self.jobs = 0
        self._real = selectors.DefaultSelector()
        self._turns = 0
        self._is_settled = False
        self._unsent: dict[int, int] = {}

    @override
    def select(self, timeout: float | None = None) -> _Events:
        events = self._real.select(0)
        if not events and (timeout is None or timeout > 0):
            events = self._wait_or_leap(timeout)
        if events:
            self._is_settled = False
        if events or not self.jobs:
            self._turns += 1
            if self._turns > _BUSY_TURNS:
                self.now_s += _BUSY_TURN_S
        return events

    def _wait_or_leap(self, timeout: float | None) -> _Events:
        if timeout is None or self.jobs:
            return self._real.select(None)
        if not self._is_delivered():
            events = self._real.select(_GRACE_S)
            if events:
                return events
            self._is_settled = _COUNTS_UNSENT_BYTES
        self._leap(timeout)
        self._turns = 0
        return []

    def _leap(self, by_s: float) -> None:
        self.now_s += by_s
        if self.now_s + _LOOP_RESOLUTION_S == self.now_s:
            # After 194 days a double no longer resolves what asyncio adds to find the
            # timers that are due, and a timer would not be due at its very own time.
            self.now_s = math.nextafter(self.now_s, math.inf)

    def _is_delivered(self) -> bool:
        """Whether no byte can be on its way from one of our sockets to another.

        Bytes sent in answer to an event, and a socket that came or went, have left the
        selector unsettled. Bytes that a timer's callback sent show as growth of a
        socket's send queue. The queue being empty would be too much to ask: an
        acknowledgement can be delayed long after its bytes have arrived.
        """
        before, self._unsent = self._unsent, _unsent_bytes(self._real.get_map())
        return self._is_settled and not any(
            count > before.get(fd, 0) for fd, count in self._unsent.items()
        )

    @override
    def register(
        self, fileobj: Any, events: int, data: Any = None
    ) -> selectors.SelectorKey:
        self._is_settled = False
        return self._real.register(fileobj, events, data)

    @override
    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        self._is_settled = False
        return self._real.unregister(fileobj)

    @override
    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        # BaseSelector.modify and get_key are made of these three
        return self._real.get_map()

    @override
    def close(self) -> None:
        self._real.close()


def _unsent_bytes(
    registered: Mapping[Any, selectors.SelectorKey],
) -> dict[int, int]:
    """Return the bytes not yet acknowledged, by descriptor."""
    counts = {}
    answer = bytearray(4)
    for key in registered.values():
        try:
            fcntl.ioctl(key.fd, termios.TIOCOUTQ, answer)
        except OSError:
            # a listening socket, or no socket at all: nothing is sent on it
            continue
        counts[key.fd] = int.from_bytes(answer, sys.byteorder)
    return counts


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Event loop whose time is virtual; the module says what that means."""

    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)
        self.set_default_executor(ThreadPoolExecutor())

    @override
    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._leaping.now_s

    # asyncio itself refuses any other executor than a pool of threads
    @override
    def set_default_executor(self, executor: ThreadPoolExecutor) -> None:  # type: ignore[override]
        super().set_default_executor(executor)
        self._threads = executor

    @override
    def run_in_executor[*Ts, Result](
        self,
        executor: Executor | None,
        func: Callable[[*Ts], Result],
        *args: *Ts,
    ) -> asyncio.Future[Result]:
        job = (executor or self._threads).submit(func, *args)
        self._leaping.jobs += 1
        result = asyncio.wrap_future(job, loop=self)
        # Callbacks run in the order of their adding: the result is on its way to the
        # loop before the job stops holding time.
        job.add_done_callback(self._on_job_done)
        return result

    def _on_job_done(self, _job: Future[Any]) -> None:
        # A loop that was closed before its jobs had ended has no time left to hold.
        with contextlib.suppress(RuntimeError):
            self.call_soon_threadsafe(self._drop_job)

    def _drop_job(self) -> None:
        self._leaping.jobs -= 1

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        # Joining the threads takes real time, which must not use up the time-out.
        self._leaping.jobs += 1
        try:
            await super().shutdown_default_executor(timeout)
        finally:
            self._drop_job()


class VirtualClock(Clock):
    """A clock that shows a chosen instant and goes on with an event loop's time.

    On a `VirtualTimeLoop` it leaps with it; on any other loop it is a real clock that
    was set to another date.
    """

    def __init__(
        self, start: datetime, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        """Set the clock.

        Args:
            start: Aware instant that the clock shows now.
            loop: The loop to follow; the running one if not given.

        Raises:
            ValueError: If ``start`` has no offset.
        """
        if start.tzinfo is None:
            raise ValueError(f"{start} names no instant: give it an offset")
        self._loop = loop or asyncio.get_running_loop()
        self._start = start.astimezone(UTC)
        self._started_s = self._loop.time()

    @override
    def now(self) -> datetime:
        elapsed_s = self._loop.time() - self._started_s
        return self._start + timedelta(seconds=elapsed_s)


def run[Result](
    main: Coroutine[Any, Any, Result], *, debug: bool | None = None
) -> Result:
    """Run a coroutine to its end in virtual time, as ``asyncio.run`` does in real.

    Raises:
        KeyboardInterrupt: On SIGINT, after the coroutine has been cancelled.
    """
    with asyncio.Runner(debug=debug, loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
