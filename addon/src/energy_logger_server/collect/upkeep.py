"""What the store needs now and then, done after a run."""

from datetime import timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.store.store import Store

from .waiting import unhurried

_EVERY_S = 3600


class ForecastPruning:
    """Drops archived forecasts that are older than the retention, hourly."""

    def __init__(self, store: Store, clock: Clock, keep: timedelta | None) -> None:
        """Nothing is dropped yet.

        Args:
            store: Where the forecasts are.
            clock: Tells their age.
            keep: Retention; None keeps them for ever.
        """
        self._store = store
        self._clock = clock
        self._keep = keep
        self._hour: int | None = None

    def adopt(self, keep: timedelta | None) -> None:
        """Keep forecasts as long as this from now on; the next run prunes."""
        if keep != self._keep:
            self._keep, self._hour = keep, None

    async def prune_hourly(self) -> None:
        """Prune, unless that was done in this hour.

        Raises:
            StoreUnavailable: If nothing was dropped.
        """
        hour = int(self._clock.now().timestamp()) // _EVERY_S
        if hour == self._hour:
            return
        await unhurried(self._store.prune_forecasts(self._keep))
        self._hour = hour
