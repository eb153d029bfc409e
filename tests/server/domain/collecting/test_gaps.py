"""Which gaps can be filled, and why a day is not complete."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.domain.collecting.gaps import (
    GapState,
    Obstacle,
    Reach,
    presumed_cause,
)
from energy_logger_server.domain.collecting.ledger import Kind, SeriesKey
from tests.server.store.material import TODAY, ago

NOON = datetime(2026, 1, 4, 2, tzinfo=UTC)
PRICE = SeriesKey(Kind.PRICE, "home", "general")
USAGE = SeriesKey(Kind.USAGE, "home", "E1")
REACH = Reach(frozenset([PRICE, USAGE]), TODAY)


@pytest.mark.parametrize(
    ("series", "days", "obstacle"),
    [
        pytest.param(PRICE, 4000, None, id="prices are kept"),
        pytest.param(USAGE, 90, None, id="usage of the last 90 days"),
        pytest.param(USAGE, 91, Obstacle.USAGE_IS_DROPPED, id="older usage"),
        pytest.param(
            SeriesKey(Kind.USAGE, "home", "E2"),
            1,
            Obstacle.CHANNEL_IS_GONE,
            id="a register that the site had",
        ),
        pytest.param(
            SeriesKey(Kind.PRICE, "old", "general"),
            1,
            Obstacle.SITE_IS_GONE,
            id="a site that the account had",
        ),
        pytest.param(
            SeriesKey(Kind.LOAD, "7"), 1, Obstacle.LOAD_IS_SHORT_LIVED, id="loads"
        ),
        pytest.param(
            SeriesKey(Kind.SUBSTATIONS, "7"),
            1,
            Obstacle.READINGS_ARE_MOMENTARY,
            id="substations",
        ),
    ],
)
def test_what_upstream_still_has_can_be_read_again(
    series: SeriesKey, days: int, obstacle: Obstacle | None
):
    assert REACH.obstacle(series, ago(days)) is obstacle


def test_without_a_token_nothing_of_amber_can_be_read():
    assert Reach(None, TODAY).obstacle(PRICE, ago(1)) is Obstacle.NOT_SET_UP


@pytest.mark.parametrize(
    ("state", "attempts", "checked_at", "failure", "cause"),
    [
        pytest.param(
            GapState.MISSING, 0, None, None, "it was not asked for yet", id="new"
        ),
        pytest.param(
            GapState.MISSING,
            2,
            NOON,
            (NOON + timedelta(minutes=5), "amber: time-out"),
            "amber: time-out",
            id="its series has failed since the last answer",
        ),
        pytest.param(
            GapState.MISSING,
            2,
            NOON,
            (NOON - timedelta(minutes=5), "amber: time-out"),
            "upstream was asked, and did not have all of it",
            id="an answer came after the failure",
        ),
        pytest.param(
            GapState.ESTIMATED,
            0,
            NOON,
            None,
            "some of its values are estimates so far",
            id="estimated",
        ),
        pytest.param(GapState.PARTIAL, 0, NOON, None, None, id="nobody knows"),
    ],
)
def test_the_cause_is_presumed_from_what_happened(
    state: GapState,
    attempts: int,
    checked_at: datetime | None,
    failure: tuple[datetime, str] | None,
    cause: str | None,
):
    assert (
        presumed_cause(state, attempts=attempts, checked_at=checked_at, failure=failure)
        == cause
    )
