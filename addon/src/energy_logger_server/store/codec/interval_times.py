"""The four time texts of an Amber interval, made from its end and its length."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from energy_logger_server.api.nem import MINUTES_PER_DAY, date_of_day_number

type IntervalTimes = tuple[str, str, str, str]
"""date, startTime, endTime, nemTime."""

_NEM_OFFSET_S = 36_000
_NEM_OFFSET_MINUTES = 600
_SECONDS_PER_DAY = MINUTES_PER_DAY * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def interval_times(end_at: int, duration_minutes: int) -> IntervalTimes:
    """Return ``date``, ``startTime``, ``endTime``, ``nemTime`` as Amber writes them.

    ``startTime`` is one second after the true start, ``date`` the NEM date of the
    start, ``nemTime`` the end with offset +10:00 (recorded answers).
    """
    length_s = duration_minutes * 60
    start_s = end_at - length_s
    day, second = divmod(start_s + _NEM_OFFSET_S, _SECONDS_PER_DAY)
    if second % length_s == 0 and MINUTES_PER_DAY % duration_minutes == 0:
        return times_of_day(day, duration_minutes)[second // length_s]
    nem_end = _EPOCH + timedelta(seconds=end_at + _NEM_OFFSET_S)
    return (
        date_of_day_number(day).isoformat(),
        _utc_text(start_s + 1),
        _utc_text(end_at),
        f"{nem_end.isoformat()[:19]}+10:00",
    )


def _utc_text(at: int) -> str:
    return f"{(_EPOCH + timedelta(seconds=at)).isoformat()[:19]}Z"


# the channels of an answer, which share their intervals, come one after another
@lru_cache(maxsize=16)
def times_of_day(day: int, duration_minutes: int) -> tuple[IntervalTimes, ...]:
    """Return the texts of a NEM day's intervals in their order.

    Args:
        day: Days since 1970-01-01.
        duration_minutes: A divisor of 1,440.
    """
    texts = {
        offset: date_of_day_number(day + offset).isoformat() for offset in (-1, 0, 1)
    }
    starts, ends, nem_ends = (
        [texts[offset] + clock for offset, clock in clocks]
        for clocks in _clocks(duration_minutes)
    )
    dates = [texts[0]] * len(ends)
    return tuple(zip(dates, starts, ends, nem_ends, strict=True))


type _Clocks = tuple[tuple[int, str], ...]
"""For each interval of a NEM day: days after its date, and the clock with offset."""


@lru_cache(maxsize=8)
def _clocks(duration_minutes: int) -> tuple[_Clocks, _Clocks, _Clocks]:
    ends = range(duration_minutes, MINUTES_PER_DAY + 1, duration_minutes)
    return (
        tuple(
            _clock(end - duration_minutes - _NEM_OFFSET_MINUTES, "01Z") for end in ends
        ),
        tuple(_clock(end - _NEM_OFFSET_MINUTES, "00Z") for end in ends),
        tuple(_clock(end, "00+10:00") for end in ends),
    )


def _clock(minute: int, ending: str) -> tuple[int, str]:
    offset, of_day = divmod(minute, MINUTES_PER_DAY)
    return offset, f"T{of_day // 60:02}:{of_day % 60:02}:{ending}"
