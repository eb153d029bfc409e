"""A peak watch that has looked: real load of another winter, at the simulated level."""

from dataclasses import replace
from datetime import UTC, datetime

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.app import Server
from energy_logger_server.domain.events import PeakCheck
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.live import Hours, LiveWatch, SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.store.kamo.load_hours import load_history
from tests.server.domain.peak_watch.real_load import real_load

KAMO_ID = 20
WATCHED = {"PEAK_WATCH_AREA": "KAMO"}
LEAD, BUDGET = 2, 20
_LEARNT_HOURS = 14 * 30 * 24
_COLD = int(datetime(2018, 1, 17, 3, tzinfo=UTC).timestamp()) // 3600
"""21:00 CST on a Tuesday, the night before a month's peak."""


async def plant_watch(server: Server, now: datetime, *, announces: bool = True) -> None:
    """Let the watch of KAMO have looked, with hours announced before and ahead."""
    store = server.deps.store
    hour = int(now.timestamp()) // 3600
    known = await store.read(load_history, KAMO_ID)
    assert known is not None
    saved = _said(known, hour, day_number(central_date_at(now).replace(day=1)))
    if not announces:
        saved = SavedWatch(WatchState(hour), is_trained=True, is_probability_shown=True)
    history = _as_if_here(hour, max(load or 0 for load in known.load_kw))
    step, _lesson = LiveWatch(LEAD, BUDGET).step(
        saved, history, Hours(hour, hour + LEAD), None
    )
    await store.save_peak_watch(KAMO_ID, saved)
    server.collecting.kamo.peak_watcher.newest = PeakCheck(
        KAMO_ID, "KAMO", replace(step.outlook, is_probability_shown=True)
    )


def _as_if_here(hour: int, peak_kw: float) -> LoadHistory:
    """Return real hours as if they were the last ones before this one."""
    whole = real_load()
    end = _COLD - whole.first_hour
    loads = whole.load_kw[end - _LEARNT_HOURS : end]
    month = [load for load in loads[-14 * 24 :] if load is not None]
    scale = 0.97 * peak_kw / max(month)
    return LoadHistory(
        hour - _LEARNT_HOURS,
        [None if load is None else load * scale for load in loads],
    )


def _said(known: LoadHistory, hour: int, period_day: int) -> SavedWatch:
    """Return hours of every outcome: the month's highest, lower, withdrawn, ahead."""
    loads = {known.first_hour + at: load for at, load in enumerate(known.load_kw)}
    highest = sorted(loads, key=lambda one: -(loads[one] or 0))
    past = {highest[0]: 0.41, highest[5]: 0.22, highest[9]: 0.18}
    announced = [
        AnnouncedHour(one, period_day, one - LEAD, probability)
        for one, probability in {**past, hour + 1: 0.05, hour + 2: 0.02}.items()
    ]
    gone = highest[20]
    announced.append(AnnouncedHour(gone, period_day, gone - LEAD, 0.06, gone - 1))
    return SavedWatch(
        WatchState(hour + 1, tuple(sorted(announced)), is_open=True),
        is_trained=True,
        is_probability_shown=True,
    )
