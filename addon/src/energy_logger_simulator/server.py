"""Amber and KAMO look-alikes in one HTTP server.

What a client sees is real HTTP; time is whatever the injected clock says. Amber is at
``/v1``, KAMO at ``/kamo/api``, and ``/_sim`` steers the simulator itself.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import hdrs, web

from .amber.app import amber_routes
from .amber.config import AmberConfig
from .amber.limits import RateLimits
from .control import Control
from .faults.answers import SKEW_S
from .faults.plan import FaultPlan
from .kamo.app import kamo_routes
from .kamo.config import KamoConfig
from .request_log import RequestLog, record_status
from .settable_clock import SettableClock

__all__ = ["AmberConfig", "KamoConfig", "Simulator", "serve"]

_STOP_WITHIN_S = 1.0


class Simulator:
    """Both utilities with one clock, one fault plan and one request log.

    Args:
        amber: How Amber behaves; by default it starts now.
        kamo: How KAMO behaves.
        now: The simulated clock, aware. The control pages can set it when this is
            the ``now`` of a `SettableClock`.

    Attributes:
        amber: Amber's configuration, with the key that it accepts.
        kamo: KAMO's configuration.
        faults: What goes wrong; add to it at any time.
        requests: What was asked so far.
    """

    def __init__(
        self,
        *,
        amber: AmberConfig | None = None,
        kamo: KamoConfig | None = None,
        now: Callable[[], datetime],
    ) -> None:
        self.amber = amber or AmberConfig(start=now())
        self.kamo = kamo or KamoConfig()
        self.faults = FaultPlan(seed=self.amber.seed)
        self.requests = RequestLog(now)
        self._limits = RateLimits(self.amber)
        self._now = now

    def reset_counters(self) -> None:
        """Open new rate windows."""
        self._limits.reset()

    def app(self) -> web.Application:
        """Return the server's application.

        Run it with handler cancellation, as `serve` does, or answers that are held
        back for ever outlast their client.
        """
        # ``now`` is a method of the clock that it reads, if it has one
        clock = getattr(self._now, "__self__", None)
        control = Control(
            self._now,
            clock if isinstance(clock, SettableClock) else None,
            self.faults,
            self.requests,
            self._limits,
        )
        app = web.Application()
        app.add_routes(
            amber_routes(
                self.amber, self._now, self.faults, self.requests, self._limits
            )
        )
        app.add_routes(kamo_routes(self.kamo, self._now, self.faults, self.requests))
        app.add_routes(control.routes())
        app.on_response_prepare.append(record_status)
        app.on_response_prepare.append(self._write_date)
        app.on_startup.append(self.faults.hold)
        app.on_shutdown.append(self.faults.release)
        return app

    async def _write_date(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        skew_s = request.get(SKEW_S, 0.0)
        if request.path.startswith("/v1/"):
            skew_s += self.amber.skew_s
        at = self._now() + timedelta(seconds=skew_s)
        response.headers[hdrs.DATE] = format_datetime(at.astimezone(UTC), usegmt=True)


@asynccontextmanager
async def serve(
    simulator: Simulator, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Serve a simulator and give its base URL, such as ``http://127.0.0.1:4321``.

    Args:
        simulator: What to serve.
        host: Where to listen; beyond loopback it is for nobody.
        port: 0 takes a free one.

    Raises:
        OSError: If the port is taken.
    """
    runner = web.AppRunner(
        simulator.app(),
        handler_cancellation=True,
        access_log=None,
        shutdown_timeout=_STOP_WITHIN_S,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
