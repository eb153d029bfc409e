"""The composition root: what is built, in which order it starts and stops."""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession, web

from . import __version__
from .api.amber import AmberClient
from .api.errors import EnergyLoggerError
from .api.kamo import KamoClient
from .api.rate_limit import CallBudget
from .clock import Clock
from .collect.amber import AmberCollector
from .collect.amber_account import amber_access
from .collect.backfill import Backfill
from .collect.background_backfill import BackgroundBackfill
from .collect.kamo import KamoCollector
from .collect.schedule import Schedule
from .collect.shared import Shared, shared_by_collectors
from .collect.source_lock import SourceLock
from .collect.waiting import run_all
from .config.api_key import ApiKey
from .config.live import LiveSettings
from .config.settings import NOTHING_TO_COLLECT, Settings
from .domain.collecting_status import (
    CallBudgetStatus,
    CollectingStatus,
)
from .domain.events import Publish
from .domain.runs import RunRecord, Source, Trigger
from .errors import ConfigurationError, PlaceUnusable
from .store import Store
from .store.db.engine import WAL
from .store.runs.read import runs_since
from .web.app import make_web_app
from .web.deps import WebDeps
from .web.events.fields import event_fields
from .web.export.workbook import remove_leftovers
from .web.http.event_feed import EventFeed
from .web.http.ingress import SUPERVISOR

