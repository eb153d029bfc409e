"""Central days as numbers: the calendar of KAMO's ledger and rollups."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from energy_logger_server.api.central import central_date_at, central_day_start
from energy_logger_server.api.nem import date_of_day_number, day_number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def central_day_of_hour(hour: int) -> int:
    """Return the Central date of a UTC hour, as days since 1970-01-01.

    Central time's offset is whole hours, so an hour never spans two dates.

    Args:
        hour: Epoch seconds // 3600.
    """
    return day_number(central_date_at(_EPOCH + timedelta(hours=hour)))


@lru_cache(maxsize=512)
def central_day_bounds(day: int) -> tuple[int, int]:
    """Return a Central date's first and past-the-last instant, epoch seconds."""
    date = date_of_day_number(day)
    start, end = (
        int(central_day_start(one).timestamp())
        for one in (date, date + timedelta(days=1))
    )
    return start, end
