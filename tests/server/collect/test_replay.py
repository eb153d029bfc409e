"""Two days of both utilities, backfill included: every past day is accounted for."""

from datetime import date, timedelta

import pytest

from energy_logger_server.domain.area_choice import parse_area_choice
from energy_logger_server.domain.ledger import DayState, Kind
from energy_logger_server.domain.runs import Trigger
from energy_logger_server.simulator.amber_sites import SITE_A, SITE_B
from tests.server.collect.conftest import Begin, RunFor

pytestmark = pytest.mark.virtual_time

SETTLED = {DayState.COMPLETE, DayState.ESTIMATED}


async def test_two_days_end_with_every_past_day_complete_or_estimated(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    amber = world.amber(interval_minutes=30, forecast_hours_ahead=2)
    kamo = world.kamo(interval_minutes=30, substation_areas=parse_area_choice("1"))
    backfill = world.backfill(historical_start_on=date(2026, 3, 5))

    await run_for(
        2 * 86_400,
        world.schedule(amber).run(),
        world.schedule(kamo).run(),
        backfill.run_daily(),
    )
    await amber.collect(Trigger.MANUAL, ticks_skipped=0)

    assert {run.outcome for run in await world.runs()} == {"success"}
    assert {run.ticks_skipped for run in await world.runs()} == {0}
    past = [date(2026, 3, 5) + timedelta(days=n) for n in range(7)]
    for site in (SITE_A, SITE_B):
        for kind in (Kind.USAGE, Kind.PRICE):
            states = await world.states(kind, site)
            assert {states[day] for day in past} <= SETTLED
    for area in range(1, 21):
        loads = await world.states(Kind.LOAD, str(area))
        assert loads[date(2026, 3, 10)] is DayState.COMPLETE
    substations = await world.states(Kind.SUBSTATIONS, "1")
    assert substations[date(2026, 3, 10)] is DayState.COMPLETE
