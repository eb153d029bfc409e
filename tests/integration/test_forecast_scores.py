"""How far off forecasts were, as a server works it out, in Home Assistant."""

from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.api.fields import FieldError
from custom_components.energy_logger.api.server_scores import (
    ForecastScore,
    ForecastScores,
    read_scores,
)
from custom_components.energy_logger.sensor.forecast_scores import errors_of
from tests.integration.linked import OZARK, LinkedWorld

GENERAL = "sensor.amber_ausgrid_general_forecast_error"
FEED_IN = "sensor.amber_ausgrid_feed_in_forecast_error"
LOAD = "sensor.ozark_electric_cooperative_forecast_error"
SCORES = "/api/forecasts/scores/"


def score(forecast: str, minutes: int, error: float = 2.0) -> ForecastScore:
    return ForecastScore("general", forecast, minutes, 100, 20, error, 1.0)


async def enabled(linked: LinkedWorld) -> MockConfigEntry:
    """Set an entry up, and enable what is off."""
    entry = linked.entry(options={"areas": [OZARK], "substations": []})
    await linked.set_up(entry)
    registry = er.async_get(linked.hass)
    for entity_id in (GENERAL, FEED_IN, LOAD):
        known = registry.async_get(entity_id)
        assert known is not None
        assert known.disabled
        registry.async_update_entity(entity_id, disabled_by=None)
    assert not [one for one in await linked.server.requests() if SCORES in one]
    # Home Assistant sets the entry up again by itself
    await linked.wait(seconds=31)
    return entry


def attributes(linked: LinkedWorld, entity_id: str) -> dict[str, Any]:
    state = linked.hass.states.get(entity_id)
    assert state is not None
    return {**state.attributes}


async def asked(linked: LinkedWorld) -> int:
    """Return how often the server was asked for scores."""
    return len([one for one in await linked.server.requests() if SCORES in one])


async def test_the_error_an_hour_ahead_is_there_for_those_who_want_it(
    linked: LinkedWorld,
):
    await linked.server.keep_forecasts(60, 240)

    await enabled(linked)

    assert float(linked.state(GENERAL)) == pytest.approx(0.015)
    shown = attributes(linked, GENERAL)
    assert shown["unit_of_measurement"] == "AUD/kWh"
    assert (shown["forecast"], shown["bias"]) == ("predicted", pytest.approx(0.015))
    assert shown["intervals"] > 0
    assert shown["days"] > 0
    assert shown["errors_by_minutes_ahead"] == {
        "spot": {"60": 0.025, "240": 0.025},
        "predicted": {"60": 0.015, "240": 0.015},
    }
    # more cents are less to earn
    assert float(linked.state(FEED_IN)) == pytest.approx(0.015)
    assert attributes(linked, FEED_IN)["bias"] == pytest.approx(-0.015)
    assert float(linked.state(LOAD)) == pytest.approx(20)
    assert attributes(linked, LOAD)["unit_of_measurement"] == "kW"


async def test_the_server_is_asked_once_an_hour_for_a_site_and_an_area(
    linked: LinkedWorld,
):
    await linked.server.keep_forecasts(60)
    await enabled(linked)
    first = await asked(linked)

    await linked.wait(minutes=50)
    early = await asked(linked)
    await linked.wait(minutes=61)

    # one for both channels of the site, one for the area
    assert (first, early, await asked(linked)) == (2, 2, 4)


async def test_nothing_is_shown_before_anything_can_be_judged(linked: LinkedWorld):
    await linked.server.keep_forecasts(240)

    await enabled(linked)

    assert linked.state(GENERAL) == linked.state(LOAD) == "unavailable"


async def test_a_server_that_is_gone_makes_the_error_unavailable(linked: LinkedWorld):
    await linked.server.keep_forecasts(60)
    await enabled(linked)

    await linked.server.stop()
    await linked.wait(minutes=61)

    assert linked.state(GENERAL) == linked.state(LOAD) == "unavailable"


def test_ambers_own_forecast_is_told_where_there_is_one():
    spot, predicted = score("spot", 60), score("predicted", 60)

    both = errors_of((score("predicted", 30), spot, predicted))
    one = errors_of((spot, score("predicted", 30)))

    assert both is not None
    assert both.shown is predicted
    assert one is not None
    assert one.shown is spot
    assert errors_of((score("spot", 30),)) is None


def test_answers_are_read_without_ends_of_bands_and_what_is_not_known():
    row: Any = {
        "channel": "general",
        "forecast": "spot",
        "horizon_minutes": 60,
        "count": 100,
        "days": 20,
        "mae": 2.0,
        "bias": 1.0,
    }
    rows = [row, {**row, "forecast": "low"}, {**row, "mae": None}]

    found = read_scores({"data": rows})

    assert found == ForecastScores((score("spot", 60),))
    assert found.of("general") == found.scores
    assert found.of(None) == ()


@pytest.mark.parametrize("answer", [{}, {"data": ["x"]}, [], {"data": [{}]}])
def test_what_is_no_list_of_scores_is_refused(answer: Any):
    with pytest.raises(FieldError):
        read_scores(answer)
