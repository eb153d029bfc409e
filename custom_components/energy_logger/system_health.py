"""System health: what is set up, and whether those who are asked can be reached."""

from collections import Counter
from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from .api import endpoints
from .const import CONF_CONNECTION, DOMAIN, Connection


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what system health shows."""
    register.async_register_info(_health_info)


async def _health_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the entries of each connection, and whether those behind them answer.

    Of several servers the first is tried.
    """
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    counts = Counter(entry.data[CONF_CONNECTION] for entry in entries)
    addresses = {
        Connection.AMBER: endpoints.AMBER_BASE_URL,
        Connection.KAMO: endpoints.KAMO_BASE_URL,
    }
    for entry in entries:
        if entry.data[CONF_CONNECTION] == Connection.SERVER:
            # needs no key
            url = f"{entry.data[CONF_URL]}/api/health"
            addresses.setdefault(Connection.SERVER, url)
    return {
        **{f"{connection}_entries": counts[connection] for connection in Connection},
        **{
            f"can_reach_{connection}": async_check_can_reach_url(hass, url)
            for connection, url in addresses.items()
            if counts[connection]
        },
    }
