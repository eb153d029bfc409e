"""Which hours statistics have, and what they are called."""

from datetime import UTC, datetime, timedelta

import pytest
from homeassistant.components.recorder.statistics import valid_statistic_id

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.server_hours import (
    LoadHour,
    PriceHour,
    SubstationHour,
    UsageHour,
)
from custom_components.energy_logger.statistics.catalogue import (
    SiteStatistics,
    area_load,
    substation_power,
)
from custom_components.energy_logger.statistics.hours import (
    Mean,
    load_hours,
    price_hours,
    substation_hours,
    usage_hours,
)

AT = datetime(2026, 1, 3, 14, tzinfo=UTC)
SITE = SiteStatistics("01S1MS1TEA0000000000000000", "Amber Ausgrid")
GENERAL, FEED_IN = ChannelType.GENERAL, ChannelType.FEED_IN
OZARK = Area(1, "Ozark Electric Cooperative", "OZEC", {})
MISSOURI = Area(18, "Missouri", "MO", {})


def usage(
    register: str = "E1",
    energy_kwh: float = 1.0,
    money_aud: float | None = 0.25,
    *,
    minutes: int = 60,
    unpriced: int = 0,
    channel: str = "general",
) -> UsageHour:
    return UsageHour(AT, register, channel, energy_kwh, money_aud, minutes, unpriced)


def test_registers_of_one_channel_are_added_up():
    found = usage_hours(SITE, [usage("E1", 0.1, 0.01), usage("E3", 0.2, -0.04)])

    assert found.amounts[SITE.energy(GENERAL)] == {AT: 0.3}
    assert found.amounts[SITE.money(GENERAL)] == {AT: -0.03}


def test_an_hour_waits_until_every_register_covers_all_of_it():
    found = usage_hours(SITE, [usage("E1"), usage("E3", minutes=55)])

    assert found.amounts[SITE.energy(GENERAL)] == {}
    assert found.amounts[SITE.money(GENERAL)] == {}


@pytest.mark.parametrize(
    "unpriced", [usage(money_aud=None, unpriced=60), usage(unpriced=5)]
)
def test_money_waits_until_all_of_it_is_priced_and_energy_does_not(
    unpriced: UsageHour,
):
    found = usage_hours(SITE, [unpriced])

    assert found.amounts[SITE.energy(GENERAL)] == {AT: 1.0}
    assert found.amounts[SITE.money(GENERAL)] == {}


def test_money_below_zero_and_energy_taken_back_stay_what_they_are():
    found = usage_hours(
        SITE, [usage("E1", -0.5, -0.1), usage("B1", 2.0, -0.3, channel="feedIn")]
    )

    assert found.amounts[SITE.energy(GENERAL)] == {AT: -0.5}
    assert found.amounts[SITE.money(FEED_IN)] == {AT: -0.3}


def test_a_channel_that_is_not_known_yet_is_left_out():
    found = usage_hours(SITE, [usage(channel="battery")])

    assert not any(found.amounts.values())


def test_prices_are_of_hours_that_have_one_all_the_time():
    later = AT + timedelta(hours=1)
    hours = [
        PriceHour(AT, "feedIn", 0.1, -0.02, 0.3, 60),
        PriceHour(later, "feedIn", 0.1, 0.1, 0.1, 30),
        PriceHour(AT, "battery", 0.1, 0.1, 0.1, 60),
    ]

    means = price_hours(SITE, hours).means

    assert means[SITE.price(FEED_IN)] == {AT: Mean(0.1, -0.02, 0.3)}
    # hours that only Home Assistant has are found on any channel
    assert [len(own) for own in means.values()] == [0, 0, 1]


def test_a_load_that_was_read_while_its_hour_was_running_waits():
    later = AT + timedelta(hours=1)

    found = load_hours(OZARK, [LoadHour(AT, 5.0, True), LoadHour(later, 6.0, False)])

    assert found.means == {area_load(OZARK): {AT: Mean(5.0, 5.0, 5.0)}}


def test_each_substation_is_a_statistic():
    hours = [
        SubstationHour(AT, "NORTH", 2.0, 1.0, 3.0),
        SubstationHour(AT, "B", 0, 0, 0),
    ]

    found = substation_hours(OZARK, hours)

    assert found.means[substation_power(OZARK, "NORTH")] == {AT: Mean(2.0, 1.0, 3.0)}
    assert len(found.means) == 2


def test_names_say_what_a_statistic_is_of():
    assert [
        *(SITE.energy(one).name for one in ChannelType),
        *(SITE.money(one).name for one in ChannelType),
        SITE.price(GENERAL).name,
        area_load(OZARK).name,
        area_load(MISSOURI).name,
        substation_power(OZARK, "NORTH 2").name,
    ] == [
        "Amber Ausgrid general consumption",
        "Amber Ausgrid controlled load consumption",
        "Amber Ausgrid feed-in return",
        "Amber Ausgrid general cost",
        "Amber Ausgrid controlled load cost",
        "Amber Ausgrid feed-in compensation",
        "Amber Ausgrid general price",
        "Ozark Electric Cooperative load",
        "KAMO Missouri load",
        "Ozark Electric Cooperative NORTH 2 power",
    ]


def test_ids_hold_what_the_utility_calls_their_owner():
    assert SITE.energy(ChannelType.CONTROLLED_LOAD).id == (
        "energy_logger:amber_01s1ms1tea0000000000000000_controlled_load_energy"
    )
    assert area_load(OZARK).id == "energy_logger:kamo_1_load"
    assert substation_power(OZARK, "NORTH 2").id == "energy_logger:kamo_1_north_2_power"


@pytest.mark.parametrize("name", ["A-1", "A_1", "A  1", " A 1", "É", "#", "__"])
def test_substations_whose_names_look_alike_are_told_apart(name: str):
    plain = substation_power(OZARK, "A 1").id

    assert substation_power(OZARK, name).id != plain
    assert valid_statistic_id(substation_power(OZARK, name).id)
