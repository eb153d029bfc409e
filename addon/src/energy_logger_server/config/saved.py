"""Settings that were saved over the API: merged with the machine's, checked, shown."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import voluptuous as vol

from energy_logger_server.domain.setting_state import (
    Applies,
    SettingOrigin,
    SettingState,
)

from .setting import Setting, text_of
from .settings import BY_NAME, NOTHING_TO_COLLECT, Settings

AMBER_API_KEY = "AMBER_API_KEY"
KAMO_ENABLED = "KAMO_ENABLED"

_MAXIMUM_LENGTH = 1000


def with_saved(base: Settings, saved: Mapping[str, str]) -> Settings:
    """Return the settings in force: what was saved, and the machine's for the rest.

    A saved value that cannot be used, such as one of an older version, is ignored and
    stands in ``warnings``: a server that does not start could not be set right.

    Args:
        base: The machine's.
        saved: Texts by name; an empty one stands for nothing.
    """
    values: dict[str, Any] = {}
    unusable: dict[str, str] = {}
    ignored: list[str] = []
    for name, text in saved.items():
        setting = BY_NAME.get(name)
        if setting is None or not setting.is_editable:
            ignored.append(f"the saved {name} is ignored: it cannot be saved")
            continue
        try:
            values[name] = setting.read(text)
        except vol.Invalid as err:
            unusable[name] = err.msg
    merged = _merge(base, values)
    if KAMO_ENABLED in values and base.has_a_source and not merged.has_a_source:
        del values[KAMO_ENABLED]
        unusable[KAMO_ENABLED] = f"would leave {NOTHING_TO_COLLECT}"
        merged = _merge(base, values)
    return replace(merged, unusable=unusable, ignored=(*base.ignored, *ignored))


def text_to_save(setting: Setting, value: object) -> str:
    """Return the text to keep of a value that somebody sent as JSON.

    Raises:
        vol.Invalid: Says what the setting may be; never repeats the value.
    """
    text = text_of(value)
    if text is None:
        raise vol.Invalid(
            "must be a text, a whole number, true, false, null, or a list of those"
        )
    text = setting.kind.clean(text)
    if len(text) > _MAXIMUM_LENGTH:
        raise vol.Invalid(f"must not be longer than {_MAXIMUM_LENGTH} characters")
    if not text.isprintable():
        raise vol.Invalid("must not contain line ends or other control characters")
    setting.read(text)
    return text


def state_of(setting: Setting, settings: Settings) -> SettingState:
    """Return what can be said of a setting; of a secret, not its value."""
    kind = setting.kind
    origin = settings.origins.get(setting.name, SettingOrigin.DEFAULT)
    return {
        "value": setting.as_json(getattr(settings, setting.field)),
        "description": setting.description,
        "type": kind.type,
        "default": setting.as_json(setting.default),
        "choices": [*kind.choices],
        "allowed": kind.allowed.replace("`", ""),
        "source": origin,
        "is_editable": setting.is_editable,
        "is_secret": setting.is_secret,
        "is_set": origin is not SettingOrigin.DEFAULT,
        "applies": Applies.NOW if setting.is_editable else Applies.RESTART,
        "problem": settings.unusable.get(setting.name),
    }


def _merge(base: Settings, values: Mapping[str, Any]) -> Settings:
    fields = {BY_NAME[name].field: value for name, value in values.items()}
    origins = {**base.origins, **dict.fromkeys(values, SettingOrigin.SAVED)}
    return replace(base, origins=origins, **fields)
