"""Whether the store works: noted at every use, logged when it changes."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.health import BOOKKEEPING, READING, StoreState
from energy_logger_server.errors import StoreDamaged, StoreUnavailable

_MOST_UNLOGGED = 20_000
"""More than a week of two sources every five minutes."""

_LOG = logging.getLogger(__name__)


class StoreWatch:
    """Notes how every use ends; says so once when the store fails or works again."""

    def __init__(self, clock: Clock) -> None:
        """Nothing has failed yet."""
        self.state = StoreState()
        self._clock = clock
        self._unlogged: deque[datetime] = deque(maxlen=_MOST_UNLOGGED)
        self._sources: dict[int, Source] = {}
        self._lost_something: set[int] = set()
        self._is_closed = False

    def close(self) -> None:
        """Note no failure any more: what still asks meets closed connections."""
        self._is_closed = True

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Note how a read ends."""
        with self._noting_failure(READING):
            yield
        self._become(self.state.after_read())

    @contextmanager
    def writing(self, use: str = BOOKKEEPING) -> Iterator[None]:
        """Note how a write ends; its success says nothing of whole runs."""
        with self._noting_failure(use):
            yield
        self._become(self.state.after_write(self._clock.now(), BOOKKEEPING))

    @contextmanager
    def beginning(self, source: Source) -> Iterator[None]:
        """Note how the first write of a run ends; without it the log knows no run."""
        began_at = self._clock.now()
        try:
            with self.writing(source):
                yield
        except StoreUnavailable:
            self._unlogged.append(began_at)
            raise

    def unlogged_since(self, edge: datetime) -> int:
        """Return how many runs since an instant could not even be begun."""
        return sum(at > edge for at in self._unlogged)

    def begin(self, run_id: int, source: Source) -> None:
        """Note whose run it is."""
        self._sources[run_id] = source

    @contextmanager
    def writing_of(self, run_id: int, *, is_end: bool) -> Iterator[None]:
        """Note how a write of a run ends, which may be its last."""
        source = self._sources.get(run_id, BOOKKEEPING)
        try:
            with self._noting_failure(source):
                yield
        except StoreUnavailable:
            self._lost_something.add(run_id)
            raise
        is_whole = is_end and run_id not in self._lost_something
        if is_end:
            self._sources.pop(run_id, None)
            self._lost_something.discard(run_id)
        use = source if is_whole else BOOKKEEPING
        self._become(self.state.after_write(self._clock.now(), use))

    @contextmanager
    def _noting_failure(self, use: str) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable as err:
            if self._is_closed:
                raise
            before = self.state
            self.state = before.after_failure(
                self._clock.now(),
                use,
                err.cause,
                is_damaged=isinstance(err, StoreDamaged),
            )
            if not before.is_failing:
                # who gets the error may report it to nobody, or every time
                _LOG.error("the store fails: %s", err)
            raise

    def _become(self, state: StoreState) -> None:
        before, self.state = self.state, state
        if before.failing_since is not None and not state.is_failing:
            lasted = self._clock.now() - before.failing_since
            minutes = lasted.total_seconds() / 60
            _LOG.warning("the store works again, after %.0f minutes", minutes)
