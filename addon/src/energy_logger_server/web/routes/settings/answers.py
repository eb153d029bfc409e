"""Bodies and answers of ``/api/settings``."""

from typing import TypedDict

import voluptuous as vol

from energy_logger_server.domain.setting_state import (
    Applies,
    SettingOrigin,
    SettingState,
    SettingValue,
)

# which values a setting takes depends on its name: the handler says that
_SENT = vol.Any(str, bool, int, float, None, [vol.Any(str, bool, int, float)])

CHANGE = vol.Schema({vol.Required("value"): _SENT})
CHANGES = vol.Schema({vol.Required("settings"): vol.Schema({str: _SENT})})


class SettingsAnswer(TypedDict):
    """Every setting."""

    settings: dict[str, SettingState]
    warnings: list[str]
    """What was set but has no effect, a sentence each."""


class SettingAnswer(SettingState):
    """One setting."""

    key: str


class _Asked(TypedDict):
    key: str
    """The name as it was asked for."""


class _Success(TypedDict):
    success: bool


class _Reset(TypedDict):
    reset: bool


class EffectiveSetting(TypedDict):
    """What holds of a setting after a change."""

    value: SettingValue
    """In force now."""
    source: SettingOrigin
    applies: Applies


class ChangedAnswer(_Asked, _Success, EffectiveSetting):
    """A setting that was saved."""


class ResetAnswer(_Asked, _Reset, EffectiveSetting):
    """A setting of which nothing is saved any more."""


class SavedAnswer(_Success):
    """Several settings that were saved."""

    results: dict[str, bool]
    """By name as it was sent."""
