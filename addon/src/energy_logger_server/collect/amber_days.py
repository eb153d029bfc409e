"""Whole NEM days of prices and usage: one window, one request."""

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import RangeTooLarge
from energy_logger_server.domain.batch import PricesRead, UsageRead
from energy_logger_server.domain.ledger import Kind

from .day_book import LONGEST_WINDOW_DAYS, DayWindow
from .key_watch import KeyWatch
from .run_log import OpenRun


class DayReader:
    """Reads windows, and remembers the longest that upstream allows."""

    def __init__(self, client: AmberClient, key: KeyWatch) -> None:
        self._client = client
        self._key = key
        self._longest_days = LONGEST_WINDOW_DAYS

    def cut(self, window: DayWindow) -> tuple[DayWindow, ...]:
        """Return the windows to ask for in its place, newest first; mostly itself."""
        return window.cut(self._longest_days)

    async def read(
        self, run: OpenRun, window: DayWindow, *, reserve: int
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
            raise
