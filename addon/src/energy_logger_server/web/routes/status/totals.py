"""How many rows KAMO has, without adding up ten years for every request."""

from datetime import datetime, timedelta

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.load.central_days import central_day_of_hour
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.substations import newest_hour
from energy_logger_server.store.runs.status import (
    KamoCounts,
    StoreFigures,
    figures,
    past_kamo_counts,
    recent_kamo_counts,
)

_MEMORY = timedelta(hours=1)


class Totals:
    """Adds what may still grow to what is over, which it counts once an hour."""

    def __init__(self, store: Store) -> None:
        """Count nothing yet."""
        self._store = store
        self._past: tuple[int, datetime, KamoCounts] | None = None

    async def count(self, now: datetime) -> tuple[StoreFigures, KamoCounts]:
        """Return how much the store holds at an instant."""
        day = await self._first_recent_day(now)
        past = await self._past_counts(day, now)
        return await self._store.read(
            lambda connection: (
                figures(connection),
                past + recent_kamo_counts(connection, day),
            )
        )

    async def _first_recent_day(self, now: datetime) -> int:
        """Return yesterday, which KAMO still publishes, or the day of the open hour."""
        yesterday = day_number(central_date_at(now)) - 1
        open_hour = await self._store.read(newest_hour)
        if open_hour is None:
            return yesterday
        return min(yesterday, central_day_of_hour(open_hour))

    async def _past_counts(self, day: int, now: datetime) -> KamoCounts:
        known = self._past
        if known is None or known[0] != day or abs(now - known[1]) > _MEMORY:
            counts = await self._store.read(past_kamo_counts, day)
            known = self._past = day, now, counts
        return known[2]
