"""The packaged month of real spot prices, in Amber's unit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from energy_logger_simulator.amber.market.nem_prices import (
    MONTH_END,
    MONTH_START,
    spot_cents_per_kwh,
)

FIVE_MINUTES = timedelta(minutes=5)


def packaged_prices() -> list[float]:
    prices = (spot_cents_per_kwh(int(at.timestamp())) for at in ends_in_month())
    return [cents for cents in prices if cents is not None]


def ends_in_month() -> list[datetime]:
    count = (MONTH_END - MONTH_START) // FIVE_MINUTES
    return [MONTH_START + FIVE_MINUTES * number for number in range(1, count + 1)]


def test_every_interval_of_the_month_has_a_price():
    assert len(ends_in_month()) == 29 * 288
    assert len(packaged_prices()) == 29 * 288


def test_the_month_begins_and_ends_at_midnight_in_nem_time():
    assert datetime(2024, 1, 31, 14, tzinfo=UTC) == MONTH_START
    assert datetime(2024, 2, 29, 14, tzinfo=UTC) == MONTH_END


@pytest.mark.parametrize(
    ("ends_at_nem", "rrp_aud_per_mwh"),
    [
        ("2024-02-01T00:05:00+10:00", "49.97"),
        ("2024-02-13T15:15:00+10:00", "16600"),
        ("2024-02-13T15:20:00+10:00", "-999.99"),
        ("2024-03-01T00:00:00+10:00", "89.91"),
    ],
    ids=["first", "cap", "glut", "last"],
)
def test_a_price_is_a_tenth_of_the_market_price_and_a_tenth_gst(
    ends_at_nem, rrp_aud_per_mwh
):
    epoch_s = int(datetime.fromisoformat(ends_at_nem).timestamp())

    cents = spot_cents_per_kwh(epoch_s)

    assert Decimal(str(cents)) == Decimal(rrp_aud_per_mwh) / 10 * Decimal("1.1")


def test_no_price_has_more_than_five_decimals():
    prices = packaged_prices()

    assert prices == [round(cents, 5) for cents in prices]


def test_the_month_holds_spikes_and_negative_prices():
    prices = packaged_prices()

    assert sum(cents > 30 * 1.1 for cents in prices) == 63
    assert sum(cents < 0 for cents in prices) == 2026


@pytest.mark.parametrize(
    "at",
    [
        MONTH_START,
        MONTH_END + FIVE_MINUTES,
        MONTH_START + timedelta(minutes=7),
    ],
    ids=["before", "after", "between-two-ends"],
)
def test_there_is_no_price_where_no_packaged_interval_ends(at):
    assert spot_cents_per_kwh(int(at.timestamp())) is None
