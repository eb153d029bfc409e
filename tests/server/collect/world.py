"""A simulated world for tests of collecting: both utilities, a store, virtual time."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, override

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import text

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_server.collect.amber.account import AmberAccess, amber_access
from energy_logger_server.collect.amber.collector import AmberCollector
from energy_logger_server.collect.backfill.backfill import Backfill
from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.collect.schedule import Collector, Schedule
from energy_logger_server.collect.shared import Shared, shared_by_collectors
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.area_choice import ALL_AREAS, AreaChoice
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.events import Event
from energy_logger_server.store import Store
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.faults.plan import FaultPlan
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.request_log import LoggedRequest, RequestLog
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock
from tests.server.collect.fakes import FlakyStore, SettableVirtualClock
from tests.server.store_template import lay_store


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """A line of the run log."""

    id: int
    source: str
    trigger: str
    outcome: str
    started_at: datetime
    ticks_skipped: int
    requests: int
    rejected: int
    failures: Mapping[str, str] = field(default_factory=dict)


class Wire:
    """Stands between client and simulator.

    Attributes:
        intercept: Answers a request in the simulator's place, or returns None.
        most_at_once: The most requests that were under way together.
    """

    def __init__(self) -> None:
        self.intercept: Callable[[web.Request], web.Response | None] | None = None
        self.most_at_once = 0
        self._under_way = 0

    def refuse(self, status: int, *, longer_than_days: int = 0) -> None:
        """Answer with a status whatever asks for a longer span of days."""

        def answer(request: web.Request) -> web.Response | None:
            span = days_asked(request.query) if longer_than_days else 1
            if span <= longer_than_days:
                return None
            return web.json_response({"message": "no"}, status=status)

        self.intercept = answer

    @web.middleware
    async def pass_on(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let the simulator answer unless ``intercept`` does."""
        answer = self.intercept(request) if self.intercept else None
        if answer is not None:
            return answer
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return await handler(request)
        finally:
            self._under_way -= 1


def days_asked(query: Mapping[str, str]) -> int:
    """Return how many days a request asks for, 0 when it names none."""
    if "startDate" not in query:
        return 0
    first, last = (date.fromisoformat(query[name]) for name in ("startDate", "endDate"))
    return (last - first).days + 1


@dataclass(slots=True)
class World:
    """A running simulator and a store, and what a test may do to them."""

    clock: SettableVirtualClock
    wire: Wire
    faults: FaultPlan
    requests: RequestLog
    session: aiohttp.ClientSession
    store: FlakyStore
    base_url: str
    config: AmberConfig
    budget: CallBudget
    access: AmberAccess
    turn: SourceLock
    published: list[Event]
    shared: Shared

    def amber(self, *, interval_minutes: int = 5, **changes: Any) -> AmberCollector:
        """Return a collector of Amber, by the default settings but for the changes."""
        settings = Settings(collection_interval_minutes=interval_minutes, **changes)
        return AmberCollector(self.access, settings, self.shared)

    def kamo(
        self,
        *,
        interval_minutes: int = 5,
        substation_areas: AreaChoice = ALL_AREAS,
        **changes: Any,
    ) -> KamoCollector:
        """Return a collector of KAMO, by the default settings but for the changes."""
        client = KamoClient(
            self.session, now=self.clock.now, base_url=f"{self.base_url}/kamo/api"
        )
        settings = Settings(
            poll_interval_minutes=interval_minutes,
            kamo_substation_areas=substation_areas,
            **changes,
        )
        return KamoCollector(client, settings, self.shared)

    def schedule(self, collector: Collector) -> Schedule:
        """Return the schedule of a collector; Amber's shares its turn with backfill."""
        is_amber = collector.runs.source is Source.AMBER
        turn = self.turn if is_amber else SourceLock(collector.runs.source, self.clock)
        return Schedule(collector, self.clock, turn)

    def backfill(self, **changes: Any) -> Backfill:
        """Return a backfill of Amber, by the default settings but for the changes."""
        return Backfill(self.access, Settings(**changes), self.turn, self.shared)

    def fail(self, action: FaultAction, endpoint: str, **rule: Any) -> None:
        """Add a fault."""
        self.faults.add(Fault(action, endpoint, **rule))

    def asked(
        self, endpoint: str, owner: str | None = None
    ) -> tuple[LoggedRequest, ...]:
        """Return the requests that an endpoint had."""
        return tuple(
            entry
            for entry in self.requests
            if entry.endpoint == endpoint and owner in (None, entry.owner)
        )

    async def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return await found(self.store, sql, **values)

    async def runs(self, trigger: str | None = None) -> list[LoggedRun]:
        """Return the run log, oldest first."""
        return [
            run
            for run in await logged_runs(self.store)
            if trigger in (None, run.trigger)
        ]

    async def states(
        self, kind: Kind, owner: str, channel: str = ""
    ) -> dict[date, DayState]:
        """Return the ledger of a series."""
        return {
            line.day: line.state
            for line in await self.store.ledger(kind=kind, owner=owner)
            if channel in ("", line.series.channel)
        }


