"""The server: what answers and what collects, started in order, stopped in reverse."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from energy_logger_server.clock import Clock
from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.settings import Settings
from energy_logger_server.web.app import make_web_app
from energy_logger_server.web.deps import WebDeps
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.export.workbook import remove_leftovers
from energy_logger_server.web.http.event_feed import EventFeed
from energy_logger_server.web.http.ingress import SUPERVISOR

from .collecting import Collecting, client_session, compose_collecting
from .listening import listening
from .opened_store import open_store

_LOG = logging.getLogger(__name__)


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
                listening(api, settings.host, settings.port, "PORT") as port,
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
    async with listening(app, *place) as port:
        yield port
