"""Yesterday's usage: when it is asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry
from tests.integration.observed import asked, logged, shown
from tests.integration.usage_entities import (
    COST,
    EARNINGS,
    EXPORT,
    IMPORT,
    LATEST,
    usage_of,
)

IMPORT_NEWEST = "sensor.amber_ausgrid_import_newest_complete_day"
MIDNIGHT = datetime(2026, 1, 4, 14, tzinfo=UTC)
"""Of NEM time: the 5th begins."""
type Days = list[tuple[str, str]]


async def days_asked(world: World) -> Days:
    """Return first and last day of every question for usage."""
    return [
        (one["query"]["startDate"], one["query"]["endDate"])
        for one in await asked(world, "amber.usage")
    ]


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("wrong_type", {"field": "cost", "all": True, "value": None}),
        ("wrong_type", {"field": "quality", "all": True, "value": "estimated"}),
    ],
)
async def test_a_day_that_is_not_final_is_shown_and_asked_for_hourly_until_it_is(
    world: World, fault: str, options: dict[str, Any]
):
    await world.utilities.break_down(
        fault, endpoint="amber.usage", options=options, count=3
    )
    await world.set_up(await amber_entry(world))
    assert float(world.state(IMPORT)) > 0
    assert len(await asked(world, "amber.usage")) == 1

    hour = datetime(2026, 1, 4, 10, 0, 1, tzinfo=UTC)
    for count in (2, 3, 4):
        await world.move_to(hour - timedelta(seconds=2))
        assert len(await asked(world, "amber.usage")) == count - 1
        await world.move_to(hour)
        assert len(await asked(world, "amber.usage")) == count
        assert (await days_asked(world))[-1] == ("2026-01-03", "2026-01-03")
        hour += timedelta(hours=1)

    assert float(world.state(COST)) > 0
    await world.move_to(hour)
    assert len(await asked(world, "amber.usage")) == 4


async def test_a_day_whose_cost_stays_unknown_is_asked_for_with_the_next(world: World):
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        options={"field": "cost", "all": True, "value": None},
        count=None,
    )
    await world.set_up(await amber_entry(world))
    before = len(await asked(world, "amber.usage"))
    for minutes in range(0, 5 * 60, 5):
        await world.move_to(START + timedelta(minutes=minutes))
    # five marks of the hour, and none at night
    assert len(await asked(world, "amber.usage")) == before + 4
    await world.move_to(MIDNIGHT + timedelta(hours=2))
    assert len(await asked(world, "amber.usage")) == before + 4

    await world.move_to(MIDNIGHT + timedelta(hours=3, seconds=1))

    assert (await days_asked(world))[-1] == ("2026-01-03", "2026-01-04")


async def test_a_register_that_never_tells_anything_is_not_waited_for(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = await amber_entry(world)
    upstream = await usage_of(world, entry.data["site_id"], "2026-01-03")
    # Amber lists it as one of the site's, and has no usage of it
    await world.utilities.break_down("new_channel", endpoint="amber.sites", count=None)

    await world.set_up(entry)

    kwh = sum(one["kwh"] for one in upstream if one["channelType"] == "general")
    assert float(world.state(IMPORT)) == pytest.approx(kwh, abs=0.0005)
    assert len(await asked(world, "amber.usage")) == 2
    assert (
        "INFO",
        "Amber Ausgrid: register E3 has no data; days are complete without it",
    ) in logged(caplog)
    # nor does it cost calls all day long
    await world.move_to(MIDNIGHT - timedelta(hours=1))
    await world.move_to(MIDNIGHT - timedelta(seconds=1))
    assert len(await asked(world, "amber.usage")) == 2


async def test_usage_that_comes_late_is_shown_with_its_date(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    newest = "sensor.amber_jemena_import_newest_complete_day"
    yesterday = "sensor.amber_jemena_import_yesterday"
    assert world.state(newest) == world.state(yesterday)

    # the 5th comes out two days late
    for day, known in ((4, 4), (5, 4), (6, 6)):
        await world.move_to(datetime(2026, 1, day, 22, 0, 1, tzinfo=UTC))
        attributes = shown(world, newest).attributes
        assert attributes["date"] == f"2026-01-0{known}"
        assert attributes["estimate"] in (True, False)
        assert (world.state(yesterday) == "unknown") is (known < day)
        assert float(world.state(newest)) > 0


async def test_a_new_day_is_unknown_until_it_is_published(world: World):
    await world.set_up(await amber_entry(world))
    await world.move_to(MIDNIGHT - timedelta(seconds=1))
    assert world.state(IMPORT) != "unknown"

    await world.move_to(MIDNIGHT + timedelta(seconds=1))
    for entity_id in (IMPORT, EXPORT, COST, EARNINGS):
        assert world.state(entity_id) == "unknown"
    assert world.state(LATEST) == "2026-01-03"
    # asked for half-hourly from three o'clock; it comes out at 03:12:57
    for minutes in range(-60, 91, 5):
        three = MIDNIGHT + timedelta(hours=3)
        await world.move_to(three + timedelta(minutes=minutes, seconds=1))

    assert world.state(LATEST) == "2026-01-04"
    assert world.state(IMPORT) not in ("unknown", "unavailable")
    asked_at = [one["at"][11:16] for one in await asked(world, "amber.usage")]
    assert asked_at == ["09:07", "17:00", "17:30"]
    assert await days_asked(world) == [
        ("2025-12-28", "2026-01-03"),
        ("2026-01-04", "2026-01-04"),
        ("2026-01-04", "2026-01-04"),
    ]


async def test_half_hours_do_not_drift(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    # the 5th comes out two days late
    three = datetime(2026, 1, 5, 17, tzinfo=UTC)

    for minutes in range(0, 96, 5):
        # each a little less late than the one before
        late_s = 0.9 - minutes / 120
        await world.move_to(three + timedelta(minutes=minutes, seconds=late_s))

    asked_at = [one["at"][11:16] for one in await asked(world, "amber.usage")]
    assert asked_at == ["09:07", "17:00", "17:30", "18:00", "18:30"]


async def test_a_day_that_comes_out_late_is_asked_for_with_the_next(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    latest = "sensor.amber_jemena_latest_usage_day"
    # of the 4th, 5th and 6th the 5th comes out last
    for day in (4, 5, 6):
        await world.move_to(datetime(2026, 1, day, 22, 0, 1, tzinfo=UTC))

    assert world.state(latest) == "2026-01-06"
    assert await days_asked(world) == [
        ("2025-12-28", "2026-01-03"),
        ("2026-01-04", "2026-01-04"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05", "2026-01-06"),
    ]


async def test_a_day_that_is_out_in_part_is_asked_for_again(world: World):
    await world.set_up(await amber_entry(world))
    await world.utilities.break_down("short_day", endpoint="amber.usage", nth=2)
    three = MIDNIGHT + timedelta(hours=3, seconds=1)

    await world.move_to(three)
    await world.move_to(three + timedelta(minutes=30))
    assert (world.state(IMPORT), world.state(LATEST)) == ("unknown", "2026-01-04")
    await world.move_to(three + timedelta(minutes=60))

    assert world.state(IMPORT) not in ("unknown", "unavailable")
    assert (await days_asked(world))[-1] == ("2026-01-04", "2026-01-04")


async def test_at_the_start_usage_is_asked_for_at_any_time(world: World):
    await world.move_to(MIDNIGHT + timedelta(hours=1))

    await world.set_up(await amber_entry(world))

    assert world.state(IMPORT) == "unknown"
    assert world.state(LATEST) == "2026-01-03"


async def test_no_question_spans_more_than_seven_days(world: World):
    await world.set_up(await amber_entry(world))

    await world.move_to(datetime(2026, 1, 30, 22, 0, 1, tzinfo=UTC))

    assert (await days_asked(world))[-1] == ("2026-01-24", "2026-01-30")


async def test_a_clock_that_was_ahead_does_not_hold_up_usage(world: World):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    # the 5th is not out yet, so that there is reason to ask
    await world.move_to(datetime(2026, 1, 5, 20, tzinfo=UTC))
    await world.set_up(entry)

    await world.move_to(datetime(2026, 1, 5, 17, 30, tzinfo=UTC))
    (site,) = entry.runtime_data.sites.values()
    await site.usage.async_refresh()

    assert len(await asked(world, "amber.usage")) == 2


async def test_usage_that_cannot_be_had_is_unavailable_and_comes_back(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down("html200", endpoint="amber.usage", count=2)
    three = MIDNIGHT + timedelta(hours=3, seconds=1)

    await world.move_to(three)
    await world.move_to(three + timedelta(minutes=5))
    assert world.state(IMPORT) == "unavailable"
    assert world.state("sensor.amber_ausgrid_general_price") != "unavailable"
    await world.move_to(three + timedelta(minutes=10))

    # it answers, though it has nothing yet
    assert world.state(IMPORT) == "unknown"
    (level, went), came_back = logged(caplog)
    assert (level, came_back) == (
        "ERROR",
        ("INFO", "Fetching Amber Ausgrid usage data recovered"),
    )
    assert went.startswith(
        "Error fetching Amber Ausgrid usage data: Amber Electric answered in an "
        "unknown form"
    )


async def test_where_the_last_days_are_all_missing_the_week_is_asked_for(world: World):
    # a site that was told nothing of lately
    entry = await amber_entry(world)
    await world.utilities.break_down("empty_list", endpoint="amber.usage")
    await world.set_up(entry)
    assert world.state(IMPORT_NEWEST) == "unknown"

    await world.move_to(MIDNIGHT + timedelta(hours=2))
    await world.move_to(MIDNIGHT + timedelta(hours=3, seconds=1))

    # the 4th is not out yet
    assert (await days_asked(world))[-1] == ("2025-12-29", "2026-01-04")
    assert shown(world, IMPORT_NEWEST).attributes["date"] == "2026-01-03"


async def test_usage_of_which_nothing_can_be_read_is_a_failure_like_any_other(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        count=2,
        options={"field": "kwh", "all": True, "value": "half"},
    )
    await world.set_up(await amber_entry(world))

    await world.wait(minutes=5)
    assert world.state(IMPORT) == "unavailable"
    await world.wait(minutes=5)

    assert float(world.state(IMPORT)) > 0
    (level, went), came_back = logged(caplog)
    assert (level, came_back) == (
        "ERROR",
        ("INFO", "Fetching Amber Ausgrid usage data recovered"),
    )
    assert "answered in an unknown form" in went
