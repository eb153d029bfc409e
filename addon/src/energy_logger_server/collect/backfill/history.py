"""An account's history according to the ledger: what to read, what to give up."""

from collections.abc import Mapping

from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.clock import Clock
from energy_logger_server.collect.amber.day_planner import mark_days
from energy_logger_server.collect.planning.plan import backfill_windows
from energy_logger_server.collect.planning.site_ledger import (
    DayWindow,
    SiteLedger,
    site_ledger,
)
from energy_logger_server.collect.planning.unavailable_days import (
    unavailable_among,
    unavailable_past,
)
from energy_logger_server.collect.waiting import finish_before_cancel
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.records import KnownSite
from energy_logger_server.store.store import Store

from .queue import BackfillQueue


class BackfillHistory:
    """Plans passes of backfill and passes verdicts. Asks nobody but the store."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def apply_settings(self, settings: Settings) -> bool:
        """Go by other settings; return whether they ask for other history."""
        before, self._settings = self._settings, settings
        return (before.historical_start_date, before.force_reinit) != (
            settings.historical_start_date,
            settings.force_reinit,
        )

    async def mark_for_rereading(self) -> None:
        """Have every day read again, if the mark or the start is new.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        mark = self._settings.force_reinit
        start = self._settings.historical_start_date
        if mark is not None:
            await finish_before_cancel(
                self._store.mark_for_rereading(f"{mark} from {start}")
            )

    async def plan(self) -> BackfillQueue:
        """Return all that is to be read: usage first, newest first.

        Upstream forgets usage after about 90 days, prices later or never.
        """
        windows: list[DayWindow] = []
        oldest = {}
        now = self._clock.now()
        for site in await self.sites():
            for kind, ledger in (await self._ledgers(site)).items():
                start = self._settings.historical_start_date
                windows += backfill_windows(
                    ledger, start, now, is_active=site.is_active
                )
                first = ledger.oldest_with_rows()
                if first is not None:
                    oldest[kind, site.site_id] = first
        windows.sort(key=lambda window: window.last, reverse=True)
        windows.sort(key=lambda window: window.kind is not Kind.USAGE)
        return BackfillQueue(windows, oldest)

    async def mark_unavailable(self) -> None:
        """Note what is unavailable, as far as the ledger shows.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        for site in await self.sites():
            for ledger in (await self._ledgers(site)).values():
                days_lost = unavailable_among(ledger, is_active=site.is_active)
                start = self._settings.historical_start_date
                if start is not None:
                    days_lost += unavailable_past(ledger, start, self._clock.now())
                await mark_days(self._store, days_lost)

    async def sites(self) -> tuple[KnownSite, ...]:
        """Return the sites that have a history."""
        sites = await self._store.sites()
        return tuple(site for site in sites if site.status != SiteStatus.PENDING)

    async def _ledgers(self, site: KnownSite) -> Mapping[Kind, SiteLedger]:
        lines = await self._store.ledger(owner=site.site_id)
        return {
            kind: site_ledger(kind, site, lines) for kind in (Kind.USAGE, Kind.PRICE)
        }
