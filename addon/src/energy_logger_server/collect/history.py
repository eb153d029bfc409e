"""An account's history as the ledger tells it: what to read, what to give up."""

from collections.abc import Mapping

from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.clock import Clock
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.records import KnownSite
from energy_logger_server.store.store import Store

from .amber_due import pass_verdicts
from .backfill_queue import BackfillQueue
from .day_book import DayBook, DayWindow, day_book
from .options import AmberOptions
from .plan import backfill_windows
from .verdicts import verdicts_on_days, verdicts_on_past
from .waiting import unhurried


class History:
    """Plans passes of backfill and passes verdicts. Asks nobody but the store."""

    def __init__(self, store: Store, clock: Clock, options: AmberOptions) -> None:
        self._store = store
        self._clock = clock
        self._options = options

    def adopt(self, options: AmberOptions) -> None:
        """Go by other options from now on."""
        self._options = options

    async def mark_for_rereading(self) -> None:
        """Have every day read again, if the options' mark or start is new.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        mark, start = self._options.reread_mark, self._options.historical_start_on
        if mark is not None:
            await unhurried(self._store.mark_for_rereading(f"{mark} from {start}"))

    async def plan(self) -> BackfillQueue:
        """Return all that is to be read: usage first, newest first.

        Upstream forgets usage after about 90 days, prices later or never.
        """
        windows: list[DayWindow] = []
        oldest = {}
        now = self._clock.now()
        for site in await self.sites():
            for kind, book in (await self._books(site)).items():
                start = self._options.historical_start_on
                windows += backfill_windows(book, start, now, is_active=site.is_active)
                first = book.oldest_with_rows()
                if first is not None:
                    oldest[kind, site.site_id] = first
        windows.sort(key=lambda window: window.last, reverse=True)
        windows.sort(key=lambda window: window.kind is not Kind.USAGE)
        return BackfillQueue(windows, oldest)

    async def judge(self) -> None:
        """Note what is unavailable, as far as the ledger shows.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        for site in await self.sites():
            for book in (await self._books(site)).values():
                verdicts = verdicts_on_days(book, is_active=site.is_active)
                start = self._options.historical_start_on
                if start is not None:
                    verdicts += verdicts_on_past(book, start, self._clock.now())
                await pass_verdicts(self._store, verdicts)

    async def sites(self) -> tuple[KnownSite, ...]:
        """Return the sites that have a history."""
        sites = await self._store.sites()
        return tuple(site for site in sites if site.status != SiteStatus.PENDING)

    async def _books(self, site: KnownSite) -> Mapping[Kind, DayBook]:
        lines = await self._store.ledger(owner=site.site_id)
        return {kind: day_book(kind, site, lines) for kind in (Kind.USAGE, Kind.PRICE)}