_LOG = logging.getLogger(__name__)
_USER_AGENT = (
    f"EnergyLogger/{__version__} (+https://github.com/energy-logger/energy-logger)"
)
_OTHER_HOST = "set HOST to an address of this machine"
_PORT_ADVICE = {
    errno.EADDRINUSE: "stop the other program that listens there, or choose another "
    "port",
    errno.EACCES: "choose a port above 1023",
}
_NO_WAL = (
    "the store's file system refuses SQLite's write-ahead log (its journal mode is %s):"
    " nothing is lost, but readers and the writer wait for each other; keep the store"
    " on a local disk, or in PostgreSQL"
)
_SHUTDOWN_S = 5.0
_KEEP_ALIVE_S = 75.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """What collects, and what of it the web may see.

    Attributes:
        every_schedule: Also of KAMO while it is switched off.
        kamo: KAMO's collector.
        amber: Amber's collector; None without a token.
        shared: What all collectors use.
        backfill: Amber's history; None without a token.
        background: Passes over it that somebody asks for; None likewise.
        budget: Calls that Amber's token may make; None without a token.
    """

    shared: Shared
    every_schedule: Mapping[Source, Schedule]
    kamo: KamoCollector
    amber: AmberCollector | None
    backfill: Backfill | None
    background: BackgroundBackfill | None
    budget: CallBudget | None

    @property
    def schedules(self) -> Mapping[Source, Schedule]:
        """One for each source that is set up."""
        return {
            source: schedule
            for source, schedule in self.every_schedule.items()
            if schedule.is_on
        }

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings at once; runs under way end as they began.

        What is known of calls, keys and days asked for stays known.
        """
        self.shared.upkeep.keep_forecasts_for(settings.forecast_retention)
        self.kamo.apply_settings(settings)
        self.every_schedule[Source.KAMO].retime(is_on=settings.kamo_enabled)
        if self.amber is not None:
            self.amber.apply_settings(settings)
            self.every_schedule[Source.AMBER].retime(is_on=True)
        if self.backfill is not None:
            self.backfill.apply_settings(settings)

    async def run(self, *, collects_at_start: bool = True) -> None:
        """Collect at every tick, and read history in between, until cancelled.

        Args:
            collects_at_start: Whether to collect before the first tick too.

        Raises:
            StoreInUse: If another server writes to the store by now.
        """
        works = [
            schedule.run(collects_at_start=collects_at_start)
            for schedule in self.every_schedule.values()
        ]
        if self.backfill is not None:
            works.append(self.backfill.run_daily())
        await run_all(works)

    async def stop(self) -> None:
        """End the pass over history that somebody started, if any."""
        if self.background is not None:
            await self.background.stop()

    async def collect_now(self, source: Source) -> RunRecord:
        """Run a source at once; return the run as the log has it.

        Raises:
            RunInProgress: If a run of it is under way.
            StoreUnavailable: If the store cannot write.
        """
        began_at = self.shared.clock.now()
        # a caller who goes away does not take the run with him
        end = await asyncio.shield(self.schedules[source].start_now())
        margin = timedelta(milliseconds=1)
        runs = await self.shared.store.read(runs_since, began_at - margin)
        for run in runs:
            if run.source is source and run.trigger is Trigger.MANUAL:
                return run if end is None else replace(run, end=end)
        raise EnergyLoggerError("the run is not in the log")

    def status(self) -> CollectingStatus:
        """Return how collecting goes; names no household."""
        budget = self.budget.snapshot() if self.budget else ()
        return CollectingStatus(
            sources=tuple(schedule.status() for schedule in self.schedules.values()),
            call_budget=tuple(
                CallBudgetStatus(
                    counter=one.counter.value,
                    limit=one.limit,
                    remaining=one.remaining,
                    resets_at=one.resets_at,
                    blocked_until=one.blocked_until,
                    calls_made=one.calls_made,
                )
                for one in budget
            ),
        )


def compose_collecting(
    settings: Settings,
    store: Store,
    clock: Clock,
    session: ClientSession,
    publish: Publish | None = None,
) -> Collecting:
    """Return collectors for the sources that the settings name; nothing runs yet.

    Args:
        settings: Which sources, and how.
        store: Takes the answers.
        clock: Tells the time.
        session: For requests upstream.
        publish: Told of events; None where nobody listens.
    """
    shared = shared_by_collectors(
        store,
        clock,
        forecast_retention=settings.forecast_retention,
        publish=publish,
    )
    if not settings.has_a_source:
        raise ConfigurationError([NOTHING_TO_COLLECT])
    # it asks nothing while its schedule is switched off
    kamo = KamoCollector(
        KamoClient(session, now=clock.now, base_url=settings.kamo_base_url),
        settings,
        shared,
    )
    kamo_schedule = Schedule(kamo, clock, SourceLock(Source.KAMO, clock))
    kamo_schedule.retime(is_on=settings.kamo_enabled)
    schedules = {Source.KAMO: kamo_schedule}
    amber: AmberCollector | None = None
    backfill: Backfill | None = None
    budget: CallBudget | None = None
    if settings.amber_api_key is not None:
        budget = CallBudget(now=clock.now)
        client = AmberClient(
            session,
            token=settings.amber_api_key.reveal(),
            budget=budget,
            now=clock.now,
            base_url=settings.amber_base_url,
        )
        access = amber_access(client, budget, clock)
        turn = SourceLock(Source.AMBER, clock)
        amber = AmberCollector(access, settings, shared)
        schedules[Source.AMBER] = Schedule(amber, clock, turn)
        backfill = Backfill(access, settings, turn, shared)
    return Collecting(
        shared=shared,
        every_schedule=schedules,
        kamo=kamo,
        amber=amber,
        backfill=backfill,
        background=None if backfill is None else BackgroundBackfill(backfill),
        budget=budget,
    )


@asynccontextmanager
async def open_store(settings: Settings, clock: Clock) -> AsyncIterator[Store]:
    """Open the store for writing, close it at the end.

    Raises:
        PlaceUnusable: If the operating system lets nobody write there.
        StoreInUse: If another server writes to it.
        StoreTooNew: If a newer version of this program wrote it.
        StoreUnavailable: If it does not answer.
    """
    store = await Store.open(settings.store_address.reveal(), clock)
    if store.interrupted_runs:
        _LOG.warning("closed %d interrupted runs", store.interrupted_runs)
    if store.journal_mode not in (None, WAL):
        _LOG.warning(_NO_WAL, store.journal_mode)
    try:
        yield store
    finally:
        await store.close()


def client_session() -> ClientSession:
    """Return the one session for all requests upstream."""
    return ClientSession(headers={"User-Agent": _USER_AGENT})


async def serve(settings: Settings, clock: Clock) -> None:
    """Collect and answer until cancelled.

    Raises:
        ConfigurationError: If there is nothing to collect.
        PlaceUnusable: If a port, a file or a folder cannot be used.
        StoreError: If the store cannot be opened.
    """
    async with running(settings, clock) as server:
        _LOG.info("serving on port %d", server.port)
        await server.collecting.run()


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; collecting starts when somebody awaits it.

    Attributes:
        collecting: Its collectors.
        port: Where it listens.
        ingress_port: Where it listens to Home Assistant's Supervisor, or None.
        deps: What its handlers are given; opens a further door by ``make_web_app``.
    """

    collecting: Collecting
    port: int
    ingress_port: int | None
    deps: WebDeps


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Server]:
    """Start what answers, in order, and stop it in reverse.

    Raises:
        ConfigurationError: If there is nothing to collect.
        PlaceUnusable: If a port, a file or a folder cannot be used.
        StoreError: If the store cannot be opened.
    """
    started_at = clock.now()
    events = EventFeed(started_at, event_fields)
    async with open_store(settings, clock) as store, client_session() as session:
        live = await LiveSettings.read(settings, store)
        collecting = compose_collecting(
            live.current, store, clock, session, events.publish
        )
        live.on_change(collecting.apply_settings)
        deps = _web_deps(live, collecting, events, started_at)
        api = make_web_app(deps, cors_origins=settings.cors_origins or ())
        try:
            async with (
                _listening(api, settings.host, settings.port, "PORT") as port,
                _ingress(deps, settings) as ingress_port,
            ):
                yield Server(collecting, port, ingress_port, deps)
        finally:
            await collecting.stop()


