"""NEM time: the clock of the Australian National Electricity Market.

UTC+10 all year, in every state, without daylight saving. Amber labels an interval by
its end; the NEM date of an interval is the date of its start, so a day's last
interval ends at 00:00 of the next date (Amber OpenAPI 2.0.0; recorded answers).
"""

from datetime import UTC, date, datetime, timedelta, timezone

NEM_TIME = timezone(timedelta(hours=10), "NEM")
MINUTES_PER_DAY = 1440
_SECONDS_PER_DAY = 86_400
_NEM_OFFSET_S = 36_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def nem_date_of(ends_at: datetime, duration_minutes: int) -> date:
    """Return the NEM date of the interval that ends at ``ends_at`` (aware)."""
    start = ends_at - timedelta(minutes=duration_minutes)
    return start.astimezone(NEM_TIME).date()


def nem_date_at(instant: datetime) -> date:
    """Return the NEM date in force at an aware instant."""
    return instant.astimezone(NEM_TIME).date()


def nem_day_start(day: date) -> datetime:
    """Return the instant (UTC) at which a NEM date begins: 14:00 UTC the day before."""
    return datetime(day.year, day.month, day.day, tzinfo=NEM_TIME).astimezone(UTC)


def nem_day_number(end_epoch_s: int, duration_minutes: int) -> int:
    """Return an interval's NEM date as days since 1970-01-01.

    Args:
        end_epoch_s: End of the interval, seconds since the epoch (UTC).
        duration_minutes: Its length.
    """
    return (end_epoch_s - duration_minutes * 60 + _NEM_OFFSET_S) // _SECONDS_PER_DAY


def nem_midnight(day: int) -> int:
    """Return the instant at which a NEM day begins, in epoch seconds.

    Args:
        day: The day, as days since 1970-01-01.
    """
    return day * _SECONDS_PER_DAY - _NEM_OFFSET_S


def day_number(day: date) -> int:
    """Return a calendar date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of_day_number(number: int) -> date:
    """Return the calendar date that is ``number`` days after 1970-01-01."""
    return date.fromordinal(number + _EPOCH_ORDINAL)
