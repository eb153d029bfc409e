"""The nights on which clocks change: Chicago for KAMO, Sydney for whoever reads."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.energy_logger.api.central import central_day_start
from custom_components.energy_logger.api.nem import nem_date_at, nem_day_start
from tests.integration.conftest import World
from tests.integration.entries import (
    FIVE_MINUTE_SITE,
    JEMENA_PRICE,
    amber_entry,
    kamo_entry,
)
from tests.integration.observed import loads_told, shown

HOUR = timedelta(hours=1)
OZARKS = "sensor.ozark_electric_cooperative"
SYDNEY = ZoneInfo("Australia/Sydney")

CHICAGO_NIGHTS = {date(2026, 3, 8): 23, date(2026, 11, 1): 25}
# two o'clock becomes three in October, three becomes two in April
SYDNEY_NIGHTS = {
    datetime(2026, 10, 3, 16, tzinfo=UTC): 1,
    datetime(2026, 4, 4, 16, tzinfo=UTC): -1,
}


@pytest.mark.parametrize(("day", "hours"), CHICAGO_NIGHTS.items())
async def test_a_central_day_of_any_length_has_its_peak(
    world: World, day: date, hours: int
):
    await world.hass.config.async_set_time_zone("America/Chicago")
    start = central_day_start(day)
    entry = kamo_entry()
    await world.move_to(start + timedelta(seconds=10))
    await world.set_up(entry)
    loads = [(await loads_told(world))[-1]]
    assert float(world.state(f"{OZARKS}_peak_today")) == loads[0]

    for hour in range(1, hours):
        await world.move_to(start + hour * HOUR + timedelta(minutes=5, seconds=6))
        *_, settled, running = await loads_told(world)
        loads[-1:] = [settled, running]
        assert float(world.state(f"{OZARKS}_load")) == running
        assert float(world.state(f"{OZARKS}_peak_today")) == max(loads)

    (area,) = entry.runtime_data.areas.values()
    assert [*area.data.today.loads_kw.values()] == loads
    assert [*area.data.today.loads_kw] == [start + each * HOUR for each in range(hours)]
    await world.move_to(start + hours * HOUR + timedelta(seconds=6))
    (running,) = area.data.today.loads_kw.values()
    assert float(world.state(f"{OZARKS}_peak_today")) == running


@pytest.mark.parametrize("day", CHICAGO_NIGHTS)
@pytest.mark.usefixtures("all_enabled")
async def test_the_peak_to_come_names_the_right_hour_of_a_changed_day(
    world: World, day: date
):
    now = central_day_start(day) + timedelta(minutes=30)
    await world.move_to(now)

    await world.set_up(kamo_entry())

    grid = await world.utilities.kamo("/areagrid/1")
    actual, forecast = (line["data"] for line in grid["chartLineData"])
    coming = forecast[len(actual) :]
    hour = central_day_start(day) + (1 + coming.index(max(coming))) * HOUR
    assert world.state(f"{OZARKS}_forecast_peak_time") == hour.isoformat()


@pytest.mark.parametrize(("change", "hours"), SYDNEY_NIGHTS.items())
@pytest.mark.usefixtures("all_enabled")
async def test_prices_go_on_from_interval_to_interval_in_sydneys_nights(
    world: World, change: datetime, hours: int
):
    await world.hass.config.async_set_time_zone("Australia/Sydney")
    before, after = (
        (change + shift).astimezone(SYDNEY).utcoffset() for shift in (-HOUR, HOUR)
    )
    assert before is not None
    assert after is not None
    assert after - before == hours * HOUR
    await world.move_to(change - timedelta(minutes=9, seconds=20))
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))

    attributes = {}
    for tick in range(-1, 14):
        boundary = change + tick * timedelta(minutes=5)
        await world.move_to(boundary + timedelta(seconds=12.6))
        attributes = {**shown(world, JEMENA_PRICE).attributes}
        assert attributes["start_time"] == boundary.isoformat()
    forecasts = shown(world, "sensor.amber_jemena_general_forecast").attributes
    spans = [(one["start_time"], one["end_time"]) for one in forecasts["forecasts"]]
    ends = [attributes["end_time"], *(end for _, end in spans)]
    assert [start for start, _ in spans] == ends[:-1]


@pytest.mark.parametrize("change", SYDNEY_NIGHTS)
async def test_yesterday_is_the_nem_day_whatever_sydneys_clock_says(
    world: World, change: datetime
):
    await world.hass.config.async_set_time_zone("Australia/Sydney")
    imported = "sensor.amber_ausgrid_import_yesterday"
    next_midnight = nem_day_start(nem_date_at(change) + timedelta(days=1))
    await world.move_to(change - timedelta(minutes=1))
    await world.set_up(await amber_entry(world))

    # it is published in the morning behind the night
    for hours in range(2, 7):
        await world.move_to(change + hours * HOUR + timedelta(seconds=1))
    known = world.state(imported)
    assert known not in ("unknown", "unavailable")
    await world.move_to(next_midnight - timedelta(seconds=1))
    assert world.state(imported) == known
    await world.move_to(next_midnight + timedelta(seconds=1))
    assert world.state(imported) == "unknown"
