"""Bodies and answers of ``/api/settings``."""

import voluptuous as vol

from energy_logger_server.domain.setting_state import SettingState
from energy_logger_server.web.http.record_schema import schema_of

# which values a setting takes depends on its name: the handler says that
_SENT = vol.Any(str, bool, int, float, None, [vol.Any(str, bool, int, float)])

_STATE = schema_of(SettingState, without=("name",))
_CHECKS = {str(marker): check for marker, check in _STATE.items()}

FIELDS = tuple(_CHECKS)
"""What is shown of a setting, in the order of the answer."""

_IN_FORCE = {
    vol.Required("key", description="The name as it was asked for."): str,
    vol.Required("value", description="In force now."): _CHECKS["value"],
    vol.Required("source"): _CHECKS["source"],
    vol.Required("applies"): _CHECKS["applies"],
}

CHANGE = vol.Schema({vol.Required("value"): _SENT})
CHANGES = vol.Schema({vol.Required("settings"): vol.Schema({str: _SENT})})

SETTINGS = vol.Schema(
    {
        vol.Required("settings"): vol.Schema({str: vol.Schema(_STATE)}),
        vol.Required(
            "warnings", description="What was set but has no effect, a sentence each."
        ): [str],
    }
)
SETTING = vol.Schema({vol.Required("key"): str, **_STATE})
CHANGED = vol.Schema({vol.Required("success"): bool, **_IN_FORCE})
RESET = vol.Schema({vol.Required("reset"): bool, **_IN_FORCE})
SAVED = vol.Schema(
    {
        vol.Required("success"): bool,
        vol.Required("results", description="By name as it was sent."): vol.Schema(
            {str: bool}
        ),
    }
)
