"""Quiet hours by the clock on the wall, on ordinary days and where clocks are set."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.domain.notifications.quiet_hours import QuietHours

SYDNEY, CHICAGO = ZoneInfo("Australia/Sydney"), ZoneInfo("America/Chicago")
NIGHT = QuietHours(time(22), time(7))


def zone_of(local: datetime) -> ZoneInfo:
    """Return whose clock a time is told by."""
    assert isinstance(local.tzinfo, ZoneInfo)
    return local.tzinfo


@pytest.mark.parametrize(
    ("at", "is_quiet"),
    [
        ("21:59", False),
        ("22:00", True),
        ("00:00", True),
        ("06:59", True),
        ("07:00", False),
    ],
)
def test_a_night_lies_around_midnight(at: str, is_quiet: bool):
    instant = datetime.fromisoformat(f"2026-05-05T{at}").replace(tzinfo=SYDNEY)

    assert NIGHT.covers(instant.astimezone(UTC), SYDNEY) is is_quiet


@pytest.mark.parametrize(
    ("at", "is_quiet"), [("12:59", False), ("13:00", True), ("15:00", False)]
)
def test_a_nap_lies_within_a_day(at: str, is_quiet: bool):
    instant = datetime.fromisoformat(f"2026-05-05T{at}+00:00")

    assert QuietHours(time(13), time(15)).covers(instant, UTC) is is_quiet


@pytest.mark.parametrize("evening", ["22:00", "23:30", "03:00", "06:59"])
def test_they_last_until_their_end_of_the_same_or_the_next_day(evening: str):
    day = "2026-05-05" if evening > "12" else "2026-05-06"
    at = datetime.fromisoformat(f"{day}T{evening}+00:00")

    assert NIGHT.until(at, UTC) == datetime(2026, 5, 6, 7, tzinfo=UTC)


def test_outside_of_them_nothing_is_put_off():
    noon = datetime(2026, 5, 5, 12, tzinfo=UTC)

    assert NIGHT.until(noon, UTC) == noon


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        # the clocks are set on: the night is an hour shorter
        (datetime(2026, 10, 3, 22, tzinfo=SYDNEY), 8),
        (datetime(2026, 3, 7, 22, tzinfo=CHICAGO), 8),
        # and set back
        (datetime(2026, 4, 4, 22, tzinfo=SYDNEY), 10),
        (datetime(2026, 10, 31, 22, tzinfo=CHICAGO), 10),
    ],
)
def test_a_night_in_which_clocks_are_set_ends_by_the_clock(
    evening: datetime, hours: int
):
    zone, at = zone_of(evening), evening.astimezone(UTC)

    end = NIGHT.until(at, zone)

    assert end.astimezone(zone).time() == time(7)
    assert end - at == timedelta(hours=hours)


@pytest.mark.parametrize(
    "night",
    [datetime(2026, 10, 4, tzinfo=SYDNEY), datetime(2026, 3, 8, tzinfo=CHICAGO)],
)
def test_an_end_that_a_spring_night_skips_is_no_trap(night: datetime):
    zone = zone_of(night)
    hours = QuietHours(time(22), time(2, 30))
    at = night.replace(hour=1).astimezone(UTC)
    waited = 0
    while hours.covers(at, zone):
        at, waited = hours.until(at, zone), waited + 1

    assert at.astimezone(zone).time() in (time(3), time(3, 30))
    assert waited <= 2


@pytest.mark.parametrize(
    "night",
    [datetime(2026, 4, 5, tzinfo=SYDNEY), datetime(2026, 11, 1, tzinfo=CHICAGO)],
)
def test_an_end_that_an_autumn_night_has_twice_is_the_first(night: datetime):
    zone = zone_of(night)
    repeated = 2 if zone is SYDNEY else 1
    hours = QuietHours(time(22), time(repeated, 30))
    at = night.replace(hour=repeated).astimezone(UTC)

    assert hours.until(at, zone) - at == timedelta(minutes=30)


def test_it_is_written_as_it_is_set():
    assert str(NIGHT) == "22:00-07:00"
