"""Of which days usage is complete, and what it comes to."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

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

DAY = date(2026, 1, 3)


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
