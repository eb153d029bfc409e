"""What a server says of substations and of an area's bill, in Home Assistant."""

from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_logger.api.fields import FieldError
from custom_components.energy_logger.api.server_substations import (
    Bill,
    read_determinants,
    read_faults,
)
from tests.integration.linked import OZARK, LinkedWorld

SHOWN = {"areas": [OZARK], "substations": [OZARK]}
FAULT = "event.ozark_electric_cooperative_substation_fault"


def shown_fault(linked: LinkedWorld) -> dict[str, Any]:
    state = linked.hass.states.get(FAULT)
    return {} if state is None else {**state.attributes}


async def test_a_fault_is_told_once_when_it_begins_and_when_it_is_over(
    linked: LinkedWorld, hass_client: ClientSessionGenerator
):
    await linked.server.fault("zero", "Clever")
    entry = linked.entry(options=SHOWN)
    await linked.set_up(entry)
    # what was wrong before is where it begins
    assert linked.state(FAULT) == "unknown"
    await linked.server.listened_to()

    await linked.server.fault("lagging", "Battlefield", value=371.3)
    await linked.until(lambda: linked.state(FAULT) != "unknown")
    began = shown_fault(linked)
    await linked.server.fault("lagging", "Battlefield", is_over=True)
    await linked.until(lambda: shown_fault(linked)["event_type"] == "ended")

    assert (began["event_type"], began["fault"]) == ("began", "lagging")
    assert (began["substation"], began["reactive_power"]) == ("Battlefield", 371.3)
    assert began["load"] is None
    assert shown_fault(linked)["fault"] == "lagging"
    told = await get_diagnostics_for_config_entry(linked.hass, hass_client, entry)
    substations: Any = told["linked"]
    assert substations["substations"]["1"]["faults"] == 1

    # a server that is gone ends nothing
    await linked.server.stop()
    await linked.wait(minutes=31)
    assert linked.state(FAULT) == "unavailable"


async def test_what_a_bill_is_made_of_is_there_for_those_who_want_it(
    linked: LinkedWorld,
):
    entry = linked.entry(options=SHOWN)
    await linked.set_up(entry)
    registry = er.async_get(linked.hass)
    of_bill = [
        one
        for one in er.async_entries_for_config_entry(registry, entry.entry_id)
        if one.unique_id.endswith(("_to_enter", "_demand", "billed_peak", "projected"))
    ]
    assert len(of_bill) == 6
    assert all(one.disabled for one in of_bill)

    for one in of_bill:
        registry.async_update_entity(one.entity_id, disabled_by=None)
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.hass.async_block_till_done()

    # there is no summer in the first days of January
    assert {linked.state(one.entity_id) for one in of_bill} == {"unknown"}


def test_answers_are_read_as_they_are():
    bill: Any = {"peak_kw": 493.3, "base_kw": 355.0, "billed_kw": 138.3}
    season: Any = {"season": "summer", "to_enter_kw": 460.0}

    found = read_determinants({"so_far": bill, "projected": None, "seasons": [season]})

    assert found.so_far == Bill(493.3, 355.0, 138.3)
    assert found.projected == Bill()
    assert found.to_enter_kw == {"summer": 460.0}
    over: Any = {
        "fault": "zero",
        "began_at": "2026-01-04T07:00:00-06:00",
        "ended_at": "x",
    }
    assert read_faults({"data": [over]}) == ()


@pytest.mark.parametrize("answer", [{}, {"data": ["x"]}, [], {"data": [{}]}])
def test_what_is_no_list_of_faults_is_refused(answer: Any):
    with pytest.raises(FieldError):
        read_faults(answer)


@pytest.mark.parametrize("answer", [{}, {"seasons": ["x"]}, []])
def test_what_is_no_bill_is_refused(answer: Any):
    with pytest.raises(FieldError):
        read_determinants(answer)
