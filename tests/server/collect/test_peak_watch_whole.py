"""Real load brought hour by hour to a real store: announced as in the back-test.

There is a restart in the middle of each day that sets a month's peak. Over all three
years by hand, which takes minutes::

    pytest tests/server/collect/test_peak_watch_whole.py --whole-file
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.peak_watch.backtest import backtest
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.live import shifted
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.training import Budget
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.peak_watch import announced_since
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.watching_server import AREA_ID, WatchingServer
from tests.server.domain.peak_watch.past_watch import (
    BUDGET,
    LEAD,
    OCTOBER,
    PEAK_DAY,
    left_at,
)
from tests.server.domain.peak_watch.real_load import cut, real_load
from tests.server.store_template import lay_store

SETTINGS = build_settings(
    environment={
        "PEAK_WATCH_AREA": str(AREA_ID),
        "PEAK_WATCH_LEAD_HOURS": str(LEAD),
        "PEAK_WATCH_BUDGET_HOURS": str(BUDGET),
    }
)
NOON = 12
DAYS_BEFORE, DAYS_AFTER = 2, 3
WHOLE_FILE = "--whole-file"


class Replayed:
    """A history, the hours of it that pass, and what the back-test says of them.

    All hours are indexes of the history.
    """

    def __init__(self, history: LoadHistory, first: int | None, end: int) -> None:
        self.history = history
        past = Past.of(history, PeakRule(), LEAD)
        judged = backtest(past, FittedOn.PAST, Budget(BUDGET, BUDGET))
        calendar = history.calendar
        began = calendar.bounds(judged[0].period.first_day)[0] - LEAD
        self.hours = range(began if first is None else first, end)
        self.announced = [hour for one in judged for hour in one.announced]
        peaks = [peak for one in judged for peak in one.peaks]
        noons = [calendar.bounds(calendar.day[peak])[0] + NOON for peak in peaks]
        self.restarts = [noon for noon in noons if noon in self.hours]

    @property
    def expected(self) -> list[AnnouncedHour]:
        """What is announced while they pass, as it stands at their end."""
        return [
            one
            if one.withdrawn_at is None or one.withdrawn_at in self.hours
            else one._replace(withdrawn_at=None)
            for one in self.announced
            if one.said_at in self.hours
        ]


@pytest.fixture
def replayed(pytestconfig: pytest.Config) -> Replayed:
    """Days around a peak of 2016; from 2016 to 2018 if the whole file is asked for."""
    whole = real_load()
    if pytestconfig.getoption(WHOLE_FILE):
        own = LoadHistory(whole.first_hour, whole.load_kw)
        return Replayed(own, None, len(own))
    middle = PEAK_DAY - whole.first_hour
    first, end = middle - DAYS_BEFORE * 24, middle + DAYS_AFTER * 24
    return Replayed(cut(OCTOBER), first, end)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    clock = SettableClock(datetime(2015, 7, 1, tzinfo=UTC))
    opened = await Store.open(lay_store(tmp_path / "energy.db"), clock)
    yield opened
    await opened.close()


@pytest.mark.timeout(3600)
async def test_every_hour_is_announced_that_the_back_test_announces(
    store: Store, replayed: Replayed, pytestconfig: pytest.Config
):
    history, hours = replayed.history, replayed.hours
    clock = SettableClock(datetime(2015, 7, 1, tzinfo=UTC))
    server = WatchingServer(store, clock, history, SETTINGS)
    server.set_clock(hours.start - 1)
    await server.bring(0, hours.start - 1)
    before = shifted(
        WatchState(announced=tuple(replayed.announced)), history.first_hour
    )
    left = left_at(history.first_hour + hours.start, [*before.announced])
    await store.save_peak_watch(AREA_ID, left)

    begin = hours.start
    for restart in (*replayed.restarts, hours.stop):
        await server.pass_hours(range(begin, restart))
        server.start(SETTINGS)
        begin = restart

    expected = replayed.expected
    span = history.first_hour + hours.start, history.first_hour + hours.stop + LEAD
    found = await store.read(announced_since, AREA_ID, span)
    kept = shifted(
        WatchState(announced=tuple(one.announced for one in found)),
        -history.first_hour,
    )
    said = [one for one in kept.announced if one.said_at in hours]
    assert server.announced() == [one.hour for one in expected]
    assert [one._replace(probability=None) for one in said] == [
        one._replace(probability=None) for one in expected
    ]
    assert [one.probability for one in said] == [
        one.probability and pytest.approx(one.probability, abs=1e-4) for one in expected
    ]
    assert len(said) > 1
    assert replayed.restarts
    pytestconfig.get_terminal_writer().line(
        f"{len(hours)} hours: {len(said)} announced, {len(expected)} by the back-test,"
        f" {len(replayed.restarts)} restarts"
    )
