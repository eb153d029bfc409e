"""Hours out of the intervals that the utilities tell."""

from datetime import UTC, datetime, timedelta

from custom_components.energy_logger.api.amber_models import Price, Usage
from custom_components.energy_logger.api.server_hours import PriceHour, UsageHour
from custom_components.energy_logger.statistics.direct_hours import (
    price_hours_of,
    usage_hours_of,
)

AT = datetime(2026, 1, 3, 14, tzinfo=UTC)


def price(end_minutes: int, cents: float, *, kind: str = "ActualInterval") -> Price:
    return Price(
        type=kind,
        ends_at=AT + timedelta(minutes=end_minutes),
        duration_minutes=30,
        channel_type="feedIn",
        price_cents_per_kwh=cents,
        spot_cents_per_kwh=None,
        renewables_percent=None,
        spike_status=None,
        descriptor=None,
        tariff=None,
        estimate=None,
        spot_range=None,
        advanced_price=None,
        raw={},
    )


def usage(end_minutes: int, kwh: float, cents: float | None) -> Usage:
    return Usage(
        type="Usage",
        ends_at=AT + timedelta(minutes=end_minutes),
        duration_minutes=30,
        channel_type="general",
        price_cents_per_kwh=None,
        spot_cents_per_kwh=None,
        renewables_percent=None,
        spike_status=None,
        descriptor=None,
        tariff=None,
        channel_identifier="E1",
        energy_kwh=kwh,
        cost_cents=cents,
        quality="billable",
        raw={},
    )


def test_prices_of_an_hour_are_turned_into_the_channels_direction():
    found = price_hours_of([price(30, -10.0), price(60, 4.0)])

    assert found == [PriceHour(AT, "feedIn", 0.03, -0.04, 0.1, 60)]


def test_a_price_that_is_not_settled_does_not_count():
    found = price_hours_of([price(30, -10.0), price(60, 4.0, kind="ForecastInterval")])

    assert [one.minutes for one in found] == [30]


def test_what_was_read_last_of_an_interval_counts():
    found = usage_hours_of([usage(30, 1.0, 20.0), usage(30, 2.0, 40.0)])

    assert found == [UsageHour(AT, "E1", "general", 2.0, 0.4, 30, 0)]


def test_an_interval_without_a_cost_is_told_as_unpriced():
    found = usage_hours_of([usage(30, 1.0, 20.0), usage(60, 2.0, None)])
    unknown = usage_hours_of([usage(30, 1.0, None)])

    assert found == [UsageHour(AT, "E1", "general", 3.0, 0.2, 60, 30)]
    assert unknown[0].money_aud is None
