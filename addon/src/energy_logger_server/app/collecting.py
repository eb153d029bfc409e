"""What collects, built from the settings."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from aiohttp import ClientSession

from energy_logger_server import __version__
from energy_logger_server.api.amber_models import Site
from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_server.clock import Clock
from energy_logger_server.collect.backfill.backfill import Backfill
from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.collect.shared import Shared, shared_by_collectors
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.collect.waiting import run_all, run_until
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import NOTHING_TO_COLLECT, Settings
from energy_logger_server.domain.collecting.runs import RunRecord, Source, Trigger
from energy_logger_server.domain.collecting.status import (
    CallBudgetStatus,
    CollectingStatus,
)
from energy_logger_server.domain.events import Publish
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.store import Store
from energy_logger_server.store.runs.read import runs_since

from .amber_collecting import AmberCollecting, amber_client, compose_amber

_USER_AGENT = (
    f"EnergyLogger/{__version__} (+https://github.com/energy-logger/energy-logger)"
)


class Collecting:
    """What collects, and what of it the web may see.

    Attributes:
        shared: What all collectors use.
        kamo: KAMO's collector.
        amber: What collects from Amber; None without a token.
    """

    def __init__(
        self, settings: Settings, shared: Shared, session: ClientSession
    ) -> None:
        """Nothing runs yet.

        Args:
            settings: Which sources, and how.
            shared: What all collectors use.
            session: For requests upstream.
        """
        clock = shared.clock
        self.shared = shared
        self._session = session
        self._settings = settings
        # it asks nothing while its schedule is switched off
        self.kamo = KamoCollector(
            KamoClient(session, now=clock.now, base_url=settings.kamo_base_url),
            settings,
            shared,
        )
        self._kamo_schedule = Schedule(self.kamo, clock, SourceLock(Source.KAMO, clock))
        self._kamo_schedule.retime(is_on=settings.kamo_enabled)
        self._amber_turn = SourceLock(Source.AMBER, clock)
        self._amber_changed = asyncio.Event()
        self.amber = self._compose_amber(settings)

    @property
    def schedules(self) -> Mapping[Source, Schedule]:
        """One for each source that is set up."""
        found = {}
        if self._kamo_schedule.is_on:
            found[Source.KAMO] = self._kamo_schedule
        if self.amber is not None:
            found[Source.AMBER] = self.amber.schedule
        return found

    @property
    def backfill(self) -> Backfill | None:
        """Amber's history; None without a token."""
        return None if self.amber is None else self.amber.backfill

    @property
    def background(self) -> BackgroundBackfill | None:
        """Passes over it that somebody asks for; None likewise."""
        return None if self.amber is None else self.amber.background

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings at once; runs under way end as they began.

        What is known of calls, keys and days asked for stays known, unless Amber's
        token is another one: then its collecting begins anew, or ends.
        """
        self._settings = settings
        self.shared.upkeep.keep_forecasts_for(settings.forecast_retention)
        self.kamo.apply_settings(settings)
        self._kamo_schedule.retime(is_on=settings.kamo_enabled)
        token = None if self.amber is None else self.amber.token
        if settings.amber_api_key != token:
            if self.background is not None:
                self.background.cancel()
            self.amber = self._compose_amber(settings)
            self._amber_changed.set()
        elif self.amber is not None:
            self.amber.apply_settings(settings)

    async def run(self, *, collects_at_start: bool = True) -> None:
        """Collect at every tick, and read history in between, until cancelled.

        Args:
            collects_at_start: Whether to collect before the first tick too.

        Raises:
            StoreInUse: If another server writes to the store by now.
        """
        await run_all(
            [
                self._kamo_schedule.run(collects_at_start=collects_at_start),
                self._run_amber(collects_at_start=collects_at_start),
            ]
        )

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

    async def amber_sites(self, token: Secret) -> tuple[Site, ...]:
        """Return the sites of the account of a token that need not be the one in force.

        Raises:
            SourceError: If Amber refuses it, or does not answer now.
        """
        amber = self.amber
        budget = CallBudget(now=self.shared.clock.now)
        if amber is not None and amber.token == token:
            # its calls are counted wherever they are made
            budget = amber.budget
        client = amber_client(token, budget, self._settings, self.shared, self._session)
        return (await client.fetch_sites()).records

    def status(self) -> CollectingStatus:
        """Return how collecting goes; names no household."""
        budget = () if self.amber is None else self.amber.budget.snapshot()
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

    def _compose_amber(self, settings: Settings) -> AmberCollecting | None:
        return compose_amber(settings, self.shared, self._session, self._amber_turn)

    async def _run_amber(self, *, collects_at_start: bool) -> None:
        """Collect from Amber with one token after the other."""
        while True:
            self._amber_changed.clear()
            amber = self.amber
            if amber is None:
                await self._amber_changed.wait()
            else:
                work = amber.run(collects_at_start=collects_at_start)
                try:
                    await run_until(self._amber_changed, work)
                finally:
                    await amber.background.stop()
            # a token that was entered just now is of use at once
            collects_at_start = True


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
    if not settings.has_a_source:
        raise ConfigurationError([NOTHING_TO_COLLECT])
    shared = shared_by_collectors(
        store,
        clock,
        forecast_retention=settings.forecast_retention,
        publish=publish,
    )
    return Collecting(settings, shared, session)


def client_session() -> ClientSession:
    """Return the one session for all requests upstream."""
    return ClientSession(headers={"User-Agent": _USER_AGENT})
