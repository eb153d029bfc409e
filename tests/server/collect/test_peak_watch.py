"""The peak watch on a real store, whose clock and hours a test brings on."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.collect.kamo.peak_watch import PeakWatcher
from energy_logger_server.collect.shared import shared_by_collectors
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.events import Event, EventKind, PeakLook, PeakNotice
from energy_logger_server.domain.peak_watch.backtest import backtest
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.training import Budget
from energy_logger_server.domain.peak_watch.watch import NoticeKind
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.peak_watch import saved_watch
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.domain.peak_watch.made_up import FIRST_HOUR, daily_wave
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.material import area, areas_read, grid_of, write
from tests.server.store_template import lay_store

JULY = 181 * 24 - 1
"""Index of 2018-07-01 00:00 CDT, counted from 2018-01-01 00:00 CST."""
DAYS = 3
BUDGET = 5
SETTINGS = build_settings(
    environment={"PEAK_WATCH_AREA": "a1", "PEAK_WATCH_BUDGET_HOURS": str(BUDGET)}
)


def load_kw(hour: int) -> float:
    """Return a load that grows a little from day to day."""
    return round(daily_wave(hour) + hour // 24, 1)


class Server:
    """What is watched, and what was told."""

    def __init__(self, store: Store, clock: SettableClock) -> None:
        self.store = store
        self.clock = clock
        self.published: list[Event] = []
        self.start(SETTINGS)

    def start(self, settings: Settings) -> None:
        """Start anew: only the store remembers."""
        shared = shared_by_collectors(
            self.store,
            self.clock,
            forecast_retention=None,
            publish=self.published.append,
        )
        self.watcher = PeakWatcher(shared, settings)

    async def bring(self, first: int, end: int) -> None:
        """Store hours that are over, as KAMO tells them."""
        hours = range(first, end)
        at = [datetime.fromtimestamp((FIRST_HOUR + hour) * 3600, UTC) for hour in hours]
        grid = grid_of(
            {
                "Id": 1,
                "lineChartLabels": [*map(central_label, at)],
                "chartLineData": [
                    {"label": "Actual", "data": [load_kw(hour) for hour in hours]}
                ],
            },
            1,
            at=self.clock.now(),
        )
        await write(self.store, areas_read([area(1)]), grid, at=self.clock.now())

    def set_clock(self, hour: int, minute: int = 0) -> None:
        """Let an hour have begun so long ago."""
        self.clock.set(
            datetime.fromtimestamp((FIRST_HOUR + hour) * 3600 + minute * 60, UTC)
        )

    async def pass_hours(self, first: int, end: int) -> None:
        """Let hours pass; each is there when the next begins."""
        for hour in range(first, end):
            self.set_clock(hour)
            await self.bring(hour - 1, hour)
            await self.watcher.run()
            await self.watcher.run()

    def told(self) -> list[tuple[NoticeKind, int]]:
        """Return what was said of which hour."""
        notices = [one for one in self.published if isinstance(one, PeakNotice)]
        assert {one.kind for one in notices} <= {EventKind.PEAK_WATCH}
        return [(one.notice, one.hour_at // 3600 - FIRST_HOUR) for one in notices]


@pytest.fixture(params=BOTH_KINDS)
async def server(
    request: pytest.FixtureRequest, tmp_path, clock: SettableClock
) -> AsyncIterator[Server]:
    """A server whose store has half a year of an area's hours."""
    if request.param == "sqlite":
        url = lay_store(tmp_path / "energy.db")
    else:
        url = request.getfixturevalue("postgres_url")
    store = await Store.open(url, clock)
    made = Server(store, clock)
    made.set_clock(JULY - 3)
    await made.bring(0, JULY - 3)
    yield made
    await store.close()


async def test_a_replay_with_a_restart_tells_what_the_back_test_does(server: Server):
    hours = JULY + 31 * 24
    past = Past.of(
        LoadHistory(FIRST_HOUR, [load_kw(hour) for hour in range(hours)]),
        PeakRule(),
        lead_hours=2,
    )
    [july] = backtest(past, FittedOn.PAST, Budget(BUDGET, BUDGET))

    await server.pass_hours(JULY - 2, JULY + 16)
    server.start(SETTINGS)
    await server.pass_hours(JULY + 16, JULY + DAYS * 24)

    said = [hour for kind, hour in server.told() if kind is NoticeKind.ANNOUNCED]
    assert said == [one.hour for one in july.announced]
    assert len(said) == BUDGET
    looks = [one for one in server.published if isinstance(one, PeakLook)]
    assert len(looks) == DAYS * 24 + 2
    assert looks[-1] is server.watcher.newest
    kept = await server.store.read(saved_watch, 1)
    assert [one.hour - FIRST_HOUR for one in kept.state.announced] == said
    assert not kept.is_trained


async def test_an_hour_that_has_begun_long_ago_is_looked_at_for_the_next_one(server):
    server.set_clock(JULY, minute=20)
    await server.bring(JULY - 3, JULY)

    await server.watcher.run()

    kept = await server.store.read(saved_watch, 1)
    assert kept.state.looked_to == FIRST_HOUR + JULY + 3


async def test_without_a_load_of_the_last_day_nothing_is_decided(server):
    server.set_clock(JULY + 24)

    await server.watcher.run()

    assert server.watcher.newest is None
    assert (await server.store.read(saved_watch, 1)).state.looked_to == -1


@pytest.mark.parametrize("name", [None, "nowhere"])
async def test_an_area_that_is_not_set_or_not_there_is_not_watched(
    server, name, caplog
):
    server.watcher.apply_settings(replace(SETTINGS, peak_watch_area=name))

    await server.watcher.run()

    assert ("names no area" in caplog.text) == (name is not None)
    assert (await server.store.read(saved_watch, 1)).state.looked_to == -1


async def test_an_area_that_is_set_later_is_looked_at_in_the_same_hour(server):
    other = replace(SETTINGS, peak_watch_area="nowhere")
    server.start(other)
    await server.watcher.run()

    server.watcher.apply_settings(SETTINGS)
    await server.watcher.run()

    assert (await server.store.read(saved_watch, 1)).state.looked_to > 0
