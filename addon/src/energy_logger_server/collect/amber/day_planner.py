"""Whole days that ticks ask for: planned from the ledger, read within the cycle."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from energy_logger_server.api.amber_models import SiteStatus
from energy_logger_server.api.errors import (
    RangeTooLarge,
    SourceError,
    SourceMissing,
    SourceRateLimited,
)
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.clock import Clock
from energy_logger_server.collect.planning.plan import price_windows, usage_windows
from energy_logger_server.collect.planning.site_ledger import (
    ONE_DAY,
    DayWindow,
    SiteLedger,
    site_ledger,
)
from energy_logger_server.collect.planning.unavailable_days import (
    Unavailable,
    unavailable_among,
)
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.collect.temporary import RETRY_AFTER, TEMPORARY
from energy_logger_server.collect.waiting import finish_before_cancel, sleep_until
from energy_logger_server.domain.collecting.batch import PricesRead, UsageRead
from energy_logger_server.domain.collecting.gaps import USAGE_DEPTH_DAYS
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.records import KnownSite
from energy_logger_server.store.store import Store

from .account import AmberAccess
from .price_cycle import PriceCycle
from .sites import SiteDirectory

_LIVE_RESERVE = 5
"""Calls that whole days leave to the polls of current prices."""

_PLANNED_EVERY_S = 1800
_LOOKED_BACK = (USAGE_DEPTH_DAYS + 5) * ONE_DAY
_PAUSE = timedelta(seconds=1)


async def mark_days(store: Store, days_lost: Sequence[Unavailable]) -> None:
    """Note in the ledger what is unavailable.

    Raises:
        StoreUnavailable: If the store cannot write.
    """
    for lost in days_lost:
        await finish_before_cancel(
            store.mark_unavailable(lost.series, lost.days, lost.cause)
        )


class DayPlanner:
    """Asks for the days that are due. Does not go back beyond what upstream keeps."""

    def __init__(
        self,
        access: AmberAccess,
        directory: SiteDirectory,
        store: Store,
        clock: Clock,
    ) -> None:
        self._access = access
        self._directory = directory
        self._store = store
        self._clock = clock
        self._asked: dict[tuple[Kind, str], dict[date, datetime]] = {}
        self._registers: dict[str, tuple[str, ...]] = {}
        self._planned_in: int | None = None
        self._done_in: int | None = None
        self._refused: set[DayWindow] = set()

    async def plan(
        self, sites: Sequence[KnownSite], *, is_urgent: bool
    ) -> tuple[DayWindow, ...]:
        """Return what to ask for at this tick: usage first, newest first.

        The ledger is looked at twice an hour, and at the next tick when something
        was left undone.

        Args:
            sites: As the store knows them.
            is_urgent: Ask for all that is open, however lately it was asked for.
        """
        self._planned_in = int(self._clock.now().timestamp()) // _PLANNED_EVERY_S
        if self._planned_in == self._done_in and not is_urgent:
            return ()
        usage: list[DayWindow] = []
        prices: list[DayWindow] = []
        for site in sites:
            if site.status == SiteStatus.PENDING:
                continue
            self._registers[site.site_id] = site.usage_channels
            ledgers = await self._ledgers(site)
            now = self._clock.now()
            usage += usage_windows(
                ledgers[Kind.USAGE], now, is_active=site.is_active, is_urgent=is_urgent
            )
            if site.is_active:
                prices += price_windows(ledgers[Kind.PRICE], now, is_urgent=is_urgent)
        if not usage and not prices:
            self._done_in = self._planned_in
        return (*usage, *prices)

    async def read(
        self, run: ActiveRun, windows: Sequence[DayWindow], cycle: PriceCycle
    ) -> None:
        """Read windows into the store: one job of the run.

        What fails for now is tried once more within the cycle; what the cycle has no
        time for is planned again at the next tick.
        """
        queue = _Queue(
            deque(
                piece for window in windows for piece in self._access.reader.cut(window)
            )
        )
        held: list[PricesRead | UsageRead] = []
        while queue.windows and not self._must_stop(cycle):
            window = queue.windows.popleft()
            if window in queue.retry_at:
                await sleep_until(self._clock, queue.retry_at[window])
            try:
                part = await self._access.reader.read(
                    run, window, reserve=_LIVE_RESERVE
                )
            except SourceError as err:
                self._put_back(run, queue, window, err, cycle)
                continue
            self._note(window)
            self._doubt_registers(part)
            run.succeed(window.subject, part.answer.rejected)
            if queue.windows:
                await run.write([part])
            else:
                held = [part]
        await run.complete(held)
        if not queue.windows and not queue.is_undone:
            self._done_in = self._planned_in

    async def _ledgers(self, site: KnownSite) -> Mapping[Kind, SiteLedger]:
        ledgers = await self._read_ledgers(site)
        days_lost = [
            lost
            for ledger in ledgers.values()
            for lost in unavailable_among(ledger, is_active=site.is_active)
        ]
        if not days_lost:
            return ledgers
        await mark_days(self._store, days_lost)
        return await self._read_ledgers(site)

    async def _read_ledgers(self, site: KnownSite) -> Mapping[Kind, SiteLedger]:
        first = nem_date_at(self._clock.now()) - _LOOKED_BACK
        lines = await self._store.ledger(owner=site.site_id, first=first)
        return {
            kind: site_ledger(kind, site, lines, self._asked.get((kind, site.site_id)))
            for kind in (Kind.USAGE, Kind.PRICE)
        }

    def _must_stop(self, cycle: PriceCycle) -> bool:
        is_refused = self._access.key.refused_since is not None
        return is_refused or self._clock.now() >= cycle.ends_at

    def _put_back(
        self,
        run: ActiveRun,
        queue: "_Queue",
        window: DayWindow,
        err: SourceError,
        cycle: PriceCycle,
    ) -> None:
        """Decide what becomes of a window that failed."""
        if isinstance(err, RangeTooLarge) and window.length > 1:
            queue.windows.extendleft(reversed(self._access.reader.cut(window)))
            return
        retry_at = self._retry_at(err)
        if retry_at is None and window in self._refused:
            # asking the same again at the next tick would be pointless
            self._note(window)
        elif retry_at is None:
            # once may be a slip
            self._refused.add(window)
            queue.is_undone = True
        elif retry_at < cycle.ends_at and window not in queue.retry_at:
            queue.retry_at[window] = retry_at
            queue.windows.append(window)
            return
        else:
            queue.is_undone = True
        if isinstance(err, SourceMissing):
            self._directory.invalidate()
        run.fail(window.subject, err)

    def _retry_at(self, err: SourceError) -> datetime | None:
        if not isinstance(err, TEMPORARY):
            return None
        now = self._clock.now()
        if isinstance(err, SourceRateLimited):
            return max(err.retry_at, now + _PAUSE)
        return now + RETRY_AFTER

    def _note(self, window: DayWindow) -> None:
        """Note that a window was asked for, and need not be soon."""
        now = self._clock.now()
        asked = self._asked.setdefault((window.kind, window.site_id), {})
        asked.update(dict.fromkeys(window.days, now))
        oldest = nem_date_at(now) - _LOOKED_BACK
        for day in [day for day in asked if day < oldest]:
            del asked[day]
        self._refused = {
            one for one in self._refused if one != window and one.last >= oldest
        }

    def _doubt_registers(self, part: PricesRead | UsageRead) -> None:
        if isinstance(part, UsageRead):
            sent = {record.channel_identifier for record in part.answer.records}
            if not sent.issubset(self._registers.get(part.site_id, ())):
                self._directory.invalidate()


@dataclass(slots=True)
class _Queue:
    windows: deque[DayWindow]
    retry_at: dict[DayWindow, datetime] = field(default_factory=dict)
    is_undone: bool = False
