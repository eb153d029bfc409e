"""Publishes what a collector has committed, to whoever listens."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from energy_logger_server.api.amber_models import Price
from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress
from energy_logger_server.domain.collecting.batch import Part, PricesRead
from energy_logger_server.domain.collecting.runs import RunRecord
from energy_logger_server.domain.events import (
    BackfillStep,
    CurrentPrices,
    PeakCheck,
    PeakNotice,
    PriceEvent,
    Publish,
    RunFinished,
    SubstationNotice,
    current_by_channel,
    late_confirmations,
    left_unconfirmed,
    price_events,
)
from energy_logger_server.errors import StoreError
from energy_logger_server.store.amber.last_published import last_current_prices
from energy_logger_server.store.amber.prices import current_prices
from energy_logger_server.store.store import Store

_LOG = logging.getLogger(__name__)
_WAIT = timedelta(days=1)


class EventPublisher:
    """Publishes events after their commit: who gets one finds it in the store.

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
        self._unconfirmed: dict[str, tuple[Price, ...]] = {}

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
        """Publish what is new about the current prices of the sites of a write."""
        if self._publish is None or self._current is None:
            return
        records: dict[str, list[Price]] = {}
        for part in parts:
            if isinstance(part, PricesRead):
                records.setdefault(part.site_id, []).extend(part.answer.records)
        for site_id, prices in records.items():
            try:
                present = await self._read_current(site_id)
            except StoreError as err:
                # the next write of the site publishes it
                _LOG.warning("an event could not be published: %s", err)
                continue
            previous = self._current.get(site_id, {})
            self._current[site_id] = {**previous, **present}
            self._note_unconfirmed(site_id, left_unconfirmed(previous, present))
            for event in (
                *self._confirmed_late(site_id, prices),
                *price_events(site_id, previous, present),
            ):
                self._publish(event)

    def _note_unconfirmed(self, site_id: str, prices: Iterable[Price]) -> None:
        """Wait for the confirmation of prices, for a day at most."""
        oldest = self._clock.now() - _WAIT
        waiting = self._unconfirmed.get(site_id, ())
        self._unconfirmed[site_id] = tuple(
            one for one in (*waiting, *prices) if one.ends_at > oldest
        )

    def _confirmed_late(
        self, site_id: str, records: Iterable[Price]
    ) -> tuple[PriceEvent, ...]:
        """Return what was waited for and has been settled; it is waited for no more."""
        waiting = self._unconfirmed[site_id]
        events = late_confirmations(site_id, waiting, records)
        confirmed = {(one.price.channel_type, one.price.ends_at) for one in events}
        self._unconfirmed[site_id] = tuple(
            one for one in waiting if (one.channel_type, one.ends_at) not in confirmed
        )
        return events

    def publish_run(self, run: RunRecord) -> None:
        """Publish that a run has ended."""
        if self._publish is not None:
            self._publish(RunFinished(run))

    def publish_backfill(self, progress: BackfillProgress) -> None:
        """Publish how far backfill is."""
        if self._publish is not None:
            self._publish(BackfillStep(progress))

    def publish_peaks(self, event: PeakNotice | PeakCheck) -> None:
        """Publish what the peak watch announces, or that it has checked."""
        if self._publish is not None:
            self._publish(event)

    def publish_substation_notice(self, notice: SubstationNotice) -> None:
        """Publish what begins to be wrong with a substation, or is over."""
        if self._publish is not None:
            self._publish(notice)

    async def _read_current(self, site_id: str) -> CurrentPrices:
        now = self._clock.now()
        return current_by_channel(await self._store.read(current_prices, site_id, now))
