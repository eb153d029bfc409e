"""When a disk is nearly full, and how many days it lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.domain.notifications.disk_space import (
    DiskOutlook,
    DiskSpace,
    StoreGrowth,
    StoreSize,
)

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GB = 1_000_000_000


def outlook(
    free_gb: float, *, per_day_gb: float = 0.0, total_gb: float = 100
) -> DiskOutlook:
    """Return the outlook of a store that grew evenly over a day."""
    growth = StoreGrowth(StoreSize(NOON - 24 * HOUR, 0))
    space = DiskSpace(round(free_gb * GB), round(total_gb * GB), round(per_day_gb * GB))
    return DiskOutlook.of(space, growth, NOON)


@pytest.mark.parametrize(
    ("free_gb", "per_day_gb", "total_gb", "is_nearly_full"),
    [
        (50, 0, 100, False),
        (1.0, 0, 100, False),
        (0.9, 0, 100, True),
        # a small disk may have less
        (0.9, 0, 10, False),
        (0.4, 0, 10, True),
        # 14 days
        (14, 1, 100, False),
        (13.9, 1, 100, True),
    ],
)
def test_a_disk_is_nearly_full_by_what_is_free_or_by_the_days_that_lasts(
    free_gb: float, per_day_gb: float, total_gb: float, is_nearly_full: bool
):
    disk = outlook(free_gb, per_day_gb=per_day_gb, total_gb=total_gb)

    seen = disk.observed(NOON, was_nearly_full=False)

    assert bool(seen.alerts) is is_nearly_full


def test_the_message_says_what_is_free_and_for_how_many_days():
    (soon,) = outlook(8, per_day_gb=1).observed(NOON, was_nearly_full=False).alerts
    (now,) = outlook(0.44).observed(NOON, was_nearly_full=False).alerts

    assert soon.message == "8.0 GB are free, enough for 8 days at today's growth."
    assert now.message == "0.4 GB are free."


def test_it_is_over_when_it_is_clearly_better():
    barely, clearly = outlook(20, per_day_gb=1), outlook(21, per_day_gb=1)

    assert barely.observed(NOON, was_nearly_full=True).alerts
    assert not clearly.observed(NOON, was_nearly_full=True).alerts


def test_a_store_that_lies_elsewhere_or_shrinks_has_no_days_left():
    growth = StoreGrowth(StoreSize(NOON - 24 * HOUR, 2 * GB))

    for size in (None, GB):
        assert DiskOutlook.of(DiskSpace(GB, GB, size), growth, NOON).days_left is None


def test_growth_is_that_of_a_day_at_least_once_there_was_time():
    growth = StoreGrowth()
    rates = {}
    for hour in range(97):
        now = NOON + hour * HOUR
        # a gigabyte an hour, and two from the third day on
        size = hour * GB + max(hour - 48, 0) * GB
        growth = growth.noted(now, size)
        rates[hour] = growth.bytes_per_day(now, size)

    assert rates[5] is None
    assert rates[6] == rates[47] == 24 * GB
    assert 24 * GB < (rates[60] or 0) < 48 * GB
    assert rates[72] == rates[96] == 48 * GB


def test_a_clock_that_was_set_back_begins_anew():
    growth = StoreGrowth().noted(NOON, GB).noted(NOON - HOUR, 2 * GB)

    assert growth == StoreGrowth(*[StoreSize(NOON - HOUR, 2 * GB)] * 2)


def test_nothing_is_remembered_of_a_store_without_a_size():
    assert StoreGrowth().noted(NOON, GB).noted(NOON, None) == StoreGrowth()
