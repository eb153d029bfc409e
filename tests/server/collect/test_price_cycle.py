"""When current prices are polled again, and when they need not be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.errors import (
    SourceError,
    SourceMissing,
    SourceRateLimited,
    SourceUnreachable,
)
from energy_logger_server.api.models import Answer
from energy_logger_server.collect.amber.price_cycle import (
    PriceCycle,
    has_present_price,
    is_confirmed,
    present_duration,
)

TEN = datetime(2026, 3, 10, 0, 0, tzinfo=UTC)
UNREACHABLE = SourceUnreachable("amber", "/x", "no answer")


def after(seconds: float) -> datetime:
    """Return an instant after the full hour."""
    return TEN + timedelta(seconds=seconds)


def limited(until_s: float) -> SourceRateLimited:
    """Return a refusal of the rate limit."""
    return SourceRateLimited("amber", "/x", retry_at=after(until_s))


def price(
    channel: str, *, estimate: bool = False, ends_s: float = 300, duration: int = 5
) -> Price:
    """Return a current price."""
    return Price(
        type="CurrentInterval",
        ends_at=after(ends_s),
        duration_minutes=duration,
        channel_type=channel,
        price_cents_per_kwh=20.0,
        spot_cents_per_kwh=5.0,
        renewables_percent=40.0,
        spike_status="none",
        descriptor="low",
        tariff=None,
        raw={},
        estimate=estimate,
        spot_range=None,
        advanced_price=None,
    )


def test_a_cycle_begins_at_the_five_minutes_and_ends_before_the_next_tick():
    cycle = PriceCycle.at(after(312), 15)

    assert cycle.boundary == after(300)
    assert cycle.ends_at == after(900 + 12 - 20)


def test_a_manual_run_has_an_interval_from_its_begin():
    cycle = PriceCycle.at(after(311), 5, is_manual=True)

    assert cycle.boundary == after(300)
    assert cycle.ends_at == after(611)


@pytest.mark.parametrize(
    ("now_s", "again_s"),
    [(12.4, 25), (25.1, 45), (45, 90), (91, None)],
)
def test_an_unconfirmed_five_minute_price_is_followed_up(
    now_s: float, again_s: float | None
):
    at = PriceCycle.at(after(12), 5).follow_up_at(after(now_s), 5)

    assert at == (None if again_s is None else after(again_s))


@pytest.mark.parametrize(("boundary_s", "is_last"), [(0, False), (1500, True)])
def test_a_half_hour_price_is_followed_up_in_its_last_five_minutes_only(
    boundary_s: float, is_last: bool
):
    now = after(boundary_s + 12)

    at = PriceCycle.at(now, 5).follow_up_at(now, 30)

    assert (at is not None) is is_last


@pytest.mark.parametrize(
    ("now_s", "error", "again_s"),
    [
        pytest.param(12, UNREACHABLE, 25, id="at the next follow-up"),
        pytest.param(42, UNREACHABLE, 45, id="a time-out at 12 s"),
        pytest.param(91, UNREACHABLE, None, id="after the last follow-up"),
        pytest.param(12, limited(30), 45, id="when the limit lets it"),
        pytest.param(12, limited(200), 200, id="later than all follow-ups"),
        pytest.param(12, limited(5), 25, id="limit already over"),
        pytest.param(12, limited(295), None, id="limited beyond the cycle"),
        pytest.param(12, SourceMissing("amber", "/x", "gone"), None, id="for good"),
    ],
)
def test_what_fails_for_now_is_tried_again_within_the_cycle(
    now_s: float, error: SourceError, again_s: float | None
):
    at = PriceCycle.at(after(12), 5).retry_at(after(now_s), error)

    assert at == (None if again_s is None else after(again_s))


@pytest.mark.parametrize(
    ("prices", "is_final"),
    [
        pytest.param([price("general"), price("feedIn")], True, id="all"),
        pytest.param([price("general"), price("feedIn", estimate=True)], False, id="1"),
        pytest.param([price("general")], False, id="a channel is missing"),
        pytest.param([], False, id="none"),
        pytest.param(
            [price("general", ends_s=0), price("feedIn", ends_s=0)], False, id="past"
        ),
    ],
)
def test_prices_are_confirmed_when_every_channels_present_one_is_final(
    prices: Sequence[Price], is_final: bool
):
    assert is_confirmed(prices, ["general", "feedIn"], after(20)) is is_final


def test_a_site_without_known_channels_needs_any_final_price():
    assert is_confirmed([price("general")], [], after(20))
    assert not is_confirmed([], [], after(20))


def test_the_present_duration_is_read_from_the_records():
    prices = [
        price("general", ends_s=1800, duration=30),
        price("general", ends_s=3600, duration=5),
    ]

    assert present_duration(prices, after(20)) == 30
    assert present_duration(prices, after(2000)) is None


def test_a_cycle_is_over_once_the_clock_has_been_set_back_behind_it():
    cycle = PriceCycle.at(after(12), 5)
    earlier = TEN - timedelta(days=400)

    assert cycle.follow_up_at(earlier, 5) is None
    assert cycle.retry_at(earlier, UNREACHABLE) is None
    assert cycle.retry_at(earlier, limited(60)) is None


def answer(*prices: Price, server_s: float | None = None) -> Answer[Price]:
    """Return an answer of current prices."""
    server_time = None if server_s is None else after(server_s)
    return Answer(prices, (), after(12), server_time=server_time)


@pytest.mark.parametrize(
    ("prices", "is_told"),
    [
        pytest.param([price("general")], True, id="present"),
        pytest.param([price("general", ends_s=0)], False, id="over"),
        pytest.param([], False, id="none"),
        pytest.param(
            [price("general", ends_s=0), price("general", ends_s=300)], True, id="both"
        ),
        pytest.param(
            [price("general"), price("feedIn", ends_s=-3600)], False, id="one-stuck"
        ),
        pytest.param(
            [
                price("general", ends_s=0),
                replace(price("general"), type="ForecastInterval"),
            ],
            False,
            id="expected-only",
        ),
    ],
)
def test_the_present_price_is_chosen_by_time_and_not_by_type(
    prices: list[Price], is_told: bool
):
    assert has_present_price(answer(*prices), after(12)) is is_told


def test_the_present_may_be_that_of_amber_when_our_clock_is_ahead():
    behind = answer(price("general", ends_s=0), server_s=-30)

    assert has_present_price(behind, after(12))