class _Simulator(Simulator):
    """The simulator behind a wire."""

    def __init__(self, **choices: Any) -> None:
        super().__init__(**choices)
        self.wire = Wire()

    @override
    def app(self) -> web.Application:
        app = super().app()
        app.middlewares.append(self.wire.pass_on)
        return app


async def found(store: Store, sql: str, **values: object) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    return await store.read(
        lambda connection: [tuple(row) for row in connection.execute(text(sql), values)]
    )


async def logged_runs(store: Store) -> list[LoggedRun]:
    """Return the run log, oldest first."""
    failures: dict[int, dict[str, str]] = {}
    for run_id, subject, code in await found(
        store, "SELECT run_id, subject, code FROM run_failure"
    ):
        failures.setdefault(run_id, {})[subject] = code
    return [
        LoggedRun(
            id=row[0],
            source=row[1],
            trigger=row[2],
            outcome=row[3],
            started_at=datetime.fromtimestamp(row[4] / 1000, UTC),
            ticks_skipped=row[5],
            requests=row[6],
            rejected=row[7],
            failures=failures.get(row[0], {}),
        )
        for row in await found(
            store,
            "SELECT id, source, trigger, outcome, started_at_ms, ticks_skipped,"
            " requests, rejected FROM run ORDER BY id",
        )
    ]


async def start_world(
    stack: AsyncExitStack,
    folder: Path,
    start: datetime,
    *,
    amber: Mapping[str, Any],
    kamo: KamoConfig,
) -> World:
    """Start everything; the stack ends it.

    Args:
        stack: Takes what must be ended.
        folder: For the store.
        start: What the clock shows.
        amber: Fields of ``AmberConfig``; ``start`` is the clock's unless given.
        kamo: How KAMO behaves.
    """
    clock = SettableVirtualClock(start)
    # upstream's clock: a test that sets ours does not set this one
    now = VirtualClock(start).now
    simulator = _Simulator(
        amber=AmberConfig(**{"start": start, **amber}), kamo=kamo, now=now
    )
    base_url = await stack.enter_async_context(serve(simulator))
    session = await stack.enter_async_context(aiohttp.ClientSession())
    store = await FlakyStore.open(lay_store(folder / "energy.db"), clock)
    assert isinstance(store, FlakyStore)
    stack.push_async_callback(store.close)
    budget = CallBudget(clock.now)
    client = AmberClient(
        session,
        token=simulator.amber.token_valid,
        budget=budget,
        now=clock.now,
        base_url=f"{base_url}/v1",
    )
    published: list[Event] = []
    return World(
        clock=clock,
        wire=simulator.wire,
        faults=simulator.faults,
        requests=simulator.requests,
        session=session,
        store=store,
        base_url=base_url,
        config=simulator.amber,
        budget=budget,
        access=amber_access(client, budget, clock),
        turn=SourceLock(Source.AMBER, clock),
        published=published,
        shared=shared_by_collectors(
            store,
            clock,
            forecast_retention=timedelta(hours=48),
            publish=published.append,
        ),
    )


def windows(world: World) -> list[tuple[str, str | None, str, str]]:
    """Return endpoint, site, first and last day of what was asked for, in order."""
    return [
        (
            entry.endpoint,
            entry.owner,
            entry.query["startDate"],
            entry.query["endDate"],
        )
        for entry in world.requests
        if "startDate" in entry.query
    ]
