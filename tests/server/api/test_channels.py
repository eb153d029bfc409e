"""The signs of energy and money, turned in one place."""

import pytest

from energy_logger_server.api.channels import (
    aud_of_cents,
    directed_aud,
    directed_energy,
    directed_money,
    is_feed_in,
)

IMPORTS = ["general", "controlledLoad", "unheardOf", "", None]


@pytest.mark.parametrize("channel", IMPORTS)
def test_everything_but_feed_in_is_import_and_keeps_its_sign(channel):
    assert not is_feed_in(channel)
    assert [directed_money(cents, channel) for cents in (12.5, -3)] == [12.5, -3]
    assert [directed_energy(kwh, channel) for kwh in (0.5, -2)] == [0.5, -2]
    assert directed_aud(-12.5, channel) == -0.125


def test_feed_in_is_earned_where_upstream_says_negative():
    assert [directed_money(cents, "feedIn") for cents in (-12.5, 3)] == [12.5, -3]
    assert directed_aud(-12.5, "feedIn") == 0.125


def test_either_sign_of_feed_in_is_export():
    assert [directed_energy(kwh, "feedIn") for kwh in (0.5, -0.5)] == [0.5, 0.5]


@pytest.mark.parametrize("channel", [*IMPORTS, "feedIn"])
@pytest.mark.parametrize("nothing", [0.0, -0.0])
def test_nothing_is_a_plain_zero(channel, nothing):
    results = (
        directed_money(nothing, channel),
        directed_energy(nothing, channel),
        directed_aud(nothing, channel),
        aud_of_cents(nothing),
    )

    assert {str(result) for result in results} == {"0.0"}


@pytest.mark.parametrize("turn", [directed_money, directed_energy])
def test_scaled_integers_stay_integers(turn):
    assert type(turn(-5, "feedIn")) is type(turn(-5, "general")) is int
