"""A store with something in every table, and its export, once for a test run."""

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.batch import UnreadableAnswer
from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.domain.determinants.substation_peaks import PeakReview
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.domain.substation_health.faults import (
    Fault,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.watch import FaultChanges
from energy_logger_server.portable.export import export_store
from energy_logger_server.store import Store
from energy_logger_simulator.kamo.recording import RECORDED_AT, recorded_grids
from tests.server.store.fixture_store import fill
from tests.server.store.material import (
    NOON,
    TODAY,
    FixedClock,
    ends_of_day,
    grid_of,
    price,
    prices_read,
    substation_body,
    table_of,
    write,
)
from tests.server.store_template import lay_store

HOUR = timedelta(hours=1)
TOKEN = "psk_" + "5" * 32


def forecasts(at: datetime) -> list[JsonObject]:
    """Expected prices of the hours to come."""
    return [
        price(end, type="ForecastInterval", perKwh=30 + at.minute)
        for end in ends_of_day(TODAY, 30)
        if end > NOON + HOUR
    ]


def _with_a_forecast(grid: JsonObject) -> JsonObject:
    lines, labels = grid["chartLineData"], grid["lineChartLabels"]
    assert isinstance(lines, list)
    assert isinstance(labels, list)
    forecast_to = central_label(RECORDED_AT.replace(minute=0) + 3 * HOUR)
    forecast: JsonObject = {"label": "Forecast", "data": [1000.5] * (len(labels) + 1)}
    return {
        **grid,
        "chartLineData": [*lines, forecast],
        "lineChartLabels": [*labels, forecast_to],
    }


async def _fill_everything(store: Store, clock: FixedClock) -> None:
    await fill(store)
    for minutes in (0, 5):
        at = NOON + timedelta(minutes=minutes)
        await write(store, prices_read(forecasts(at), at=at))
    body = substation_body(1, {"North": (10.5, -2.5, -0.97), "Süd": (7, 1, 0.9)})
    for hours in (2, 3):
        await write(store, table_of(body, 1, at=RECORDED_AT + hours * HOUR))
    await write(
        store, grid_of(_with_a_forecast(recorded_grids()[1]), 1, at=RECORDED_AT)
    )
    await write(
        store, UnreadableAnswer("kamo", "/area", "no list", '{"a": "é\\u0000"}')
    )
    run = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    end = RunEnd(NOON, Outcome.FAILED, 1, failures=(Failure("area", "x", "Zürich"),))
    await store.write(run, (), end=end)
    hour = AnnouncedHour(490_000, 20_400, 489_998, 0.25, withdrawn_at=489_999)
    watch = WatchState(490_001, (hour,), is_open=True)
    await store.save_peak_watch(
        1, SavedWatch(watch, is_trained=True, is_probability_shown=False)
    )
    begun = {
        Subject(Fault.FROZEN, "North"): Holding(10.5),
        Subject(Fault.SUM_DIFFERS): Holding(-2.5),
    }
    await store.save_fault_changes(1, FaultChanges(begun, ()))
    await store.save_fault_changes(1, FaultChanges({}, [*begun][:1]))
    review = PeakReview("North", TODAY, counts=True, note="A new mill was tried")
    await store.save_peak_review(1, review)
    clock.at = RECORDED_AT + timedelta(days=2)
    await store.keep_forecasts()
    clock.at = NOON
    await store.mark_for_rereading("2025-01-01")
    await store.change_settings(
        {
            "AMBER_API_KEY": TOKEN,
            "POLL_INTERVAL_MINUTES": "15",
            "UNHEARD_OF": TOKEN[::-1],
        }
    )


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file that no test changes."""
    path: Path = tmp_path_factory.mktemp("filled") / "energy.db"

    async def make() -> None:
        clock = FixedClock()
        store = await Store.open(lay_store(path), clock)
        await _fill_everything(store, clock)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def exported(filled_file: Path) -> bytes:
    """The filled store's export."""
    return export_of(f"sqlite:///{filled_file}")


def export_of(address: str) -> bytes:
    """Export a store."""
    target = io.BytesIO()
    export_store(address, target)
    return target.getvalue()
