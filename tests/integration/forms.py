"""Filling in forms, as a user does: flows of entries and of repairs."""

from typing import Any

from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import TOKEN, World

TOKEN_FORM = {"api_token": TOKEN}


async def proceed(
    world: World, flow: ConfigFlowResult, user_input: dict[str, Any]
) -> ConfigFlowResult:
    """Answer a step; return the next one."""
    result = await world.hass.config_entries.flow.async_configure(
        flow["flow_id"], user_input
    )
    await world.settle()
    return result


def offered(form: ConfigFlowResult, field: str) -> dict[str, str]:
    """Return the choices of a form's field: labels by value."""
    schema = form["data_schema"]
    assert schema is not None
    options = schema.schema[field].config["options"]
    return {one["value"]: one["label"] for one in options}


async def mend(world: World, kind: str, entry: MockConfigEntry) -> dict[str, Any]:
    """Go through the fix flow of an issue; return the form that was shown."""
    assert await async_setup_component(world.hass, "repairs", {})
    flows = repairs_flow_manager(world.hass)
    assert flows is not None
    form = await flows.async_init(
        "energy_logger", context={"issue_id": f"{kind}_{entry.entry_id}"}
    )
    done = await flows.async_configure(form["flow_id"], {})
    assert done["type"] == "create_entry"
    await world.settle()
    return dict(form)
