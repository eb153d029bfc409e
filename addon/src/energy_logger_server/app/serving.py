"""The server: what answers and what collects, started in order, stopped in reverse.

Listening comes first: a migration may take minutes, and a store may have to be waited
for, while somebody asks whether the server is alive.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.clock import Clock
from energy_logger_server.collect.waiting import run_all, run_until
from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.settings import Settings
from energy_logger_server.notify.notifier import Notifier
from energy_logger_server.notify.observing import OpenServer
from energy_logger_server.store.runs.status import instance_id
from energy_logger_server.web.control.app import make_control_app
from energy_logger_server.web.deps import WebDeps
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.export.workbook_place import remove_leftovers
from energy_logger_server.web.http.event_feed import EventFeed
from energy_logger_server.web.startup.app import StartupDeps

from .backtests import Backtests
from .backup_hold import BackupHold
from .backups import Backups
from .collecting import Collecting, client_session, compose_collecting
from .control_socket import listening_on_socket
from .discovery import announced
from .integrity import IntegrityWatch
from .listeners import Listeners, listening_on_all
from .newest_backup import newest_backup_advice
from .notifying import notifying
from .opened_store import open_store
from .restoring import Restoring
from .startup import Startup

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; collecting starts when somebody awaits it.

    Attributes:
        collecting: Its collectors.
        port: Where it listens.
        ingress_port: Where it listens to Home Assistant's Supervisor, or None.
        deps: What its handlers are given.
        notifier: Informs its owner of what is wrong, while it is served or when asked.
        backups: Makes them; likewise only when somebody awaits it.
        integrity: Looks the store's file over while somebody awaits it.
    """

    collecting: Collecting
    port: int
    ingress_port: int | None
    deps: WebDeps
    notifier: Notifier
    backups: Backups
    integrity: IntegrityWatch

    async def run(self) -> None:
        """Collect, make backups and look the store over, until cancelled.

        Raises:
            StoreDamaged: If the store's file is; nothing is written to it any more.
            StoreInUse: If another server writes to the store by now.
        """
        await run_all([self.collecting.run(), self.backups.run(), self.integrity.run()])


async def serve(
    settings: Settings,
    clock: Clock,
    *,
    exits_on_error: bool = False,
    problem: EnergyLoggerError | None = None,
) -> None:
    """Collect and answer until cancelled, as soon as the store can be opened.

    Args:
        settings: Of the machine.
        clock: Tells the time.
        exits_on_error: Whether a store that cannot be opened ends the server.
        problem: Why settings could not be read: it says so and does nothing else, for
            in the app of Home Assistant nobody would see why it has ended.

    Raises:
        ConfigurationError: If there is nothing to collect; not in the app.
        PlaceUnusable: If a port cannot be listened on.
        EnergyLoggerError: If the store cannot be opened and that is to end it.
    """
    startup = _startup(settings, clock)
    notifier = _notifier(settings, startup)
    async with (
        _listening(settings, startup, notifier) as listeners,
        _held_for_backups(settings, startup) as hold,
        notifying(notifier),
    ):
        if problem is not None:
            await startup.wait_for_a_restart(problem)
        restoring = Restoring(settings, startup, hold)
        while True:
            with startup.surviving(
                exits_on_error=exits_on_error, is_app=settings.is_app
            ):
                opening = _answering(
                    settings, listeners, startup, hold, (notifier, restoring)
                )
                async with opening as server:
                    startup.record_success()
                    _LOG.info("serving on port %d", server.port)
                    await run_until(restoring.is_ordered, server.run())
            if not await restoring.carry_out():
                await startup.wait_for_next_attempt()


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Server]:
    """Start what answers, in order, and stop it in reverse.

    Raises:
        ConfigurationError: If there is nothing to collect.
        PlaceUnusable: If a port, a file or a folder cannot be used.
        StoreError: If the store cannot be opened.
    """
    startup = _startup(settings, clock)
    notifier = _notifier(settings, startup)
    async with (
        _listening(settings, startup, notifier) as listeners,
        _held_for_backups(settings, startup) as hold,
        _answering(settings, listeners, startup, hold, (notifier, None)) as server,
    ):
        yield server


