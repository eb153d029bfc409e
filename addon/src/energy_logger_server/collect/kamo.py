"""Collecting from KAMO: all areas' load, and the substations of chosen areas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.errors import SourceError
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.models import RejectedRecord
from energy_logger_server.api.plan import next_tick
from energy_logger_server.clock import Clock
from energy_logger_server.domain.batch import (
    AreasRead,
    GridRead,
    Part,
    SubstationsRead,
)
from energy_logger_server.domain.runs import RunEnd, Source, Trigger
from energy_logger_server.store.records import KnownArea
from energy_logger_server.store.store import Store

from .news import News
from .options import KamoOptions
from .price_cycle import TEMPORARY
from .run_log import OpenRun, RunBook
from .upkeep import ForecastPruning
from .waiting import sleep_until, together, unhurried

LOOK_BACK = timedelta(hours=12)
"""Hours of load in an answer (recorded answers): what is older cannot be had."""

_MOST_AT_ONCE = 4
_RETRY_AFTER = timedelta(seconds=20)
_SPARE = timedelta(seconds=45)
_AREA_LIST = "area"

type _Answer = tuple[Part, Sequence[RejectedRecord]]


@dataclass(frozen=True, slots=True)
class _Request:
    """One request of a run: the series it is about, and how to make it."""

    subject: str
    read: Callable[[], Awaitable[_Answer]]


class KamoCollector:
    """Runs once for all areas; a run is one transaction."""

    offset_s = 0
    refused_since: datetime | None = None
    """KAMO needs no key."""

    def __init__(
        self,
        client: KamoClient,
        store: Store,
        clock: Clock,
        options: KamoOptions,
        pruning: ForecastPruning,
        news: News,
    ) -> None:
        """Asks nothing yet.

        Args:
            client: Asks KAMO.
            store: Takes the answers.
            clock: Tells the time.
            options: What the settings say.
            pruning: Done after runs; shared with Amber's collector.
            news: Tells what was stored; shared by all.
        """
        self.runs = RunBook(Source.KAMO, store, clock, options.interval_minutes, news)
        self._client = client
        self._store = store
        self._clock = clock
        self._options = options
        self._pruning = pruning
        self._at_once = asyncio.Semaphore(_MOST_AT_ONCE)
        self._areas_read_on: date | None = None
        self._closed_on: date | None = None

    def adopt(self, options: KamoOptions) -> None:
        """Go by other options; a run under way ends by those that it began with."""
        self.runs.interval_minutes = options.interval_minutes
        self._options = options

    async def collect(self, trigger: Trigger, *, ticks_skipped: int) -> RunEnd | None:
        """Read every area once; what fails for now is tried again in the same run.

        Args:
            trigger: What started the run.
            ticks_skipped: For the run log.

        Returns:
            How it ended.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        ends_at = self._ends_at(trigger)
        async with self.runs.open(trigger, ticks_skipped=ticks_skipped) as run:
            cycle = _Cycle(run, ends_at, [])
            options = self._options
            areas = await self._store.areas()
            requests = []
            if self._areas_read_on != central_date_at(self._clock.now()):
                listing = _Request(_AREA_LIST, self._read_list)
                if areas:
                    # an area that is new is read from the next run on
                    requests.append(listing)
                else:
                    await self._read(cycle, [listing])
                    areas = _listed(cycle.parts)
            for area in areas:
                requests += self._requests(area, options)
            await self._read(cycle, requests)
            await run.close(cycle.parts)
        await self._close_past_days()
        await self._pruning.prune_hourly()
        return run.end

    def _ends_at(self, trigger: Trigger) -> datetime:
        """Return from when on nothing is tried again: the next tick is near."""
        now, minutes = self._clock.now(), self.runs.interval_minutes
        if trigger is Trigger.MANUAL:
            return now + timedelta(minutes=minutes)
        return next_tick(now, minutes) - _SPARE

    async def _read_list(self) -> _Answer:
        answer = await self._client.fetch_areas()
        self._areas_read_on = central_date_at(self._clock.now())
        return AreasRead(answer), answer.rejected

    def _requests(self, area: KnownArea, options: KamoOptions) -> Sequence[_Request]:
        area_id = area.area_id

        async def read_grid() -> _Answer:
            grid = await self._client.fetch_area_grid(area_id)
            return GridRead(grid), grid.rejected

        async def read_table() -> _Answer:
            table = await self._client.fetch_substations(area_id)
            part = SubstationsRead(table, options.interval_minutes)
            return part, table.rejected

        grid = _Request(f"load/{area_id}", read_grid)
        chosen = options.substation_areas
        if area.is_aggregate or not chosen.chooses(area_id, area.abbreviation):
            return (grid,)
        return (grid, _Request(f"substations/{area_id}", read_table))

    async def _read(self, cycle: "_Cycle", requests: Sequence[_Request]) -> None:
        """Make the requests, and once more those that fail for now."""
        again: list[_Request] = []

        async def make(request: _Request, *, is_retry: bool) -> None:
            try:
                async with self._at_once:
                    part, rejected = await cycle.run.ask(
                        request.subject, request.read()
                    )
            except SourceError as err:
                has_time = self._clock.now() + _RETRY_AFTER < cycle.ends_at
                if isinstance(err, TEMPORARY) and has_time and not is_retry:
                    again.append(request)
                else:
                    cycle.run.fail(request.subject, err)
            else:
                cycle.parts.append(part)
                cycle.run.succeed(request.subject, rejected)

        await together(make(request, is_retry=False) for request in requests)
        if again:
            await sleep_until(self._clock, self._clock.now() + _RETRY_AFTER)
            await together(make(request, is_retry=True) for request in tuple(again))

    async def _close_past_days(self) -> None:
        """Close days that have just fallen out of what KAMO still answers."""
        oldest = central_date_at(self._clock.now() - LOOK_BACK)
        if oldest != self._closed_on:
            await unhurried(self._store.close_past_kamo_days(LOOK_BACK))
            self._closed_on = oldest


@dataclass(frozen=True, slots=True)
class _Cycle:
    run: OpenRun
    ends_at: datetime
    parts: list[Part]


def _listed(parts: Sequence[Part]) -> tuple[KnownArea, ...]:
    return tuple(
        KnownArea(area.id, area.name, area.abbreviation, area.is_aggregate)
        for part in parts
        if isinstance(part, AreasRead)
        for area in part.answer.records
    )
