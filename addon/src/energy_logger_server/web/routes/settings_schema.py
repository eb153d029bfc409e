"""Bodies and answers of ``/api/settings``."""

import voluptuous as vol

from energy_logger_server.domain.setting_state import (
    Applies,
    SettingOrigin,
    SettingType,
)
from energy_logger_server.web.http.checks import MAYBE_TEXT

_VALUE = vol.Any(str, bool, int, None)

# which values a setting takes depends on its name: the handler says that
_SENT = vol.Any(str, bool, int, float, None, [vol.Any(str, bool, int, float)])

_SOURCE = vol.In([origin.value for origin in SettingOrigin])
_APPLIES = vol.In([applies.value for applies in Applies])

_STATE = {
    vol.Required("value", description="In force; null for a secret."): _VALUE,
    vol.Required("description"): str,
    vol.Required("type", description="JSON type of the value."): vol.In(
        [kind.value for kind in SettingType]
    ),
    vol.Required("default"): _VALUE,
    vol.Required("choices", description="The only values, if there are few."): [
        vol.Any(str, int)
    ],
    vol.Required("allowed", description="What can be written, in words."): str,
    vol.Required("source", description="Where the value comes from."): _SOURCE,
    vol.Required("is_editable", description="Whether it can be saved here."): bool,
    vol.Required("is_secret"): bool,
    vol.Required("is_set", description="Whether anybody set it."): bool,
    vol.Required("applies", description="When a change takes effect."): _APPLIES,
    vol.Required(
        "has_effect", description="Whether this version does anything by it."
    ): bool,
    vol.Required(
        "problem", description="Why the saved value is ignored; null if it is not."
    ): MAYBE_TEXT,
}
_IN_FORCE = {
    vol.Required("key", description="The name as it was asked for."): str,
    vol.Required("value", description="In force now."): _VALUE,
    vol.Required("source"): _SOURCE,
    vol.Required("applies"): _APPLIES,
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