@asynccontextmanager
async def _listening(
    settings: Settings, startup: Startup, notifier: Notifier
) -> AsyncIterator[Listeners]:
    deps = StartupDeps(
        clock=startup.clock,
        started_at=startup.started_at,
        state=lambda: startup.state,
        alerts=lambda: notifier.alerts,
    )
    async with listening_on_all(settings, deps) as listeners:
        yield listeners


@asynccontextmanager
async def _held_for_backups(
    settings: Settings, startup: Startup
) -> AsyncIterator[BackupHold]:
    """Let a command hold the store's file, where there is a socket for it."""
    hold = BackupHold(startup.clock, startup)
    path = settings.control_socket
    if path is None:
        yield hold
        return
    async with listening_on_socket(make_control_app(hold), path):
        try:
            yield hold
        finally:
            await hold.close()


@asynccontextmanager
async def _answering(
    settings: Settings,
    listeners: Listeners,
    startup: Startup,
    hold: BackupHold,
    outliving: tuple[Notifier, Restoring | None],
) -> AsyncIterator[Server]:
    """Open the store and answer what is in it.

    Raises:
        ConfigurationError: If there is nothing to collect.
        PlaceUnusable: If a file or a folder cannot be used.
        StoreError: If the store cannot be opened.
    """
    notifier, restoring = outliving
    clock = startup.clock
    events = EventFeed(startup.started_at, event_fields)
    async with AsyncExitStack() as stack:
        async with hold.opening():
            store = await stack.enter_async_context(open_store(settings, clock))
            hold.use(store)
        stack.callback(hold.use, None)
        session = await stack.enter_async_context(client_session())
        live = await LiveSettings.read(settings, store)
        collecting = compose_collecting(
            live.current, store, clock, session, events.publish
        )
        backups = Backups(live.current, clock, events.publish, restoring)
        live.on_change(collecting.apply_settings)
        live.on_change(backups.apply_settings)
        live.on_change(notifier.apply_settings)
        await notifier.use(OpenServer(store, collecting.status, backups.status))
        stack.callback(notifier.leave)
        notifier.apply_settings(live.current)
        integrity = IntegrityWatch(store, clock)
        backtests = Backtests(store, clock, events.publish)
        services = (notifier, backups, integrity)
        deps = _web_deps(
            live, collecting, (*services, backtests), events, startup.started_at
        )
        await listeners.answer_with_store(deps)
        name = await store.read(instance_id)
        announcing = announced(
            settings, session, listeners.api.port, deps.api_key, name
        )
        await stack.enter_async_context(announcing)
        try:
            ingress = listeners.ingress
            ingress_port = None if ingress is None else ingress.port
            yield Server(collecting, listeners.api.port, ingress_port, deps, *services)
        finally:
            startup.record_closing()
            await listeners.answer_without_store()
            await backtests.stop()
            await backups.stop()
            await collecting.stop()


def _startup(settings: Settings, clock: Clock) -> Startup:
    return Startup(clock, lambda: newest_backup_advice(settings))


def _notifier(settings: Settings, startup: Startup) -> Notifier:
    return Notifier(settings, startup.clock, lambda: startup.state)


def _web_deps(
    live: LiveSettings,
    collecting: Collecting,
    services: tuple[Notifier, Backups, IntegrityWatch, Backtests],
    events: EventFeed,
    started_at: datetime,
) -> WebDeps:
    settings = live.current
    notifier, backups, integrity, backtests = services
    key = ApiKey(settings.api_key, settings.data_dir)
    # makes the key if there is none, so that a damaged file is reported at the start
    key.current()
    return WebDeps(
        store=collecting.shared.store,
        clock=collecting.shared.clock,
        started_at=started_at,
        api_key=key.current,
        collect_now=collecting.collect_now,
        collecting_status=collecting.status,
        find_backfill=lambda: collecting.background,
        peak_look=lambda: collecting.kamo.peak_watcher.newest,
        amber_sites=collecting.amber_sites,
        settings_service=live,
        store_checked_at=lambda: integrity.checked_at,
        notifications=notifier,
        backups=backups,
        backtests=backtests,
        events=events,
        export_folder=_export_folder(settings.data_dir),
    )


def _export_folder(data_dir: Path) -> Path:
    """Return where workbooks are made: emptied, a server that was killed cleans up."""
    folder = data_dir / "unfinished_exports"
    remove_leftovers(folder)
    return folder
