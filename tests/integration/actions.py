"""Our actions, called as an automation calls them."""

from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import World


async def act(
    world: World, action: str, entry: MockConfigEntry, **fields: Any
) -> dict[str, Any]:
    """Return what an action of ours answers for an entry.

    Args:
        world: Whose action it is.
        action: Its name, such as ``get_prices``.
        entry: Of what.
        fields: Its other fields.
    """
    answer = await world.hass.services.async_call(
        "energy_logger",
        action,
        {"config_entry_id": entry.entry_id, **fields},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)
