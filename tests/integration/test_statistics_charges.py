"""Daily charges: what a day costs, and what changes when they do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from homeassistant.util.dt import get_time_zone

from custom_components.energy_logger.statistics.catalogue import SiteStatistics
from custom_components.energy_logger.statistics.charges import (
    Charge,
    ChargeKind,
    ChargePeriod,
    ChargesFeed,
    charges_of,
)

SITE = SiteStatistics("SITE", "Amber Ausgrid")
DAY = timedelta(days=1)
NOW = datetime(2026, 4, 10, 3, tzinfo=UTC)
SUPPLY = Charge(
    ChargeKind.SUPPLY, 1.1, ChargePeriod.DAY, has_gst=True, first_day=date(2026, 4, 3)
)
SUBSCRIPTION = Charge(
    ChargeKind.SUBSCRIPTION,
    20.0,
    ChargePeriod.MONTH,
    has_gst=False,
    first_day=date(2026, 4, 5),
    last_day=date(2026, 4, 6),
)


def at(day: int) -> datetime:
    """Return the hour in which an April day is charged: 1:00 of NEM time."""
    return datetime(2026, 4, day, 15, tzinfo=UTC) - DAY


async def costs(*charges: Charge) -> dict[datetime, float]:
    hours = await ChargesFeed(SITE, charges).hours(at(1), at(9))
    assert hours.amounts[SITE.charges_energy] == dict.fromkeys(
        hours.amounts[SITE.charges], 0.0
    )
    return dict(hours.amounts[SITE.charges])


async def test_a_charge_counts_from_its_first_day_on():
    assert await costs(SUPPLY) == {at(day): 1.1 for day in range(3, 9)}


async def test_a_charge_of_a_month_is_spread_and_gets_its_gst():
    assert await costs(SUBSCRIPTION) == {
        at(day): pytest.approx(22 / 30, abs=1e-7) for day in (5, 6)
    }


async def test_charges_of_a_day_are_one_cost():
    assert (await costs(SUPPLY, SUBSCRIPTION))[at(5)] == pytest.approx(1.1 + 22 / 30)


@pytest.mark.parametrize(
    "zone",
    ["Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide"],
)
@pytest.mark.parametrize("day", [date(2026, 4, 5), date(2026, 10, 4)])
async def test_a_day_is_charged_on_its_date_everywhere_also_when_clocks_are_set(
    zone: str, day: date
):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY

    hours = await ChargesFeed(SITE, (SUPPLY,)).hours(start, start + DAY)

    (hour,) = hours.amounts[SITE.charges]
    assert hour.astimezone(get_time_zone(zone)).date() == day


async def test_each_day_is_new_once():
    feed = ChargesFeed(SITE, (SUPPLY,))

    first = await feed.changes(None, NOW)
    again = await feed.changes(first.cursor, NOW + timedelta(hours=1))
    next_day = await feed.changes(again.cursor, NOW + DAY)

    assert first.first_at == at(3)
    assert again.first_at is None
    assert next_day.first_at == at(11)


async def test_a_charge_that_is_taken_out_changes_all_its_days():
    before = await ChargesFeed(SITE, (SUPPLY,)).changes(None, NOW)
    empty = ChargesFeed(SITE, ())

    gone = await empty.changes(before.cursor, NOW)

    assert gone.first_at == at(3)
    assert (await empty.changes(gone.cursor, NOW)).first_at is None


async def test_without_charges_there_is_nothing():
    assert (await ChargesFeed(SITE, ()).changes(None, NOW)).first_at is None
    assert (await ChargesFeed(SITE, ()).changes("", NOW)).first_at is None


async def test_a_nightly_audit_looks_back_for_a_year():
    feed = ChargesFeed(SITE, (SUPPLY,))

    assert feed.audited_from(NOW, is_nightly=True) == NOW - 366 * DAY
    assert feed.audited_from(NOW, is_nightly=False) is None


def test_charges_come_back_from_the_options_as_they_were():
    options = {"charges": {"SITE": [SUPPLY.as_data(), SUBSCRIPTION.as_data()]}}

    assert charges_of(options, "SITE") == (SUPPLY, SUBSCRIPTION)
    assert charges_of(options, "ANOTHER") == ()
