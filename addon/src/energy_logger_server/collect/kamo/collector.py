"""Collecting from KAMO: all areas' load, and the substations of chosen areas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from energy_logger_server.api.errors import SourceError, SourceUnreadable
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.plan import next_tick
from energy_logger_server.collect.runs.run_log import ActiveRun, RunLog
from energy_logger_server.collect.shared import Shared
from energy_logger_server.collect.temporary import RETRY_AFTER, TEMPORARY
from energy_logger_server.collect.waiting import run_all, sleep_until
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.batch import GridRead, Part, SubstationsRead
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import RunEnd, Source, Trigger
from energy_logger_server.errors import ClockDiffers, ListIncomplete
from energy_logger_server.store.records import KnownArea

from .areas import AREA_LIST, AreaDirectory, areas_listed, report_unknown_areas
from .peak_watch import PeakWatcher
from .substation_watch import SubstationWatcher

_MOST_AT_ONCE = 4
_SPARE = timedelta(seconds=45)
_NOTHING_MEASURED = "it has forecasts, but no measured hour, though there were before"
_NOT_STORED = (
    "the readings are not stored: they have no time but this machine's, whose clock is "
    "wrong"
)


@dataclass(frozen=True, slots=True)
class _Request:
    """One request of a run: the series it is about, and how to make it."""

    subject: str
    read: Callable[[ActiveRun, str], Awaitable[Part]]


class KamoCollector:
    """Runs once for all areas; a run is one transaction."""

    offset_s = 0
    refused_since: datetime | None = None
    """KAMO needs no key."""

    def __init__(
        self,
        client: KamoClient,
        settings: Settings,
        shared: Shared,
    ) -> None:
        """Asks nothing yet.

        Args:
            client: Asks KAMO.
            settings: Those in force.
            shared: What all collectors use.
        """
        self.runs = RunLog(Source.KAMO, settings.poll_interval_minutes, shared)
        self._client = client
        self._store = shared.store
        self._clock = shared.clock
        self._clock_watch = shared.clock_watch
        self._settings = settings
        self._upkeep = shared.upkeep
        self._at_once = asyncio.Semaphore(_MOST_AT_ONCE)
        self._directory = AreaDirectory(client, shared)
        self._heard_from: set[str] = set()
        self.peak_watcher = PeakWatcher(shared, settings)
        self._substation_watcher = SubstationWatcher(shared, settings)

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings; a run under way ends by those that it began with."""
        self.runs.interval_minutes = settings.poll_interval_minutes
        self._settings = settings
        self.peak_watcher.apply_settings(settings)
        self._substation_watcher.apply_settings(settings)

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
            settings = self._settings
            areas = await self._store.areas()
            requests = []
            if self._directory.is_due() or not areas:
                listing = _Request(AREA_LIST, self._directory.read)
                if areas:
                    # an area that is new is read from the next run on
                    requests.append(listing)
                else:
                    await self._read(cycle, [listing])
                    areas = areas_listed(cycle.parts)
            report_unknown_areas(run, settings.kamo_substation_areas, areas)
            for area in areas:
                requests += self._requests(area, settings)
            await self._read(cycle, requests)
            _report_behind(run, cycle.parts, areas)
            await run.close(cycle.parts)
            self._directory.record()
        await self.peak_watcher.run()
        await self._substation_watcher.run(cycle.parts, areas)
        await self._upkeep.run()
        return run.end

    def _ends_at(self, trigger: Trigger) -> datetime:
        """Return from when on nothing is tried again: the next tick is near."""
        now, minutes = self._clock.now(), self.runs.interval_minutes
        if trigger is Trigger.MANUAL:
            return now + timedelta(minutes=minutes)
        return next_tick(now, minutes) - _SPARE

    def _requests(self, area: KnownArea, settings: Settings) -> Sequence[_Request]:
        area_id = area.area_id

        async def read_grid(run: ActiveRun, subject: str) -> Part:
            request = self._client.fetch_area_grid(area_id)
            grid = await run.ask(subject, request)
            has_forecast = any(line.points for line in grid.series)
            is_silent = self._is_silent(subject, has_values=bool(grid.actual))
            if is_silent and not has_forecast:
                raise _emptied(f"/areagrid/{area_id}")
            run.succeed(subject, grid.rejected)
            if is_silent:
                run.remark(subject, SourceUnreadable.code, _NOTHING_MEASURED)
            return GridRead(grid)

        async def read_table(run: ActiveRun, subject: str) -> Part:
            table = await run.ask(subject, self._client.fetch_substations(area_id))
            if self._clock_watch.is_wrong:
                raise ClockDiffers(_NOT_STORED)
            if self._is_silent(subject, has_values=bool(table.readings)):
                raise _emptied(f"/arealoadtable/{area_id}")
            run.succeed(subject, table.rejected)
            return SubstationsRead(table, settings.poll_interval_minutes)

        grid = _Request(f"load/{area_id}", read_grid)
        chosen = settings.kamo_substation_areas
        if area.is_aggregate or not chosen.chooses(area_id, area.abbreviation):
            return (grid,)
        return (grid, _Request(f"substations/{area_id}", read_table))

    def _is_silent(self, subject: str, *, has_values: bool) -> bool:
        """Whether a series is empty that had values since the start."""
        if has_values:
            self._heard_from.add(subject)
        return not has_values and subject in self._heard_from

    async def _read(self, cycle: "_Cycle", requests: Sequence[_Request]) -> None:
        """Make the requests, and once more those that fail for now."""
        again: list[_Request] = []

        async def make(request: _Request, *, is_retry: bool) -> None:
            try:
                async with self._at_once:
                    part = await request.read(cycle.run, request.subject)
            except (SourceError, ListIncomplete, ClockDiffers) as err:
                has_time = self._clock.now() + RETRY_AFTER < cycle.ends_at
                if isinstance(err, TEMPORARY) and has_time and not is_retry:
                    again.append(request)
                else:
                    cycle.run.fail(request.subject, err)
            else:
                cycle.parts.append(part)

        await run_all(make(request, is_retry=False) for request in requests)
        if again:
            await sleep_until(self._clock, self._clock.now() + RETRY_AFTER)
            await run_all(make(request, is_retry=True) for request in tuple(again))


