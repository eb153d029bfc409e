"""The polling grid of a day."""

from energy_logger_server.domain.collecting.slots import (
    SlotCount,
    add_fetch,
    open_day,
    regrid,
)


def test_a_day_that_is_not_the_first_expects_all_its_minutes():
    assert open_day(7, 1440, 5, is_first=False) == SlotCount(1440, 5, 5, 1)


def test_the_first_day_expects_the_minutes_from_its_first_slot():
    assert open_day(727, 1440, 5, is_first=True) == SlotCount(715, 5, 5, 145)


def test_a_slot_counts_once_and_an_earlier_one_not_at_all():
    count = open_day(10, 1440, 5, is_first=False)

    assert add_fetch(count, 12) is count
    assert add_fetch(count, 4) is count
    assert add_fetch(count, 15).present_minutes == 10


def test_no_more_minutes_are_present_than_expected():
    count = SlotCount(10, 10, 5, 286)

    assert add_fetch(count, 1439).present_minutes == 10


def test_a_changed_interval_counts_the_fetches_anew():
    assert regrid([0, 5, 10, 40], 1440, 30) == SlotCount(1440, 60, 30, 1)
