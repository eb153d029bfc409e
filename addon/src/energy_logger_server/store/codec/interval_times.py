"""The four time texts of an Amber interval, made from its end and its length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from energy_logger_server.api.nem import date_of_day_number, day_number

_NEM_OFFSET_S = 36_000
_SECONDS_PER_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = tuple(f"T{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60))
_SECOND_OF_DAY = {f"{text}00Z": 60 * minute for minute, text in enumerate(_CLOCK)}


@lru_cache(maxsize=8192)
def interval_times(end_at: int, duration_minutes: int) -> tuple[str, str, str, str]:
    """Return ``date``, ``startTime``, ``endTime``, ``nemTime`` as Amber writes them.

    ``startTime`` is one second after the true start, ``date`` the NEM date of the
    start, ``nemTime`` the end with offset +10:00 (recorded answers). The channels of a
    site share their intervals, hence the cache.
    """
    end = _EPOCH + timedelta(seconds=end_at)
    start_s = end_at - duration_minutes * 60
    nem_start = _EPOCH + timedelta(seconds=start_s + _NEM_OFFSET_S)
    nem_end = _EPOCH + timedelta(seconds=end_at + _NEM_OFFSET_S)
    after_start = _EPOCH + timedelta(seconds=start_s + 1)
    return (
        nem_start.isoformat()[:10],
        f"{after_start.isoformat()[:19]}Z",
        f"{end.isoformat()[:19]}Z",
        f"{nem_end.isoformat()[:19]}+10:00",
    )


@dataclass(frozen=True, slots=True)
class TimeColumns:
    """The time texts of many intervals, and their ends in epoch seconds."""

    ends_at: list[int]
    dates: list[str]
    start_times: list[str]
    nem_times: list[str]


# as the single one: the channels of an answer come one after another
@lru_cache(maxsize=2)
def time_columns(
    end_times: tuple[str, ...], duration_minutes: int
) -> TimeColumns | None:
    """Return the other texts of the intervals that end at ``end_times``.

    None unless each is a whole minute, written as Amber writes ``endTime``.
    """
    try:
        ends = [_day_start(text[:10]) + _SECOND_OF_DAY[text[10:]] for text in end_times]
    except (KeyError, ValueError):
        return None
    starts = [end - duration_minutes * 60 for end in ends]
    return TimeColumns(
        ends_at=ends,
        dates=[
            _date_text((start + _NEM_OFFSET_S) // _SECONDS_PER_DAY) for start in starts
        ],
        start_times=_texts(starts, "01Z"),
        nem_times=_texts([end + _NEM_OFFSET_S for end in ends], "00+10:00"),
    )


def _texts(minutes_at: Sequence[int], ending: str) -> list[str]:
    return [
        _date_text(at // _SECONDS_PER_DAY)
        + _CLOCK[at % _SECONDS_PER_DAY // 60]
        + ending
        for at in minutes_at
    ]


@lru_cache(maxsize=512)
def _date_text(day: int) -> str:
    return date_of_day_number(day).isoformat()


@lru_cache(maxsize=512)
def _day_start(text: str) -> int:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day_number(day) * _SECONDS_PER_DAY