def _report_behind(
    run: ActiveRun, parts: Sequence[Part], areas: Sequence[KnownArea]
) -> None:
    """Say of which areas, among those read, the newest measured hour is of the past."""
    code = ProblemCode.NO_CURRENT_LOAD
    grids = [part.grid for part in parts if isinstance(part, GridRead)]
    behind = [grid for grid in grids if grid.is_behind(grid.fetched_at)]
    if not behind:
        if grids:
            run.problems.end(code, "load of the present hour comes again")
        return
    names = {area.area_id: area.name for area in areas}
    newest = {grid.area_id: grid.newest.hour_at for grid in behind if grid.newest}
    for area_id, hour_at in newest.items():
        run.remark(f"load/{area_id}", code, _newest_sentence(hour_at))
    every = len(behind) == len(grids)
    whose = "any area" if every else ", ".join(names[one] for one in sorted(newest))
    run.problems.begin(
        code,
        f"KAMO gives no present load of {whose}: "
        f"{_newest_sentence(max(newest.values()))}.",
    )


def _newest_sentence(hour_at: datetime) -> str:
    return f"the newest hour measured is {hour_at:%Y-%m-%d %H:%M} UTC"


def _emptied(path: str) -> SourceUnreadable:
    reason = "the answer is empty, though there were readings before"
    return SourceUnreadable(Source.KAMO, path, reason, sample="")


@dataclass(frozen=True, slots=True)
class _Cycle:
    run: ActiveRun
    ends_at: datetime
    parts: list[Part]
