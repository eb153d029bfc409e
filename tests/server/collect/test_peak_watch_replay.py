"""Real load told by the simulated KAMO, hour by hour: what the watch says of it."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.domain.collecting.area_choice import NO_AREAS
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_server.domain.events import PeakNotice
from energy_logger_server.domain.peak_watch.watch import NoticeKind
from energy_logger_simulator.kamo.config import KamoConfig
from tests.server.collect.conftest import Begin, RunFor
from tests.server.collect.world import World
from tests.server.domain.peak_watch.past_watch import (
    BUDGET,
    LEAD,
    PEAK_DAY,
    announced_until_october,
    left_at,
)
from tests.server.domain.peak_watch.real_load import cut, real_load
from tests.server.store.material import write
from tests.server.web.answers import grid

pytestmark = pytest.mark.virtual_time

KAMO_ID = 20
BEGIN, RESTART, END = PEAK_DAY + 11, PEAK_DAY + 14, PEAK_DAY + 19
SPARE = timedelta(minutes=1)


def known_load_kw(area_id: int, hour_s: int) -> float | None:
    """Return the real load of the whole system."""
    if area_id != KAMO_ID:
        return None
    whole = real_load()
    return whole.load_kw[hour_s // 3600 - whole.first_hour]


async def store_history(world: World) -> None:
    """Store the real load up to the beginning."""
    history = cut(BEGIN)
    loads = {
        datetime.fromtimestamp(history.hour_at(index), UTC): kw
        for index, kw in enumerate(history.load_kw)
        if kw is not None
    }
    now = world.clock.now()
    await write(world.store, grid(KAMO_ID, loads, at=now), at=now)


def kamo_of(world: World, watched: str | None) -> KamoCollector:
    """Return a collector that knows nothing yet, as after a start."""
    return world.kamo(
        interval_minutes=30,
        substation_areas=NO_AREAS,
        peak_watch_area=watched,
        peak_watch_lead_hours=LEAD,
        peak_watch_budget_hours=BUDGET,
    )


async def test_a_replay_with_a_restart_announces_the_hours_of_the_back_test(
    begin: Begin, run_for: RunFor
):
    announced = announced_until_october()
    world = await begin(
        datetime.fromtimestamp(BEGIN * 3600, UTC) - SPARE,
        kamo=KamoConfig(known_load_kw=known_load_kw),
    )
    # an area is listed before anything is known of it
    await kamo_of(world, None).collect(Trigger.TICK, ticks_skipped=0)
    await store_history(world)
    await world.store.save_peak_watch(KAMO_ID, left_at(BEGIN, announced))

    for first, end in ((BEGIN, RESTART), (RESTART, END)):
        schedule = world.schedule(kamo_of(world, "KAMO"))
        until = datetime.fromtimestamp(end * 3600, UTC) - SPARE
        left_s = (until - world.clock.now()).total_seconds()
        await run_for(left_s, schedule.run(collects_at_start=first != BEGIN))

    notices = [one for one in world.published if isinstance(one, PeakNotice)]
    said = [
        one.hour_at // 3600 for one in notices if one.notice is NoticeKind.ANNOUNCED
    ]
    expected = [one.hour for one in announced if BEGIN <= one.said_at < END]
    assert said == expected
    assert len(said) > 1
