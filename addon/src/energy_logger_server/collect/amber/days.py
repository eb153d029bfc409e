"""Whole NEM days of prices and usage: one window, one request."""

import logging
from datetime import datetime, timedelta

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import RangeTooLarge
from energy_logger_server.clock import Clock
from energy_logger_server.collect.planning.site_ledger import (
    LONGEST_WINDOW_DAYS,
    DayWindow,
)
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.domain.collecting.batch import PricesRead, UsageRead
from energy_logger_server.domain.collecting.ledger import Kind

from .key_watch import KeyWatch

_LOG = logging.getLogger(__name__)
_REMEMBERED = timedelta(hours=1)


class DayReader:
    """Reads windows, and remembers for an hour the longest that upstream allows."""

    def __init__(self, client: AmberClient, key: KeyWatch, clock: Clock) -> None:
        self._client = client
        self._key = key
        self._clock = clock
        self._longest_days = LONGEST_WINDOW_DAYS
        self._shortened_at: datetime | None = None

    def cut(self, window: DayWindow) -> tuple[DayWindow, ...]:
        """Return the windows to ask for in its place, newest first; mostly itself."""
        if self._is_shortened_long_ago():
            self._longest_days = LONGEST_WINDOW_DAYS
            self._shortened_at = None
        return window.cut(self._longest_days)

    async def read(
        self, run: ActiveRun, window: DayWindow, *, reserve: int
    ) -> PricesRead | UsageRead:
        """Return the answer for a window, ready for the store.

        Args:
            run: Counts the request.
            window: What to ask for.
            reserve: Calls that must be left in the rate limit's window.

        Raises:
            SourceError: As the client does. After ``RangeTooLarge`` for more than one
                day ``cut`` gives halves.
        """
        days = (window.first, window.last)
        site_id = window.site_id
        try:
            if window.kind is Kind.USAGE:
                fetch = self._client.fetch_usage(site_id, *days, reserve=reserve)
                usage = await run.ask(window.subject, self._key.watch(fetch))
                return UsageRead(site_id, usage, days)
            request = self._client.fetch_prices(site_id, *days, reserve=reserve)
            prices = await run.ask(window.subject, self._key.watch(request))
            return PricesRead(site_id, prices, days)
        except RangeTooLarge:
            self._longest_days = max(1, window.length // 2)
            if self._shortened_at is None:
                _LOG.info(
                    "Amber refuses %d days in one request: for an hour it is asked "
                    "for fewer",
                    window.length,
                )
            self._shortened_at = self._clock.now()
            raise

    def _is_shortened_long_ago(self) -> bool:
        """Whether to try again: it may have been a slip, and days alone cost calls."""
        at = self._shortened_at
        return at is not None and abs(self._clock.now() - at) >= _REMEMBERED
