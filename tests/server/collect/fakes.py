"""Stand-ins with a switch: a store that is down, a clock that is set, slow work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Concatenate, override

from sqlalchemy.engine import Connection

from energy_logger_server.collect.runs.run_log import ActiveRun, RunLog
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.runs import (
    RunEnd,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.records import KnownSite
from energy_logger_simulator.virtual_time import VirtualClock


class FlakyStore(Store):
    """A real store that can be told to write nothing, or to read nothing."""

    is_down = False
    is_blind = False
    is_without_sites = False
    """Whether it does not answer the question for the sites."""
    queries = 0
    """How often somebody has read by a query of his own."""
    on_write: Mapping[int, Callable[[], object]] = {}
    """What to call as the n-th write begins; beginning a run is one too."""
    writes = 0

    def _begin_write(self) -> None:
        self.writes += 1
        self.on_write.get(self.writes, lambda: None)()
        if self.is_down:
            with self._watch.writing(Source.AMBER):
                raise StoreUnavailable("the disk is full")

    def _begin_query(self) -> None:
        self.queries += 1
        if self.is_blind:
            raise StoreUnavailable("the disk is gone")

    @override
    async def read[**P, Result](
        self,
        query: Callable[Concatenate[Connection, P], Result],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        self._begin_query()
        return await super().read(query, *args, **kwargs)

    @override
    async def sites(self) -> tuple[KnownSite, ...]:
        if self.is_without_sites:
            raise StoreUnavailable("the database restarts")
        return await super().sites()

    @override
    async def begin_run(
        self, source: Source, trigger: Trigger, interval_minutes: int
    ) -> int:
        self._begin_write()
        return await super().begin_run(source, trigger, interval_minutes)

    @override
    async def write(
        self, run_id: int, parts: Sequence[Part], *, end: RunEnd | None = None
    ) -> WriteCounts:
        self._begin_write()
        return await super().write(run_id, parts, end=end)


class SettableVirtualClock(VirtualClock):
    """A clock of virtual time that somebody sets while it runs."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.ahead = timedelta()

    @override
    def now(self) -> datetime:
        return super().now() + self.ahead


class FakeCollector:
    """Does what a test tells it in each run."""

    def __init__(
        self, runs: RunLog, work: Callable[[ActiveRun], Awaitable[None]], offset_s: int
    ) -> None:
        self.runs = runs
        self.offset_s = offset_s
        self.refused_since: datetime | None = None
        self.is_pointless = False
        self.began: list[datetime] = []
        self._work = work

    async def collect(self, trigger: Trigger, *, ticks_skipped: int) -> RunEnd | None:
        """Run once, unless there is no point in it."""
        if self.is_pointless:
            return None
        self.began.append(self.runs.clock.now())
        async with self.runs.open(trigger, ticks_skipped=ticks_skipped) as run:
            await self._work(run)
        return run.end


async def idle(_run: ActiveRun) -> None:
    """Do nothing."""


def lasting(*seconds: float) -> Callable[[ActiveRun], Awaitable[None]]:
    """Return work that takes so long, run by run; the last one goes on."""
    spans = list(seconds)

    async def work(_run: ActiveRun) -> None:
        await asyncio.sleep(spans.pop(0) if len(spans) > 1 else spans[0])

    return work
