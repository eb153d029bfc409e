"""Tells what a collector has committed, to whoever listens."""

import logging
from collections.abc import Iterable

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress
from energy_logger_server.domain.collecting.batch import Part, PricesRead
from energy_logger_server.domain.collecting.runs import RunRecord
from energy_logger_server.domain.events import (
    BackfillStep,
    CurrentPrices,
    PeakLook,
    PeakNotice,
    Publish,
    RunFinished,
    SubstationNotice,
    current_by_channel,
    price_events,
)
from energy_logger_server.errors import StoreError
from energy_logger_server.store.amber.last_published import last_current_prices
from energy_logger_server.store.amber.prices import current_prices
from energy_logger_server.store.store import Store

_LOG = logging.getLogger(__name__)


class EventPublisher:
    """Tells events after their commit: who hears of one finds it in the store.

    One for all collectors of a server.
    """

    def __init__(self, store: Store, clock: Clock, publish: Publish | None) -> None:
        """Tell nothing yet.

        Args:
            store: Where the prices are read again.
            clock: Tells which interval is the current one.
            publish: None where nobody listens: nothing is looked up either.
        """
        self._store = store
        self._clock = clock
        self._publish = publish
        self._current: dict[str, CurrentPrices] | None = None

    async def load_last(self) -> None:
        """Learn once, before the first write, what was published before a restart.

        Raises:
            StoreUnavailable: If the store does not answer.
        """
        if self._publish is None or self._current is not None:
            return
        now = self._clock.now()
        found = await self._store.read(last_current_prices, now)
        if self._current is None:
            self._current = {
                site_id: current_by_channel(prices) for site_id, prices in found.items()
            }

    async def publish_prices(self, parts: Iterable[Part]) -> None:
        """Tell what is new about the current prices of the sites of a write."""
        if self._publish is None or self._current is None:
            return
        sites = dict.fromkeys(
            part.site_id for part in parts if isinstance(part, PricesRead)
        )
        for site_id in sites:
            try:
                present = await self._read_current(site_id)
            except StoreError as err:
                # the next write of the site tells it
                _LOG.warning("an event could not be published: %s", err)
                continue
            previous = self._current.get(site_id, {})
            self._current[site_id] = {**previous, **present}
            for event in price_events(site_id, previous, present):
                self._publish(event)

    def publish_run(self, run: RunRecord) -> None:
        """Tell that a run has ended."""
        if self._publish is not None:
            self._publish(RunFinished(run))

    def publish_backfill(self, progress: BackfillProgress) -> None:
        """Tell how far backfill is."""
        if self._publish is not None:
            self._publish(BackfillStep(progress))

    def publish_peaks(self, event: PeakNotice | PeakLook) -> None:
        """Tell what the peak watch says, or that it has looked."""
        if self._publish is not None:
            self._publish(event)

    def publish_substation_notice(self, notice: SubstationNotice) -> None:
        """Tell what begins to be wrong with a substation, or is over."""
        if self._publish is not None:
            self._publish(notice)

    async def _read_current(self, site_id: str) -> CurrentPrices:
        now = self._clock.now()
        return current_by_channel(await self._store.read(current_prices, site_id, now))
