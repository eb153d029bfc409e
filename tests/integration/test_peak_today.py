"""The highest load of the running Central day, and what is remembered of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from homeassistant.core import State
from pytest_homeassistant_custom_component.common import (
    mock_restore_cache_with_extra_data,
)

from custom_components.energy_logger.api.central import central_day_start
from custom_components.energy_logger.api.kamo_models import LoadPoint
from custom_components.energy_logger.coordinator.peak_today import (
    DayHours,
    hours_of_today,
)
from tests.integration.conftest import START, World
from tests.integration.entries import kamo_entry
from tests.integration.observed import loads_told, shown

PEAK = "sensor.ozark_electric_cooperative_peak_today"
TODAY = date(2026, 1, 4)
MIDNIGHT = datetime(2026, 1, 4, 6, tzinfo=UTC)
NOON_AND_MORE = MIDNIGHT + timedelta(hours=14, minutes=5, seconds=6)
"""KAMO tells from three o'clock on."""


def hours(*loads_kw: float, start: datetime = MIDNIGHT) -> dict[datetime, float]:
    return {start + timedelta(hours=index): load for index, load in enumerate(loads_kw)}


def points(loads_kw: dict[datetime, float]) -> Iterable[LoadPoint]:
    return [
        LoadPoint(1, at, load, position, raw=load)
        for position, (at, load) in enumerate(loads_kw.items())
    ]


def remembered(world: World, hours_seen: dict[str, Any]) -> None:
    mock_restore_cache_with_extra_data(world.hass, [(State(PEAK, "1"), hours_seen)])


def test_the_peak_is_the_highest_hour():
    assert DayHours(TODAY, hours(5, 9, 7)).peak == (MIDNIGHT + timedelta(hours=1), 9)


def test_of_equal_hours_the_first_is_the_peak():
    assert DayHours(TODAY, hours(5, 9, 9)).peak == (MIDNIGHT + timedelta(hours=1), 9)


def test_without_hours_there_is_no_peak():
    assert DayHours(TODAY, {}).peak is None


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_hole_since_midnight_hides_the_peak(missing: int):
    seen = hours(5, 9, 7, 8)
    del seen[MIDNIGHT + timedelta(hours=missing)]

    assert DayHours(TODAY, seen).peak is None


@pytest.mark.parametrize(
    ("day", "length"), [(TODAY, 24), (date(2026, 3, 8), 23), (date(2026, 11, 1), 25)]
)
def test_all_hours_of_any_day_have_a_peak(day: date, length: int):
    loads = [float(load) for load in range(length)]
    Random(1).shuffle(loads)

    peak = DayHours(day, hours(*loads, start=central_day_start(day))).peak

    assert peak is not None
    assert peak[1] == max(loads)


def test_what_is_told_wins_over_what_is_known():
    known = DayHours(TODAY, hours(5, 9))

    seen = hours_of_today(known, points(hours(5, 8, 7)), START)

    assert seen == DayHours(TODAY, hours(5, 8, 7))


def test_hours_of_other_days_are_left_out():
    yesterday = MIDNIGHT - timedelta(hours=1)
    known = DayHours(TODAY - timedelta(days=1), {yesterday: 99})

    seen = hours_of_today(known, points({yesterday: 99, MIDNIGHT: 5}), START)

    assert seen == DayHours(TODAY, hours(5))


def test_hours_survive_being_stored():
    seen = DayHours(TODAY, hours(5.5, 9))

    assert DayHours.from_dict(seen.as_dict()) == seen


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"day": "2026-01-04"},
        {"day": "today", "loads_kw": {}},
        {"day": 4, "loads_kw": {}},
        {"day": "2026-01-04", "loads_kw": []},
        {"day": "2026-01-04", "loads_kw": {"noon": 5}},
        {"day": "2026-01-04", "loads_kw": {"2026-01-04T06:00:00": 5}},
        {"day": "2026-01-04", "loads_kw": {"2026-01-04T06:00:00+00:00": None}},
    ],
)
def test_what_was_stored_by_something_else_is_nothing(stored: dict[str, Any]):
    assert DayHours.from_dict(stored) is None


async def test_the_peak_is_known_while_kamo_tells_since_midnight(world: World):
    await world.set_up(kamo_entry())

    # 3:07 Central: the last four of twelve hours are of today
    today = (await loads_told(world))[-4:]
    assert float(world.state(PEAK)) == max(today)
    hour = MIDNIGHT + timedelta(hours=today.index(max(today)))
    assert shown(world, PEAK).attributes["hour"] == hour.isoformat()


async def test_the_peak_is_unknown_when_kamo_no_longer_tells_since_midnight(
    world: World,
):
    await world.move_to(NOON_AND_MORE)
    await world.set_up(kamo_entry())

    assert world.state(PEAK) == "unknown"
    assert "hour" not in shown(world, PEAK).attributes


async def test_the_peak_is_remembered_over_a_restart(world: World):
    early = hours(1, 1, 1, 1e6)
    remembered(world, DayHours(TODAY, early).as_dict())
    await world.move_to(NOON_AND_MORE)

    await world.set_up(kamo_entry())

    # the last of these hours is told again, and what is told wins
    assert float(world.state(PEAK)) == max(await loads_told(world))


async def test_a_remembered_hour_can_be_the_peak(world: World):
    remembered(world, DayHours(TODAY, hours(1e6, 1, 1)).as_dict())
    await world.move_to(NOON_AND_MORE)

    await world.set_up(kamo_entry())

    assert float(world.state(PEAK)) == 1e6
    assert shown(world, PEAK).attributes["hour"] == MIDNIGHT.isoformat()


async def test_a_hole_between_then_and_now_leaves_the_peak_unknown(world: World):
    remembered(world, DayHours(TODAY, hours(1e6, 1)).as_dict())
    await world.move_to(NOON_AND_MORE + timedelta(hours=1))

    await world.set_up(kamo_entry())

    assert world.state(PEAK) == "unknown"


@pytest.mark.parametrize(
    "stored",
    [DayHours(TODAY - timedelta(days=1), hours(1e6)).as_dict(), {"day": None}],
    ids=["yesterday", "unreadable"],
)
async def test_what_is_not_of_today_is_not_remembered(
    world: World, stored: dict[str, Any]
):
    remembered(world, stored)

    await world.set_up(kamo_entry())

    assert float(world.state(PEAK)) == max((await loads_told(world))[-4:])


async def test_the_peak_outlasts_a_reload(world: World):
    entry = kamo_entry()
    await world.set_up(entry)
    for hour in range(4, 14):
        await world.move_to(MIDNIGHT + timedelta(hours=hour, minutes=5, seconds=6))
    await world.move_to(NOON_AND_MORE)
    before = world.state(PEAK)
    assert before != "unknown"

    await world.hass.config_entries.async_reload(entry.entry_id)
    await world.settle()

    assert world.state(PEAK) == before


async def test_at_midnight_the_peak_begins_anew(world: World):
    await world.set_up(kamo_entry())

    await world.move_to(MIDNIGHT + timedelta(days=1, seconds=6))

    assert float(world.state(PEAK)) == (await loads_told(world))[-1]
