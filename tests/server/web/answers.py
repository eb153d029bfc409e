"""KAMO's answers as tests of the web need them, and a collector that stores them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from energy_logger_server.api.central import central_label
from energy_logger_server.domain.collecting.batch import (
    AreasRead,
    GridRead,
    Part,
    SubstationsRead,
)
from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.store import Store
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store.material import areas_read, grid_of, substation_body, table_of

HOUR = timedelta(hours=1)


def areas() -> AreasRead:
    """Return the recorded list of areas."""
    return areas_read(recorded_area_list(), at=RECORDED_AT)


def recording() -> list[Part]:
    """Return one cycle of the recording: areas, grids and substation tables."""
    grids = [
        grid_of(body, area_id, at=RECORDED_AT)
        for area_id, body in recorded_grids().items()
    ]
    tables = [
        table_of(body, area_id, at=RECORDED_AT)
        for area_id, body in recorded_tables().items()
    ]
    return [areas(), *grids, *tables]


def grid(
    area_id: int, loads: Mapping[datetime, float], *, at: datetime | None = None
) -> GridRead:
    """Return measured loads (kW) by instant, fetched a day after the last one."""
    return grid_of(
        {
            "Id": area_id,
            "lineChartLabels": [central_label(hour) for hour in loads],
            "chartLineData": [{"label": "Actual", "data": [*loads.values()]}],
        },
        area_id,
        at=at or max(loads) + timedelta(days=1),
    )


def table(
    area_id: int, at: datetime, rows: Mapping[str, tuple[float, float, float]]
) -> SubstationsRead:
    """Return kW, kVAR and power factor of substations by name."""
    return table_of(substation_body(area_id, rows), area_id, at=at)


def hourly_loads(*loads: float, first: datetime) -> dict[datetime, float]:
    """Return loads (kW) of consecutive hours."""
    return {first + index * HOUR: load for index, load in enumerate(loads)}


class Collector:
    """Stores answers as a collector would: one run each."""

    def __init__(self, store: Store, clock: SettableClock) -> None:
        self._store = store
        self._clock = clock

    async def run(
        self,
        *parts: Part,
        source: Source = Source.KAMO,
        failures: Iterable[Failure] = (),
        outcome: Outcome | None = None,
        series_total: int = 3,
        seconds: float = 0,
    ) -> int:
        """Write parts in a run of their own that ends after some seconds."""
        run_id = await self._store.begin_run(source, Trigger.TICK, 5)
        self._clock.advance(seconds)
        failed = tuple(failures)
        end = RunEnd(
            finished_at=self._clock.now(),
            outcome=outcome or (Outcome.PARTIAL if failed else Outcome.SUCCESS),
            series_total=series_total,
            failures=failed,
        )
        await self._store.write(run_id, parts, end=end)
        return run_id


def as_written(text: str) -> Any:
    """Return a JSON answer, its numbers as texts with every digit."""
    return json.loads(text, parse_float=str, parse_int=str)
