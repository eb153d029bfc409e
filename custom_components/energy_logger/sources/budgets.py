"""Call budgets, one for each Amber token, shared by the entries that use it."""

from hashlib import sha256

from homeassistant.core import HomeAssistant
from homeassistant.util.dt import utcnow
from homeassistant.util.hass_dict import HassKey

from custom_components.energy_logger.api.rate_limit import CallBudget
from custom_components.energy_logger.const import DOMAIN

_BUDGETS: HassKey[dict[str, CallBudget]] = HassKey(f"{DOMAIN}_call_budgets")


def call_budget(hass: HomeAssistant, token: str) -> CallBudget:
    """Return the budget of a token; it outlives the entries, as Amber's window does."""
    budgets = hass.data.setdefault(_BUDGETS, {})
    name = sha256(token.encode()).hexdigest()
    return budgets.setdefault(name, CallBudget(now=utcnow))
