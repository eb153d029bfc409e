"""How the server is doing, in one word."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from .runs import Outcome

_FAILURES = frozenset({Outcome.FAILED, Outcome.INTERRUPTED})


class Health(StrEnum):
    """``degraded``: something failed lately; ``unhealthy``: most of it does."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


def health_of(ended: Sequence[Outcome]) -> Health:
    """Return the verdict on the runs of the last 24 hours.

    A partial run brought most of what it should, so it is no failure: it degrades, but
    is never unhealthy. Without a run (a fresh install) nothing has failed.

    Args:
        ended: Outcomes of the runs that ended, oldest first.
    """
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
