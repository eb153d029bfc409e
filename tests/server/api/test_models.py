"""Records hold upstream's numbers; their properties give the human view."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.amber_models import (
    AdvancedPrice,
    AdvancedPriceAud,
    Channel,
    Life,
    Price,
    Site,
    Usage,
)
from energy_logger_server.api.kamo_models import (
    Area,
    AreaGrid,
    LoadPoint,
    LoadSeries,
    SubstationTable,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRICE = Price(
    type="CurrentInterval",
    ends_at=NOON,
    duration_minutes=5,
    channel_type="general",
    price_cents_per_kwh=15.63436,
    spot_cents_per_kwh=8.06575,
    renewables_percent=50.0,
    spike_status="none",
    descriptor="veryLow",
    tariff=None,
    estimate=True,
    spot_range=None,
    advanced_price=None,
    raw={"secret": 1},
)
USAGE = Usage(
    type="Usage",
    ends_at=datetime(2026, 3, 1, 14, 0, tzinfo=UTC),
    duration_minutes=30,
    channel_type="feedIn",
    price_cents_per_kwh=-7.5,
    spot_cents_per_kwh=None,
    renewables_percent=None,
    spike_status=None,
    descriptor=None,
    tariff=None,
    channel_identifier="B1",
    energy_kwh=-0.25,
    cost_cents=-1.875,
    quality="estimated",
    raw={},
)
SITE = Site(
    id="01S1MS1TEA0000000000000000",
    nmi="9000000001",
    channels=(
        Channel("E1", "general", "A100", raw={}),
        Channel("E2", "general", "A100", raw={}),
        Channel("B1", "feedIn", None, raw={}),
    ),
    network="Jemena",
    status="active",
    active_from=None,
    closed_on=None,
    interval_length_minutes=5,
    raw={"nmi": "9000000001"},
)


def test_import_prices_are_paid_and_keep_their_sign():
    assert PRICE.price_aud_per_kwh == 0.1563436
    assert PRICE.spot_aud_per_kwh == 0.0806575
    assert not PRICE.is_feed_in


def test_feed_in_prices_are_earned_when_upstream_says_negative():
    assert USAGE.price_aud_per_kwh == 0.075
    assert USAGE.cost_aud == 0.01875
    assert USAGE.spot_aud_per_kwh is None


def test_money_that_is_not_known_is_none_in_aud_too():
    usage = replace(USAGE, price_cents_per_kwh=None, cost_cents=None)

    assert (usage.price_aud_per_kwh, usage.cost_aud) == (None, None)


@pytest.mark.parametrize("channel_type", ["general", "feedIn"])
@pytest.mark.parametrize("cents", [0.0, -0.0, 1e-9, -1e-9])
def test_nothing_is_a_plain_zero(channel_type, cents):
    price = replace(PRICE, channel_type=channel_type, price_cents_per_kwh=cents)

    assert str(price.price_aud_per_kwh) == "0.0"


@given(st.decimals(-2000, 2000, places=5))
def test_aud_is_the_cents_with_the_point_moved(cents):
    price = replace(PRICE, price_cents_per_kwh=float(cents))

    assert repr(price.price_aud_per_kwh) == repr(float(cents.scaleb(-2)))


def test_an_interval_begins_its_duration_before_its_end():
    assert PRICE.starts_at == datetime(2026, 3, 1, 11, 55, tzinfo=UTC)


def test_the_last_interval_of_a_nem_day_belongs_to_that_day():
    assert USAGE.nem_date == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("kind", "estimate", "life", "is_settled"),
    [
        ("ActualInterval", None, Life.ACTUAL, True),
        ("CurrentInterval", True, Life.CURRENT, False),
        ("CurrentInterval", False, Life.CURRENT, True),
        ("CurrentInterval", None, Life.CURRENT, False),
        ("ForecastInterval", None, Life.FORECAST, False),
        ("SettledInterval", False, Life.UNKNOWN, False),
    ],
)
def test_only_actuals_and_confirmed_currents_are_settled(
    kind, estimate, life, is_settled
):
    price = replace(PRICE, type=kind, estimate=estimate)

    assert (price.life, price.is_settled) == (life, is_settled)


@pytest.mark.parametrize(
    ("channel_type", "cents", "aud"),
    [
        ("general", (10.0, 12.0, 15.0), (0.1, 0.12, 0.15)),
        ("feedIn", (4.23, 3.73, 3.21), (-0.0423, -0.0373, -0.0321)),
        ("feedIn", (-7.1, -11.1, -14.9), (0.071, 0.111, 0.149)),
    ],
)
def test_a_forecast_runs_from_low_to_high_in_the_channels_direction(
    channel_type, cents, aud
):
    price = replace(
        PRICE, channel_type=channel_type, advanced_price=AdvancedPrice(*cents)
    )

    assert price.advanced_price_aud == AdvancedPriceAud(*aud)


def test_a_price_without_a_forecast_has_none_in_aud():
    assert PRICE.advanced_price_aud is None


@pytest.mark.parametrize(
    ("quality", "is_estimated"),
    [("estimated", True), ("billable", False), ("actual", False), (None, False)],
)
def test_only_estimated_usage_is_expected_to_change(quality, is_estimated):
    assert replace(USAGE, quality=quality).is_estimated is is_estimated


@pytest.mark.parametrize("kwh", [0.25, -0.25])
def test_exported_energy_is_positive_whatever_sign_upstream_chooses(kwh):
    assert replace(USAGE, energy_kwh=kwh).directed_energy_kwh == 0.25


def test_import_that_is_taken_back_stays_negative():
    taken_back = replace(USAGE, channel_type="general", energy_kwh=-0.25)

    assert taken_back.directed_energy_kwh == -0.25


@pytest.mark.parametrize("channel_type", ["general", "feedIn"])
def test_no_energy_is_a_plain_zero(channel_type):
    nothing = replace(USAGE, channel_type=channel_type, energy_kwh=-0.0)

    assert str(nothing.directed_energy_kwh) == "0.0"


def test_import_usage_costs_money():
    assert replace(USAGE, channel_type="general", cost_cents=12.5).cost_aud == 0.125


@pytest.mark.parametrize(
    ("status", "is_active"),
    [("active", True), ("pending", False), ("closed", False), ("paused", False)],
)
def test_only_an_active_site_is_expected_to_have_prices(status, is_active):
    assert replace(SITE, status=status).is_active is is_active


def test_prices_are_reported_once_for_each_type_of_channel():
    assert SITE.price_channels == ("general", "feedIn")


def test_a_repr_shows_neither_the_meter_nor_the_raw_record():
    assert "9000000001" not in repr(SITE)
    assert "secret" not in repr(PRICE)


def test_records_are_equal_by_what_was_read_not_by_its_spelling():
    assert replace(PRICE, raw={"other": 2}) == PRICE


@pytest.mark.parametrize(("area_id", "is_aggregate"), [(17, False), (18, True)])
def test_aggregates_are_known_by_their_number(area_id, is_aggregate):
    assert Area(area_id, "Missouri", "MO", raw={}).is_aggregate is is_aggregate


def test_the_measured_line_is_distinguished_from_the_forecasts():
    point = LoadPoint(1, NOON, 76864.0, 0, raw=76864.0)
    actual, forecast = LoadSeries(" ACTUAL", (point,)), LoadSeries("Forecast", ())
    grid = AreaGrid(1, (forecast, actual), (), NOON, raw={})

    assert grid.actual == (point,)
    assert grid.forecasts == (forecast,)


def test_a_grid_without_a_measured_line_has_no_measured_hours():
    assert AreaGrid(1, (), (), NOON, raw={}).actual == ()


def test_readings_are_filed_under_the_minute_in_which_they_were_fetched():
    table = SubstationTable(1, (), (), NOON.replace(second=59, microsecond=9), raw={})

    assert table.read_at == NOON
