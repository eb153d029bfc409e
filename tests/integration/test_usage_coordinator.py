"""Yesterday's usage: when it is asked for, and when a day is complete."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.api.amber_models import (
    Channel,
    Quality,
    Site,
    SiteStatus,
    Usage,
)
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.nem import nem_day_start
from custom_components.energy_logger.coordinator.usage_days import (
    DayUsage,
    SeenUsage,
    day_usage,
    newest_complete_day,
)
from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry
from tests.integration.observed import asked, logged, shown

DAY = date(2026, 1, 3)
IMPORT = "sensor.amber_ausgrid_import_yesterday"
EXPORT = "sensor.amber_ausgrid_export_yesterday"
COST = "sensor.amber_ausgrid_cost_yesterday"
EARNINGS = "sensor.amber_ausgrid_earnings_yesterday"
IMPORT_NEWEST = "sensor.amber_ausgrid_import_newest_complete_day"
EXPORT_NEWEST = "sensor.amber_ausgrid_export_newest_complete_day"
LATEST = "sensor.amber_ausgrid_latest_usage_day"
MIDNIGHT = datetime(2026, 1, 4, 14, tzinfo=UTC)
"""Of NEM time: the 5th begins."""

type Days = list[tuple[str, str]]


async def days_asked(world: World) -> Days:
    """Return first and last day of every question for usage."""
    return [
        (one["query"]["startDate"], one["query"]["endDate"])
        for one in await asked(world, "amber.usage")
    ]


async def usage_of(world: World, site_id: str, day: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.utilities.amber(
        f"/sites/{site_id}/usage?startDate={day}&endDate={day}"
    )
    return found


async def test_yesterday_is_the_sum_of_its_intervals(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)

    upstream = await usage_of(world, entry.data["site_id"], "2026-01-03")
    for channel, energy, money, sign in (
        ("general", IMPORT, COST, 1),
        ("feedIn", EXPORT, EARNINGS, -1),
    ):
        of_channel = [one for one in upstream if one["channelType"] == channel]
        kwh = sum(abs(one["kwh"]) for one in of_channel)
        aud = sign * sum(one["cost"] for one in of_channel) / 100
        assert float(world.state(energy)) == pytest.approx(kwh, abs=0.0005)
        assert float(world.state(money)) == pytest.approx(aud, abs=0.000001)
    assert world.state(LATEST) == "2026-01-03"


async def test_export_is_positive_whichever_sign_amber_gives_it(world: World):
    # the description says that generation is negative; recorded answers have none
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        options={"field": "kwh", "value": -0.25, "all": True},
    )

    await world.set_up(await amber_entry(world))

    assert float(world.state(EXPORT)) == 48 * 0.25
    # on import it takes back what was drawn before
    assert float(world.state(IMPORT)) == 48 * -0.25
    assert float(world.state(EXPORT_NEWEST)) == 48 * 0.25


@pytest.mark.parametrize(
    ("options", "unknown"),
    [
        ({"field": "cost", "all": True}, {COST, EARNINGS}),
        # the last interval of general use, behind which stand as many of feed-in
        ({"field": "cost", "index": -337}, {COST}),
        ({"field": "perKwh", "all": True}, set()),
    ],
)
async def test_energy_is_known_where_only_the_money_is_not(
    world: World, options: dict[str, Any], unknown: set[str]
):
    entry = await amber_entry(world)
    kwh = sum(
        one["kwh"]
        for one in await usage_of(world, entry.data["site_id"], "2026-01-03")
        if one["channelType"] == "general"
    )
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        options={**options, "value": None},
    )

    await world.set_up(entry)

    assert float(world.state(IMPORT)) == pytest.approx(kwh, abs=0.0005)
    known = {one for one in (COST, EARNINGS) if world.state(one) != "unknown"}
    assert known == {COST, EARNINGS} - unknown


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


async def test_all_registers_that_import_are_one_import(world: World):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)

    upstream = await usage_of(world, entry.data["site_id"], "2026-01-03")
    kwh = sum(one["kwh"] for one in upstream if one["channelType"] != "feedIn")
    assert {one["channelType"] for one in upstream} == {*ChannelType}
    state = world.state("sensor.amber_jemena_import_yesterday")
    assert float(state) == pytest.approx(kwh, abs=0.0005)


async def test_money_and_energy_have_no_state_class(world: World):
    await world.set_up(await amber_entry(world))

    for entity_id, unit in ((IMPORT, "kWh"), (EXPORT, "kWh"), (COST, "AUD")):
        attributes = shown(world, entity_id).attributes
        assert attributes["unit_of_measurement"] == unit
        assert "state_class" not in attributes


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


async def test_without_export_there_is_no_sensor_of_it(world: World):
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.sites",
        nth=2,
        options={"field": "channels", "value": []},
    )
    entry = await amber_entry(world)

    await world.set_up(entry)

    keys = {
        one.translation_key
        for one in er.async_entries_for_config_entry(
            er.async_get(world.hass), entry.entry_id
        )
    }
    assert {"import_yesterday", "cost_yesterday", "usage_latest"} <= keys
    assert not {"export_yesterday", "earnings_yesterday"} & keys


def register(identifier: str, kind: str = ChannelType.GENERAL) -> Channel:
    return Channel(identifier, kind, None, raw={})


def site(*registers: Channel) -> Site:
    return Site(
        id="01A",
        nmi="",
        channels=registers,
        network=None,
        status=SiteStatus.ACTIVE,
        active_from=None,
        closed_on=None,
        interval_length_minutes=30,
        raw={},
    )


def records_of(channel: Channel, lengths: Iterable[int], wh: int = 500) -> list[Usage]:
    """Return what a register tells of a day, in intervals of these lengths."""
    records: list[Usage] = []
    reached = nem_day_start(DAY)
    for minutes in lengths:
        reached += timedelta(minutes=minutes)
        records.append(
            Usage(
                type="Usage",
                ends_at=reached,
                duration_minutes=minutes,
                channel_type=channel.type,
                price_cents_per_kwh=20.0,
                spot_cents_per_kwh=None,
                renewables_percent=None,
                spike_status=None,
                descriptor=None,
                tariff=None,
                channel_identifier=channel.identifier,
                energy_kwh=wh / 1000,
                cost_cents=-10.0 if channel.type == ChannelType.FEED_IN else 10.0,
                quality=Quality.BILLABLE,
                raw={},
            )
        )
    return records


E1, E2 = register("E1"), register("E2", ChannelType.CONTROLLED_LOAD)
B1, X1 = register("B1", ChannelType.FEED_IN), register("X1", "unheardOf")
HALF_HOURS = [30] * 48


def test_a_day_has_import_and_export_cost_and_earnings():
    records = [
        *records_of(E1, HALF_HOURS),
        *records_of(E2, HALF_HOURS),
        *records_of(B1, HALF_HOURS),
    ]

    assert day_usage(records, site(E1, E2, B1), DAY) == DayUsage(
        day=DAY,
        import_kwh=48.0,
        export_kwh=24.0,
        cost_aud=9.6,
        earnings_aud=4.8,
        is_estimated=False,
    )


def test_without_feed_in_there_is_neither_export_nor_earnings():
    day = day_usage(records_of(E1, HALF_HOURS), site(E1), DAY)

    assert day is not None
    assert (day.export_kwh, day.earnings_aud) == (None, None)


def test_one_estimated_interval_makes_the_day_an_estimate():
    *rest, last = records_of(E1, HALF_HOURS)
    last = replace(last, quality=Quality.ESTIMATED)

    day = day_usage([*rest, last], site(E1), DAY)

    assert day is not None
    assert day.is_estimated


def without_one(records: list[Usage]) -> list[Usage]:
    return records[:7] + records[8:]


def with_an_overlap(records: list[Usage]) -> list[Usage]:
    return [replace(records[0], duration_minutes=60), *records[1:]]


def with_one_too_many(records: list[Usage]) -> list[Usage]:
    ends_at = records[3].ends_at - timedelta(minutes=15)
    return [*records, replace(records[3], ends_at=ends_at)]


def none_of_it(_records: list[Usage]) -> list[Usage]:
    return []


@pytest.mark.parametrize(
    "spoil", [without_one, with_an_overlap, with_one_too_many, none_of_it]
)
def test_a_day_is_unknown_unless_each_minute_is_told_once(
    spoil: Callable[[list[Usage]], list[Usage]],
):
    records = [*records_of(E1, HALF_HOURS), *spoil(records_of(B1, HALF_HOURS))]

    assert day_usage(records, site(E1, B1), DAY) is None


def test_a_record_that_comes_twice_counts_once():
    records = records_of(E1, HALF_HOURS)

    assert day_usage([*records, records[5]], site(E1), DAY) == (
        day_usage(records, site(E1), DAY)
    )


def test_a_register_that_the_site_does_not_list_must_be_complete_as_well():
    records = [*records_of(E1, HALF_HOURS), *records_of(E2, HALF_HOURS[1:])]

    assert day_usage(records, site(E1), DAY) is None
    assert day_usage(records[:48], site(), DAY) is not None


def test_a_register_of_unknown_type_is_left_out():
    records = records_of(E1, HALF_HOURS)

    day = day_usage([*records, *records_of(X1, [30])], site(E1, X1), DAY)

    assert day == day_usage(records, site(E1), DAY)


def test_other_days_are_no_part_of_a_day():
    records = records_of(E1, HALF_HOURS)
    before = replace(records[0], ends_at=nem_day_start(DAY))

    assert day_usage([before, *records], site(E1), DAY) == (
        day_usage(records, site(E1), DAY)
    )
    assert day_usage(records, site(E1), DAY + timedelta(days=1)) is None


def days_of(records: list[Usage], *days: int) -> list[Usage]:
    """Return the records of a day again as those of so many days later."""
    return [
        replace(one, ends_at=one.ends_at + timedelta(days=day))
        for day in days
        for one in records
    ]


def test_a_register_is_waited_for_until_others_have_told_five_days():
    records = records_of(E1, HALF_HOURS)
    four_days = SeenUsage().after(days_of(records, 0, 1, 2, 3))
    five_days = four_days.after(days_of(records, 4))

    assert four_days.silent_registers(site(E1, E2, B1)) == frozenset()
    assert five_days.silent_registers(site(E1, E2, B1)) == {"E2", "B1"}
    assert day_usage(records, site(E1, B1), DAY) is None
    day = day_usage(records, site(E1, B1), DAY, frozenset({"B1"}))
    assert day is not None
    assert (day.import_kwh, day.export_kwh, day.earnings_aud) == (24.0, None, None)


def test_a_register_that_told_something_once_is_waited_for_again():
    records = records_of(E1, HALF_HOURS)
    known = SeenUsage().after(days_of(records, 0, 1)).after(records_of(B1, [30]))

    assert known.silent_registers(site(E1, B1)) == frozenset()


def test_import_is_unknown_where_only_export_is_told():
    records = records_of(B1, HALF_HOURS)

    day = day_usage(records, site(E1, B1), DAY, frozenset({"E1"}))

    assert day is not None
    assert (day.import_kwh, day.cost_aud, day.export_kwh) == (None, None, 24.0)


def test_the_newest_complete_day_is_the_last_of_which_nothing_is_missing():
    records = records_of(E1, HALF_HOURS)
    *part, _last = days_of(records, 2)

    day = newest_complete_day([*part, *records, *days_of(records, 1)], site(E1))

    assert day is not None
    assert day.day == DAY + timedelta(days=1)
    assert newest_complete_day(part, site(E1)) is None


def test_without_registers_nothing_is_known():
    assert day_usage([], site(), DAY) is None


@pytest.mark.parametrize("position", [0, 7, 47])
def test_lengths_may_be_mixed_and_in_any_order(position: int):
    records = records_of(E1, [30] * position + [5] * 6 + [30] * (47 - position))
    Random(position).shuffle(records)

    day = day_usage(records, site(E1), DAY)

    assert day is not None
    assert day.import_kwh == pytest.approx(53 * 0.5)