def _web_deps(
    live: LiveSettings,
    collecting: Collecting,
    events: EventFeed,
    started_at: datetime,
) -> WebDeps:
    settings = live.current
    key = ApiKey(settings.api_key, settings.data_dir)
    # makes the key if there is none, so that a damaged file is told at the start
    key.current()
    return WebDeps(
        store=collecting.shared.store,
        clock=collecting.shared.clock,
        started_at=started_at,
        api_key=key.current,
        collect_now=collecting.collect_now,
        collecting_status=collecting.status,
        backfill=collecting.background,
        settings_service=live,
        events=events,
        export_folder=_export_folder(settings.data_dir),
    )


def _export_folder(data_dir: Path) -> Path:
    """Return where workbooks are made: emptied, a server that was killed cleans up."""
    folder = data_dir / "unfinished_exports"
    remove_leftovers(folder)
    return folder


@asynccontextmanager
async def _ingress(deps: WebDeps, settings: Settings) -> AsyncIterator[int | None]:
    if settings.ingress_port is None:
        yield None
        return
    app = make_web_app(deps, ingress_from={SUPERVISOR})
    place = settings.host, settings.ingress_port, "INGRESS_PORT"
    async with _listening(app, *place) as port:
        yield port


@asynccontextmanager
async def _listening(
    web_app: web.Application, host: str, wanted_port: int, setting: str
) -> AsyncIterator[int]:
    runner = web.AppRunner(
        web_app,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_S,
        keepalive_timeout=_KEEP_ALIVE_S,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, wanted_port).start()
        except UnicodeError as err:
            raise ConfigurationError(["HOST is not the name of a machine"]) from err
        except OSError as err:
            raise PlaceUnusable(
                "cannot listen on",
                f"{host}, {setting} {wanted_port}",
                err,
                what_to_do=_PORT_ADVICE.get(err.errno or 0, _OTHER_HOST),
            ) from err
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
