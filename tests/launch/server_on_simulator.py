"""The real server on simulated utilities, all on one clock that stands until it is set.

Prints one line of JSON with the addresses of ``utilities``, ``server`` and ``control``.
The utilities' own control path ``/_sim`` is theirs; whatever else a test needs is at
``control``:

    POST /reset    {"now": ...}      new store, key and version; the clock at ``now``
    POST /begin                      the same at the instant of the start, with what one
                                     run of each source brings; collected only once
    POST /clock    {"now": ...}
    POST /collect  {"sources": [..]} one run of each, from ``amber`` and ``kamo``
    POST /key      {"key": ...}      another API key, in force at once
    POST /version  {"version": ...}  what the server says that it is
    POST /settings {NAME: value}     other settings, in force from the next start
    POST /stop, /start               the server goes away, comes back; same address
    POST /backup                     its store is kept as it is now; it starts anew
    POST /restore                    it starts anew on the store that was kept
    GET  /seen                       how many ``streams`` of events are open, and the
                                     paths of ``requests`` so far
    POST /forget                     there were no requests so far
    POST /watch    {"area": ..., "announced": [..], "probability": ...}
                                     an area's peak watch has looked: what it announced
                                     so far, each with ``starts_at`` and whether it
                                     ``is_withdrawn``, and how likely the peak is near;
                                     without an area none is watched. ``is_broken``:
                                     nothing can be told of it
    POST /fault    {"area_id": ..., "fault": ..., "substation": ..., "value": ...}
                                     something is wrong with a substation, or with
                                     ``is_over`` not any more
    POST /kept      {"horizons": ...}
                                     of everything that is settled a forecast was kept
                                     at these horizons (minutes)

It collects only when it is told to.
"""

import argparse
import asyncio
import json
import os
import shutil
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.engine import Connection

