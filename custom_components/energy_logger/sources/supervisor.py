"""What the Supervisor says of the app that a linked entry came from."""

from homeassistant.components.hassio import SupervisorError, get_supervisor_client
from homeassistant.core import HomeAssistant
from homeassistant.helpers.hassio import is_hassio

from custom_components.energy_logger.const import LOGGER


async def is_uninstalled(hass: HomeAssistant, slug: str) -> bool:
    """Return whether the Supervisor knows that an app is not installed."""
    if not is_hassio(hass):
        return False
    try:
        installed = await get_supervisor_client(hass).addons.list()
    except SupervisorError as err:
        LOGGER.debug("The Supervisor does not list its apps: %s", err)
        return False
    return all(app.slug != slug for app in installed)
