"""Which price holds now is a matter of time, whatever upstream calls it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.api.current import current_price

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOW = NOON + timedelta(minutes=2)


def priced(
    kind: str,
    cents: float,
    *,
    start_minute: int = 0,
    minutes: int = 5,
    estimate: bool | None = None,
) -> Price:
    """Return a price that begins some minutes after noon."""
    ends_at = NOON + timedelta(minutes=start_minute + minutes)
    row: dict[str, Any] = {
        "type": f"{kind}Interval",
        "duration": minutes,
        "endTime": ends_at.isoformat(),
        "perKwh": cents,
        "channelType": "general",
        "estimate": estimate,
    }
    (price,), rejected = parse_prices([row])
    assert rejected == ()
    return price


def chosen(*prices: Price, now: datetime = NOW, tolerance_s: float = 0) -> float | None:
    """Return the cents of the price that holds."""
    found = current_price(prices, now, tolerance=timedelta(seconds=tolerance_s))
    return found.price_cents_per_kwh if found else None


@pytest.mark.parametrize("kind", ["Actual", "Current", "Forecast", "Settled"])
def test_the_interval_that_contains_now_holds_whatever_its_type(kind):
    prices = [priced("Current", 1, start_minute=-5), priced(kind, 2)]

    assert chosen(*prices, priced("Current", 3, start_minute=5)) == 2


def test_an_interval_that_is_over_does_not_hold_though_it_is_called_current():
    stuck = priced("Current", 1, start_minute=-60, estimate=False)

    assert chosen(stuck) is None
    assert chosen(stuck, priced("Forecast", 2)) == 2


@pytest.mark.parametrize(
    ("second", "cents"), [(-1, 1), (0, 2), (299, 2), (300, 3)], ids=str
)
def test_an_interval_holds_from_its_start_until_before_its_end(second, cents):
    prices = [priced("Actual", n, start_minute=5 * n - 10) for n in (1, 2, 3)]

    assert chosen(*prices, now=NOON + timedelta(seconds=second)) == cents


@pytest.mark.parametrize("kind", ["Actual", "Current"])
def test_what_upstream_says_now_goes_before_what_it_expected(kind):
    half_hour, short_forecast = priced(kind, 1, minutes=30), priced("Forecast", 2)

    assert chosen(half_hour, short_forecast) == 1
    assert chosen(short_forecast, half_hour) == 1


def test_an_unknown_type_goes_before_a_forecast_only():
    unknown, forecast = priced("Settled", 1), priced("Forecast", 2)

    assert chosen(forecast, unknown) == 1
    assert chosen(unknown, priced("Current", 3)) == 3


def test_of_several_current_ones_the_newest_holds():
    several = [
        priced("Current", 1, start_minute=-20, minutes=30),
        priced("Current", 2, start_minute=-5),
        priced("Current", 3, start_minute=0),
        priced("Current", 4, start_minute=-10, minutes=30),
    ]

    assert chosen(*several) == 3
    assert chosen(*reversed(several)) == 3


def test_of_two_for_one_interval_the_settled_one_holds_or_else_the_last():
    estimate, other = (priced("Current", n, estimate=True) for n in (1, 2))
    settled = priced("Current", 3, estimate=False)

    assert chosen(settled, estimate) == 3
    assert chosen(estimate, other) == 2


def test_a_clock_that_is_slightly_behind_takes_the_interval_about_to_begin():
    begins_next = priced("Current", 1)
    early = NOON - timedelta(seconds=3)

    assert chosen(begins_next, now=early) is None
    assert chosen(begins_next, now=early, tolerance_s=2) is None
    assert chosen(begins_next, now=early, tolerance_s=5) == 1


def test_the_tolerance_takes_nothing_from_the_interval_that_runs():
    running = priced("Forecast", 1, start_minute=-5)
    early = NOON - timedelta(seconds=3)

    assert chosen(running, priced("Current", 2), now=early, tolerance_s=5) == 1


def test_without_prices_none_holds():
    assert chosen() is None
