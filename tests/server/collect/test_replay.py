"""Two days of each utility: every past day is accounted for."""

from datetime import date, timedelta

import pytest

from energy_logger_server.domain.collecting.area_choice import parse_area_choice
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from tests.server.collect.conftest import DEEP, Begin, RunFor
from tests.server.collect.ledgers import SETTLED

pytestmark = pytest.mark.virtual_time

FIRST_DAY = date(2026, 3, 10)
TWO_DAYS_S = 2 * 86_400


async def test_two_days_of_amber_end_complete_or_estimated_backfill_included(
    begin: Begin, run_for: RunFor
):
    world = await begin(cutover=date(2027, 1, 1), **DEEP)
    amber = world.amber(interval_minutes=30, collect_forecasts=False)
    start = FIRST_DAY - timedelta(days=8)
    backfill = world.backfill(historical_start_date=start)

    await run_for(TWO_DAYS_S, world.schedule(amber).run(), backfill.run_daily())
    await amber.collect(Trigger.MANUAL, ticks_skipped=0)

    assert {run.outcome for run in await world.runs()} == {"success"}
    assert {run.ticks_skipped for run in await world.runs()} == {0}
    past = [start + timedelta(days=n) for n in range(10)]
    for site in (SITE_A, SITE_B):
        for kind in (Kind.USAGE, Kind.PRICE):
            states = await world.states(kind, site)
            assert {states[day] for day in past} <= SETTLED


async def test_two_days_of_kamo_end_complete(begin: Begin, run_for: RunFor):
    world = await begin()
    kamo = world.kamo(interval_minutes=30, substation_areas=parse_area_choice("1"))

    await run_for(TWO_DAYS_S, world.schedule(kamo).run())

    assert {run.outcome for run in await world.runs()} == {"success"}
    assert len(await world.runs()) == 95
    for area in range(1, 21):
        loads = await world.states(Kind.LOAD, str(area))
        assert loads[FIRST_DAY] is DayState.COMPLETE
    substations = await world.states(Kind.SUBSTATIONS, "1")
    assert substations[FIRST_DAY] is DayState.COMPLETE


async def test_both_utilities_and_backfill_share_one_store(
    begin: Begin, run_for: RunFor
):
    world = await begin(cutover=FIRST_DAY)
    amber = world.amber(collect_forecasts=False)
    kamo = world.kamo(substation_areas=parse_area_choice("1,2"))
    backfill = world.backfill(historical_start_date=FIRST_DAY - timedelta(days=30))

    await run_for(
        3000, world.schedule(amber).run(), world.schedule(kamo).run(), backfill.run()
    )

    runs = await world.runs()
    assert {run.outcome for run in runs} == {"success"}
    assert {(run.source, run.trigger) for run in runs} == {
        ("amber", "tick"),
        ("amber", "backfill"),
        ("kamo", "tick"),
    }
