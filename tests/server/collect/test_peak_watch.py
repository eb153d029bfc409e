"""The peak watch on a real store, whose clock and hours a test brings on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.peak_watch.backtest import backtest
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.training import Budget
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.peak_watch import saved_watch
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.watching_server import WatchingServer
from tests.server.domain.peak_watch.made_up import FIRST_HOUR, daily_wave
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store_template import lay_store

JULY = 181 * 24 - 1
"""Index of 2018-07-01 00:00 CDT, counted from 2018-01-01 00:00 CST."""
DAYS = 3
BUDGET = 5
SETTINGS = build_settings(
    environment={"PEAK_WATCH_AREA": "a1", "PEAK_WATCH_BUDGET_HOURS": str(BUDGET)}
)


HISTORY = LoadHistory(
    FIRST_HOUR,
    [round(daily_wave(hour) + hour // 24, 1) for hour in range(JULY + 31 * 24)],
)
"""A load that grows a little from day to day, to the end of July."""


@pytest.fixture(params=BOTH_KINDS)
async def server(
    request: pytest.FixtureRequest, tmp_path, clock: SettableClock
) -> AsyncIterator[WatchingServer]:
    """A server whose store has half a year of an area's hours."""
    if request.param == "sqlite":
        url = lay_store(tmp_path / "energy.db")
    else:
        url = request.getfixturevalue("postgres_url")
    store = await Store.open(url, clock)
    made = WatchingServer(store, clock, HISTORY, SETTINGS)
    made.set_clock(JULY - 3)
    await made.bring(0, JULY - 3)
    yield made
    await store.close()


async def test_a_replay_with_a_restart_tells_what_the_back_test_does(
    server: WatchingServer,
):
    past = Past.of(HISTORY, PeakRule(), lead_hours=2)
    [july] = backtest(past, FittedOn.PAST, Budget(BUDGET, BUDGET))

    await server.pass_hours(range(JULY - 2, JULY + 16))
    # in an hour that was looked at, nothing is said
    await server.watcher.run()
    server.start(SETTINGS)
    await server.pass_hours(range(JULY + 16, JULY + DAYS * 24))

    said = server.announced()
    assert said == [one.hour for one in july.announced]
    assert len(said) == BUDGET
    assert len(server.looks) == DAYS * 24 + 2
    assert server.looks[-1] is server.watcher.newest
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


async def test_an_area_that_is_set_during_a_look_is_looked_at_in_the_same_hour(server):
    other = replace(SETTINGS, peak_watch_area="nowhere")
    await server.watcher.run()
    server.set_clock(JULY - 2)
    look = asyncio.create_task(server.watcher.run())
    await asyncio.sleep(0)

    server.watcher.apply_settings(other)
    await look
    looks = len(server.looks)
    assert server.watcher.newest is None
    server.watcher.apply_settings(SETTINGS)
    await server.watcher.run()

    assert len(server.looks) == looks + 1


async def test_a_lead_that_is_set_during_a_look_counts_from_the_next_look_on(server):
    look = asyncio.create_task(server.watcher.run())
    await asyncio.sleep(0)

    server.watcher.apply_settings(replace(SETTINGS, peak_watch_lead_hours=12))
    await look

    near = [one for one in server.looks[-1].outlook.hours if one.is_near]
    assert len(near) == SETTINGS.peak_watch_lead_hours + 1
