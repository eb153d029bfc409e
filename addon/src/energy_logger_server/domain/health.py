"""How the server is doing, in one word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from energy_logger_server.domain.collecting.runs import Outcome

_FAILURES = frozenset({Outcome.FAILED, Outcome.INTERRUPTED})


class Health(StrEnum):
    """``degraded``: something failed lately; ``unhealthy``: most, or the store."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


READING = "reading"
BOOKKEEPING = "bookkeeping"
"""Uses of the store besides runs, which go by their source."""

_FORGOTTEN_AFTER = timedelta(hours=1)
"""Twice the longest polling interval: by then a source has tried again, or is off."""


@dataclass(frozen=True, slots=True)
class StoreFailure:
    """What one use of the store fails with.

    Attributes:
        use: A source whose runs lose something, ``READING`` or ``BOOKKEEPING``.
        since: Instant (UTC) of the first failure.
        last_at: Instant (UTC) of the last one.
        cause: Why, for anybody to read.
        is_damaged: Whether that is damage of the store itself.
    """

    use: str
    since: datetime
    last_at: datetime
    cause: str
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class StoreState:
    """Whether the store works, as its last uses showed.

    Known from memory: a store that fails keeps no log of it.

    Attributes:
        last_write_at: Instant (UTC) of the last write that was kept; None before.
        failures: One for each use that fails, the newest last.
    """

    last_write_at: datetime | None = None
    failures: tuple[StoreFailure, ...] = ()

    @property
    def is_failing(self) -> bool:
        """Whether something that was collected is lost, or cannot be read."""
        return bool(self.failures)

    @property
    def failing_since(self) -> datetime | None:
        """Instant (UTC) from which on something fails; None when all works."""
        return min((one.since for one in self.failures), default=None)

    @property
    def cause(self) -> str | None:
        """Why it fails, for anybody to read; None when all works."""
        return self.failures[-1].cause if self.failures else None

    @property
    def is_damaged(self) -> bool:
        """Whether a use met damage of the store itself, and none has worked since."""
        return any(one.is_damaged for one in self.failures)

    def after_read(self) -> "StoreState":
        """Return the state after an answer, which says nothing of writing."""
        if not self.failures:
            return self
        return replace(self, failures=self._failures_but(READING))

    def after_write(self, at: datetime, use: str) -> "StoreState":
        """Return the state after a write that was kept.

        A disk that is nearly full still takes small writes: a source works again when
        a whole run of it was kept, not before.

        Args:
            at: When.
            use: The source of which a whole run is kept now, or ``BOOKKEEPING``.
        """
        left = self._failures_but(READING, BOOKKEEPING, use)
        edge = at - _FORGOTTEN_AFTER
        return StoreState(at, tuple(one for one in left if one.last_at > edge))

    def after_failure(
        self, at: datetime, use: str, cause: str, *, is_damaged: bool = False
    ) -> "StoreState":
        """Return the state after something failed."""
        since = next((one.since for one in self.failures if one.use == use), at)
        failure = StoreFailure(use, since, at, cause, is_damaged)
        return replace(self, failures=(*self._failures_but(use), failure))

    def _failures_but(self, *uses: str) -> tuple[StoreFailure, ...]:
        return tuple(one for one in self.failures if one.use not in uses)


def health_of(ended: Sequence[Outcome], store: StoreState) -> Health:
    """Return the verdict on the store and on the runs of the last 24 hours.

    A partial run brought most of what it should, so it is no failure: it degrades, but
    is never unhealthy. Without a run (a fresh install) nothing has failed.

    A store that fails is unhealthy whatever the runs were: newer ones are not in it.

    Args:
        ended: Outcomes of the runs that ended, oldest first.
        store: Whether it works.
    """
    if store.is_failing:
        return Health.UNHEALTHY
    if not ended:
        return Health.HEALTHY
    failed = sum(outcome in _FAILURES for outcome in ended)
    if 2 * failed > len(ended):
        return Health.UNHEALTHY
    return Health.HEALTHY if ended[-1] is Outcome.SUCCESS else Health.DEGRADED


def success_percent(ended: Mapping[Outcome, int]) -> float | None:
    """Return the share of the runs that succeeded; None when none ended.

    Partial runs do not count as success.

    Args:
        ended: How many runs ended in which way.
    """
    runs = sum(ended.values())
    if not runs:
        return None
    return round(100 * ended.get(Outcome.SUCCESS, 0) / runs, 1)
