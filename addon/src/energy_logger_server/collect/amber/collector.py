"""Collecting from Amber: current prices first, then whole days that are due."""

from datetime import datetime

from energy_logger_server.api.errors import SourceError
from energy_logger_server.collect.runs.run_log import ActiveRun, RunLog
from energy_logger_server.collect.shared import Shared
from energy_logger_server.collect.waiting import run_all, sleep_until
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import RunEnd, Source, Trigger

from .account import AmberAccess
from .day_planner import DayPlanner
from .price_cycle import FIRST_POLL_S, PriceCycle
from .prices import PricePolling
from .sites import SUBJECT, SiteDirectory


class AmberCollector:
    """Runs once for all sites of one account."""

    offset_s = FIRST_POLL_S

    def __init__(
        self,
        access: AmberAccess,
        settings: Settings,
        shared: Shared,
    ) -> None:
        """Asks nothing yet.

        Args:
            access: The token; shared with backfill.
            settings: Those in force.
            shared: What all collectors use.
        """
        self.runs = RunLog(Source.AMBER, settings.collection_interval_minutes, shared)
        store, clock = shared.store, shared.clock
        self._access = access
        self._clock = clock
        self._upkeep = shared.upkeep
        self._directory = SiteDirectory(access.client, access.key, store, clock)
        self._polling = PricePolling(
            access.client, access.key, self._directory, clock, settings
        )
        self._due = DayPlanner(access, self._directory, store, clock)

    @property
    def refused_since(self) -> datetime | None:
        """Instant (UTC) from which on the key is refused, None while it works."""
        return self._access.key.refused_since

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings; a run under way ends by those that it began with."""
        self.runs.interval_minutes = settings.collection_interval_minutes
        self._polling.apply_settings(settings)

    async def collect(self, trigger: Trigger, *, ticks_skipped: int) -> RunEnd | None:
        """Poll current prices and read the days that are due.

        A manual run asks for every open day of the last two weeks, and estimated ones
        as far back as upstream has them, however lately that was done.

        Args:
            trigger: What started the run.
            ticks_skipped: For the run log.

        Returns:
            How it ended; None when a refused key made a run at a tick pointless.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        if trigger is Trigger.TICK and not await self._is_key_worth_a_try():
            return None
        async with self.runs.open(trigger, ticks_skipped=ticks_skipped) as run:
            await self._collect(run, is_manual=trigger is Trigger.MANUAL)
        await self._upkeep.run()
        return run.end

    async def _is_key_worth_a_try(self) -> bool:
        key = self._access.key
        if key.refused_since is None:
            return True
        return key.is_probe_due() and await key.probe(self._access.client.fetch_sites())

    async def _collect(self, run: ActiveRun, *, is_manual: bool) -> None:
        cycle = PriceCycle.at(
            self._clock.now(), self.runs.interval_minutes, is_manual=is_manual
        )
        sites = await self._directory.known()
        is_directory_due = self._directory.is_due() or not sites
        if is_directory_due and not sites:
            await self._read_sites(run, cycle)
            is_directory_due = False
            sites = await self._directory.known()
        active = [site for site in sites if site.is_active]
        windows = await self._due.plan(sites, is_urgent=is_manual)
        run.expect(is_directory_due + len(active) + bool(windows))
        jobs = [self._polling.poll(run, site, cycle) for site in active]
        if is_directory_due:
            jobs.append(self._read_sites_aside(run, cycle))
        await run_all(jobs)
        if windows:
            await self._due.read(run, windows, cycle)

    async def _read_sites_aside(self, run: ActiveRun, cycle: PriceCycle) -> None:
        await self._read_sites(run, cycle)
        await run.complete()

    async def _read_sites(self, run: ActiveRun, cycle: PriceCycle) -> None:
        """Read the sites, again while that fails for now and the cycle lasts."""
        while True:
            try:
                await self._directory.read(run)
            except SourceError as err:
                again_at = cycle.retry_at(self._clock.now(), err)
                if again_at is None:
                    run.fail(SUBJECT, err)
                    return
            else:
                return
            await sleep_until(self._clock, again_at)
