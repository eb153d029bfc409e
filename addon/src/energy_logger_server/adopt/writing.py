"""How adopted rows get into the store: in one run, window by window, or not at all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.batch import Adopted
from energy_logger_server.domain.collecting.runs import (
    Outcome,
    RunEnd,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.store import Store


@dataclass(slots=True)
class Writing:
    """Writes windows of rows as one run of the log.

    Attributes:
        store: Where they go.
        clock: Tells when.
        is_dry: Whether nothing is written.
    """

    store: Store
    clock: Clock
    is_dry: bool
    _run_id: int | None = None
    _counts: WriteCounts = field(default_factory=WriteCounts)

    @property
    def now(self) -> datetime:
        """The instant (UTC)."""
        return self.clock.now()

    @asynccontextmanager
    async def run(self, source: Source, interval_minutes: int) -> AsyncIterator[None]:
        """Open a run, and close it at the end; one that fails is closed as failed."""
        if self.is_dry:
            yield
            return
        self._run_id = await self.store.begin_run(
            source, Trigger.MANUAL, interval_minutes
        )
        outcome = Outcome.FAILED
        try:
            yield
            outcome = Outcome.SUCCESS
        finally:
            end = RunEnd(self.now, outcome, 0, counts=self._counts)
            await self.store.write(self._run_id, (), end=end)

    async def write(self, parts: Sequence[Adopted]) -> None:
        """Write a window, in one transaction.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        if self._run_id is not None and parts:
            self._counts += await self.store.write(self._run_id, parts)
