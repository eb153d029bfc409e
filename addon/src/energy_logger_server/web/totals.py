"""How many rows KAMO has, without adding up ten years for every request."""

from datetime import datetime, timedelta

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.nem import day_number
from energy_logger_server.store import Store
from energy_logger_server.store.reads.status import (
    KamoCounts,
    StoreFigures,
    figures,
    kamo_counts,
)

_OPEN_DAYS = 2
"""Days before today that may still gain rows: KAMO looks twelve hours back."""

_MEMORY = timedelta(hours=1)


class Totals:
    """Adds what may still grow to what is over, which it counts once an hour."""

    def __init__(self, store: Store) -> None:
        """Count nothing yet."""
        self._store = store
        self._past: tuple[int, datetime, KamoCounts] | None = None

    async def count(self, now: datetime) -> tuple[StoreFigures, KamoCounts]:
        """Return how much the store holds at an instant."""
        edge = day_number(central_date_at(now)) - _OPEN_DAYS
        past = await self._past_counts(edge, now)
        return await self._store.read(
            lambda connection: (
                figures(connection),
                past + kamo_counts(connection, edge),
            )
        )

    async def _past_counts(self, edge: int, now: datetime) -> KamoCounts:
        known = self._past
        if known is None or known[0] != edge or abs(now - known[1]) > _MEMORY:
            counts = await self._store.read(
                lambda connection: kamo_counts(connection, 0, edge)
            )
            known = self._past = edge, now, counts
        return known[2]