from energy_logger_server import __version__, app
from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import day_number
from energy_logger_server.app import listeners
from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.events import PeakCheck, SubstationNotice
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.outlook import HourAhead, Outlook
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.domain.substation_health.faults import (
    Fault,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.watch import FaultChanges
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.web.events.routes import STREAMS
from energy_logger_server.web.routes import health
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock

KEY = "key-of-the-simulated-server"
"""The API key after every reset."""

_LONGEST_RUN_S = 50
"""Less than the limit of a test, which then learns what hangs."""

_KEPT = (
    """
INSERT INTO price_at_horizon
SELECT series_id, end_at, duration_minutes, :horizon, end_at, price_e5 + 250000,
  price_e5 - 100000, price_e5 + 150000, price_e5 + 900000 FROM price
""",
    """
INSERT INTO load_at_horizon SELECT s.id, l.at, :horizon, l.at, l.load_e1 + 200
FROM load l JOIN series s ON s.kind = 'load_forecast' AND s.owner = l.area_id
WHERE l.is_settled ON CONFLICT DO NOTHING
""",
)

type _Body = dict[str, Any]


class Launched:
    """The server, which can be stopped, emptied and changed."""

    def __init__(self, amber: AmberConfig, clock: SettableClock, folder: Path) -> None:
        """Start nothing yet."""
        self.utilities = ""
        self._amber = amber
        self._clock = clock
        self._began = clock.now()
        self._folder = folder
        self._collected = folder.with_name("collected")
        self._backup = folder.with_name("backup")
        self._settings: dict[str, str] = {}
        self._port = 0
        self._server: app.Server | None = None
        self._running: AsyncExitStack | None = None
        self._web: list[web.Application] = []
        self.requests: list[str] = []
        self._remember_web()

    @property
    def streams(self) -> int:
        """How many clients listen."""
        return sum(one[STREAMS].count for one in self._web)

    async def forget(self, _body: _Body) -> None:
        """Begin to count requests anew."""
        self.requests.clear()

    @property
    def url(self) -> str:
        """Where the server is, also while it is stopped."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, _body: _Body | None = None) -> None:
        """Start the server unless it runs."""
        if self._running is not None:
            return
        settings = build_settings(
            environment={
                "DATA_DIR": str(self._folder),
                "HOST": "127.0.0.1",
                "AMBER_API_KEY": self._amber.token_valid,
                "AMBER_BASE_URL": f"{self.utilities}/v1",
                "KAMO_BASE_URL": f"{self.utilities}/kamo/api",
                **self._settings,
            }
        )
        running = AsyncExitStack()
        self._server = await running.enter_async_context(
            app.running(replace(settings, port=self._port), self._clock)
        )
        self._port = self._server.port
        self._running = running

    async def stop(self, _body: _Body | None = None) -> None:
        """Stop the server if it runs."""
        self._web.clear()
        if self._running is not None:
            running, self._running = self._running, None
            await running.aclose()

    async def back_up(self, _body: _Body) -> None:
        """Keep the store as it is now."""
        await self.stop()
        shutil.rmtree(self._backup, ignore_errors=True)
        shutil.copytree(self._folder, self._backup)
        await self.start()

    async def restore(self, _body: _Body) -> None:
        """Go back to the store that was kept, whatever has happened since."""
        await self.stop()
        shutil.rmtree(self._folder)
        shutil.copytree(self._backup, self._folder)
        await self.start()

    async def begin(self, _body: _Body) -> None:
        """Begin anew with a store that holds what one run of each source brings."""
        start = {"now": self._began.isoformat()}
        if not self._collected.exists():
            await self.reset(start)
            await self.collect({"sources": [*Source]})
            await self.stop()
            shutil.copytree(self._folder, self._collected)
        await self._reset(start, lambda: shutil.copytree(self._collected, self._folder))

    async def reset(self, body: _Body) -> None:
        """Begin anew with an empty store."""
        await self._reset(body, self._folder.mkdir)

    async def _reset(self, body: _Body, lay: Callable[[], object]) -> None:
        await self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        lay()
        self._settings = {}
        health.__version__ = __version__
        await self.set_clock(body)
        await self.set_key({"key": KEY})
        await self.start()

    async def set_clock(self, body: _Body) -> None:
        """Set the clock of all."""
        self._clock.set(datetime.fromisoformat(body["now"]))

    async def set_key(self, body: _Body) -> None:
        """Put another key in force, as ``energy-logger key rotate`` does."""
        path = self._folder / "api_key"
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{body['key']}\n")
        fresh.chmod(0o600)
        fresh.replace(path)

    async def set_version(self, body: _Body) -> None:
        """Tell another version."""
        health.__version__ = body["version"]

    async def set_settings(self, body: _Body) -> None:
        """Keep settings for the next start."""
        self._settings = body

    def _remember_web(self) -> None:
        """Keep hold of what the server answers with, which it shows to nobody."""
        make = listeners.make_web_app

        async def note(request: web.Request, _answer: web.StreamResponse) -> None:
            self.requests.append(request.path)

        def make_and_remember(*given: Any, **named: Any) -> web.Application:
            made = make(*given, **named)
            made.on_response_prepare.append(note)
            self._web.append(made)
            return made

        listeners.make_web_app = make_and_remember

    async def look(self, _body: _Body) -> None:
        """Look whether there is anything to tell the owner."""
        assert self._server is not None
        await self._server.notifier.check()

    async def watch(self, body: _Body) -> None:
        """Let the peak watch have looked, and tell what it saw."""
        assert self._server is not None
        deps, watcher = self._server.deps, self._server.collecting.kamo.peak_watcher
        if body.get("is_broken"):
            del watcher.newest
            return
        if body["area"] is None:
            await deps.settings_service.reset("PEAK_WATCH_AREA")
            return
        area = await deps.store.read(area_named, body["area"])
        assert area is not None
        await deps.settings_service.save({"PEAK_WATCH_AREA": body["area"]})
        hour = int(self._clock.now().timestamp()) // 3600
        saved, outlook = _watched(hour, body)
        await deps.store.save_peak_watch(area.area_id, saved)
        watcher.newest = PeakCheck(area.area_id, area.name, outlook)
        deps.events.publish(watcher.newest)

    async def fault(self, body: _Body) -> None:
        """Let a look at substations have found something."""
        assert self._server is not None
        deps = self._server.deps
        area_id, is_over = body["area_id"], body.get("is_over", False)
        subject = Subject(Fault(body["fault"]), body["substation"])
        holding = Holding(body.get("value"))
        changes = (
            FaultChanges({}, [subject])
            if is_over
            else FaultChanges({subject: holding}, ())
        )
        await deps.store.save_fault_changes(area_id, changes)
        notice = SubstationNotice(
            area_id, "", subject, self._clock.now(), holding.value, is_over
        )
        deps.events.publish(notice)

    async def kept(self, body: _Body) -> None:
        """Let forecasts have been kept: too high by 1.5 c/kWh, by 2.5 and by 20 kW."""
        assert self._server is not None

        def keep(connection: Connection) -> None:
            for horizon in body["horizons"]:
                for statement in _KEPT:
                    connection.execute(text(statement), {"horizon": horizon})

        await self._server.deps.store._write(keep)  # noqa: SLF001 - what hours bring

    async def collect(self, body: _Body) -> None:
        """Run once for each source."""
        assert self._server is not None
        async with asyncio.timeout(_LONGEST_RUN_S):
            for source in body["sources"]:
                await self._server.collecting.collect_now(Source(source))


def _watched(hour: int, body: _Body) -> tuple[SavedWatch, Outlook]:
    """Return what a watch keeps and sees that looked in an hour (epoch s // 3600)."""
    month = datetime.fromtimestamp(hour * 3600, CENTRAL).date().replace(day=1)
    probability = body["probability"]
    is_known = probability is not None
    announced = tuple(
        AnnouncedHour(
            int(datetime.fromisoformat(one["starts_at"]).timestamp()) // 3600,
            day_number(month),
            hour,
            probability,
            hour if one["is_withdrawn"] else None,
        )
        for one in body["announced"]
    )
    return (
        SavedWatch(WatchState(hour + 2, announced), is_known, is_known),
        Outlook([HourAhead(hour, None, probability, is_near=True)], is_known),
    )


def _control(launched: Launched) -> web.Application:
    def handler(
        act: Callable[[_Body], Awaitable[None]],
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                await act(await request.json())
            except Exception:  # noqa: BLE001 - the test that asked shows what it was
                return web.Response(status=500, text=traceback.format_exc())
            return web.Response(status=204)

        return handle

    async def seen(_request: web.Request) -> web.Response:
        return web.json_response(
            {"streams": launched.streams, "requests": launched.requests}
        )

    control = web.Application()
    control.add_routes(
        [
            web.post("/reset", handler(launched.reset)),
            web.post("/begin", handler(launched.begin)),
            web.post("/clock", handler(launched.set_clock)),
            web.post("/collect", handler(launched.collect)),
            web.post("/look", handler(launched.look)),
            web.post("/key", handler(launched.set_key)),
            web.post("/version", handler(launched.set_version)),
            web.post("/settings", handler(launched.set_settings)),
            web.post("/stop", handler(launched.stop)),
            web.post("/start", handler(launched.start)),
            web.post("/backup", handler(launched.back_up)),
            web.post("/restore", handler(launched.restore)),
            web.post("/watch", handler(launched.watch)),
            web.post("/fault", handler(launched.fault)),
            web.post("/kept", handler(launched.kept)),
            web.post("/forget", handler(launched.forget)),
            web.get("/seen", seen),
        ]
    )
    return control


async def run(now: datetime, start: datetime, kamo: dict[str, Any]) -> None:
    """Serve until somebody stops the process."""
    clock = SettableClock(now)
    amber = AmberConfig(start=start)
    simulator = Simulator(amber=amber, kamo=KamoConfig(**kamo), now=clock.now)
    folder = Path(tempfile.mkdtemp(prefix="energy-logger-"))
    launched = Launched(amber, clock, folder / "data")
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        launched.utilities = await stack.enter_async_context(serve(simulator))
        stack.push_async_callback(launched.stop)
        await launched.reset({"now": now.isoformat()})
        runner = web.AppRunner(_control(launched))
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        addresses = {
            "utilities": launched.utilities,
            "server": launched.url,
            "control": f"http://127.0.0.1:{runner.addresses[0][1]}",
        }
        print(json.dumps(addresses), flush=True)  # noqa: T201 - for whoever started it
        await asyncio.to_thread(os.read, 0, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--kamo", type=json.loads, default={})
    given = parser.parse_args()
    asyncio.run(run(given.now, given.start, given.kamo))
