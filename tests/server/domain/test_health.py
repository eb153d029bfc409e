"""One word for how the server is doing."""

from collections import Counter

import pytest

from energy_logger_server.domain.health import Health, health_of, success_percent
from energy_logger_server.domain.runs import Outcome

GOOD, PARTIAL, BAD, CUT = (
    Outcome.SUCCESS,
    Outcome.PARTIAL,
    Outcome.FAILED,
    Outcome.INTERRUPTED,
)


@pytest.mark.parametrize(
    ("ended", "health"),
    [
        ([], Health.HEALTHY),
        ([GOOD], Health.HEALTHY),
        ([BAD, GOOD], Health.HEALTHY),
        ([GOOD, BAD], Health.DEGRADED),
        ([GOOD, PARTIAL], Health.DEGRADED),
        ([PARTIAL] * 9, Health.DEGRADED),
        ([BAD, CUT, GOOD], Health.UNHEALTHY),
        ([BAD], Health.UNHEALTHY),
    ],
)
def test_health_is_the_verdict_on_the_runs_that_ended(
    ended: list[Outcome], health: Health
):
    assert health_of(ended) is health


@pytest.mark.parametrize(
    ("ended", "percent"),
    [([], None), ([GOOD, PARTIAL, BAD], 33.3), ([GOOD], 100.0), ([BAD], 0.0)],
)
def test_the_rate_counts_successes_only(ended: list[Outcome], percent: float | None):
    assert success_percent(Counter(ended)) == percent
