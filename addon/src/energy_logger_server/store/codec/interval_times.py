"""The four time texts of an Amber interval, made from its end and its length."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_NEM_OFFSET_S = 36_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
