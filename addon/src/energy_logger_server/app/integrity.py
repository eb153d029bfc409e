"""Looking the store's file over every day; a damaged one is given up at once."""

import logging
from datetime import datetime, timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.collect.waiting import sleep_until
from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store import Store

_LOG = logging.getLogger(__name__)
_FIRST_AFTER = timedelta(minutes=10)
"""A start has other things to do."""

_EVERY = timedelta(days=1)
_ASK_EVERY = timedelta(minutes=1)


class IntegrityWatch:
    """Looks the file over once a day, and when a use of the store met damage.

    Attributes:
        checked_at: Instant (UTC) at which it was last found whole; None before.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        """Look at nothing yet."""
        self.checked_at: datetime | None = None
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Look again and again until cancelled, or until damage is found.

        Raises:
            StoreDamaged: If it is; nothing is written to the file any more.
            PlaceUnusable: If that could not be noted beside it.
        """
        due_at = self._clock.now() + _FIRST_AFTER
        has_met_damage = False
        while True:
            await sleep_until(self._clock, self._clock.now() + _ASK_EVERY)
            met_damage = self._store.state.is_damaged
            is_new = met_damage and not has_met_damage
            has_met_damage = met_damage
            now = self._clock.now()
            if is_new or now >= due_at or due_at - now > _EVERY:
                await self._check()
                due_at = self._clock.now() + _EVERY

    async def _check(self) -> None:
        try:
            problem = await self._store.find_damage()
        except StoreUnavailable as err:
            _LOG.warning("the store could not be looked over today: %s", err)
            return
        if problem is not None:
            _LOG.error("the store is damaged: %s", problem)
            raise await self._store.give_up(problem)
        self.checked_at = self._clock.now()
