"""What the store needs now and then, done after a run of any source."""

from datetime import date, timedelta

from energy_logger_server.api.central import central_date_at
from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.gaps import LOAD_LOOK_BACK
from energy_logger_server.store.store import Store

from .clock_watch import ClockWatch
from .waiting import finish_before_cancel

_EVERY_S = 3600


class Upkeep:
    """Drops old forecasts hourly, and closes KAMO's days that are past reach.

    Does nothing while the clock is wrong: both go by the present.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        clock_watch: ClockWatch,
        keep: timedelta | None,
    ) -> None:
        """Nothing is done yet.

        Args:
            store: Where the forecasts and the days are.
            clock: Tells their age.
            clock_watch: Whether the clock is right.
            keep: Retention of forecasts; None keeps them for ever.
        """
        self._store = store
        self._clock = clock
        self._clock_watch = clock_watch
        self._keep = keep
        self._hour: int | None = None
        self._closed_on: date | None = None

    def keep_forecasts_for(self, keep: timedelta | None) -> None:
        """Keep forecasts as long as this from now on; the next run prunes."""
        if keep != self._keep:
            self._keep, self._hour = keep, None

    async def run(self) -> None:
        """Do what is due.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        if self._clock_watch.is_wrong:
            return
        await self._close_past_kamo_days()
        hour = int(self._clock.now().timestamp()) // _EVERY_S
        if hour != self._hour:
            await finish_before_cancel(self._store.prune_forecasts(self._keep))
            self._hour = hour

    async def _close_past_kamo_days(self) -> None:
        """Close days that have just fallen out of what KAMO still answers.

        Amber's runs do it too: KAMO may be switched off.
        """
        oldest = central_date_at(self._clock.now() - LOAD_LOOK_BACK)
        if oldest != self._closed_on:
            await finish_before_cancel(self._store.close_past_kamo_days(LOAD_LOOK_BACK))
            self._closed_on = oldest
