"""The settings of a running server: what the API saves, and what then takes effect."""

import asyncio
import logging
from collections.abc import Callable, Mapping

import voluptuous as vol

from energy_logger_server.collect.waiting import finish_before_cancel
from energy_logger_server.domain.setting_state import SettingState
from energy_logger_server.errors import (
    NothingToCollect,
    SettingNotEditable,
    SettingUnknown,
    SettingUnusable,
)
from energy_logger_server.store import Store
from energy_logger_server.store.settings.read import saved_settings

from .saved import AMBER_API_KEY, KAMO_ENABLED, state_of, text_to_save, with_saved
from .setting import Setting
from .settings import BY_FIELD, BY_NAME, NOTHING_TO_COLLECT, SETTINGS, Settings

_LOG = logging.getLogger(__name__)

type TakeEffect = Callable[[Settings], None]


class LiveSettings:
    """Saves settings and has them take effect, one change after the other.

    Names are taken in capitals, as in the environment, or in small letters.
    """

    def __init__(self, base: Settings, saved: Mapping[str, str], store: Store) -> None:
        """Take over what was saved.

        Args:
            base: The machine's settings.
            saved: What was saved before, texts by name.
            store: Keeps what is saved.
        """
        self._base = base
        self._saved = saved
        self._store = store
        self._current = with_saved(base, saved)
        _set_log_level(base, self._current)
        self._listeners: list[TakeEffect] = []
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def read(cls, base: Settings, store: Store) -> "LiveSettings":
        """Return the machine's settings with what the store has saved.

        Logs what of that has no effect.

        Raises:
            StoreUnavailable: If the store does not answer.
        """
        live = cls(base, await store.read(saved_settings), store)
        for warning in live.current.warnings:
            if warning not in base.warnings:
                _LOG.warning("%s", warning)
        return live

    @property
    def current(self) -> Settings:
        """The settings in force."""
        return self._current

    def on_change(self, take_effect: TakeEffect) -> None:
        """Have a function called with the new settings after every change."""
        self._listeners.append(take_effect)

    def states(self) -> dict[str, SettingState]:
        """Return every setting by its name, in the order of the documentation."""
        return {one.name: state_of(one, self._current) for one in SETTINGS}

    def warnings(self) -> tuple[str, ...]:
        """Return what has no effect, a sentence each."""
        return self._current.warnings

    def state(self, name: str) -> SettingState:
        """Return one setting.

        Raises:
            SettingUnknown: If there is none of that name.
        """
        return state_of(_setting_of(name), self._current)

    async def save(self, values: Mapping[str, object]) -> None:
        """Save settings, all or none; they are durable and in effect afterwards.

        Args:
            values: As JSON has them, by name; None and an empty text stand for
                nothing where a setting may have no value.

        Raises:
            SettingRefused: Names the first that cannot be saved.
            StoreUnavailable: If nothing was saved.
        """
        changes: dict[str, str | None] = {}
        for name, value in values.items():
            setting = _editable(name)
            if setting.name in changes:
                raise SettingUnusable(name, f"{setting.name} is given twice")
            try:
                changes[setting.name] = text_to_save(setting, value)
            except vol.Invalid as err:
                raise SettingUnusable(name, f"{setting.name} {err.msg}") from err
        await self._change(changes)

    async def reset(self, name: str) -> SettingState:
        """Forget what was saved of a setting, and return it as it is then.

        Raises:
            SettingRefused: If there is no such setting, or it cannot be saved anyway.
            StoreUnavailable: If nothing was changed.
        """
        setting = _editable(name)
        await self._change({setting.name: None})
        return state_of(setting, self._current)

    async def _change(self, changes: Mapping[str, str | None]) -> None:
        if not changes:
            return
        async with self._one_at_a_time:
            # whoever goes away leaves no change that is saved but not in effect
            await finish_before_cancel(self._change_alone(changes))

    async def _change_alone(self, changes: Mapping[str, str | None]) -> None:
        merged = {**self._saved, **changes}
        saved = {name: text for name, text in merged.items() if text is not None}
        settings = with_saved(self._base, saved)
        # what chooses the sources; with other changes KAMO stays on as it was
        chosen = [name for name in (KAMO_ENABLED, AMBER_API_KEY) if name in changes]
        if chosen and KAMO_ENABLED in settings.unusable:
            raise NothingToCollect(chosen[0], NOTHING_TO_COLLECT)
        if not settings.has_a_source:
            raise NothingToCollect(KAMO_ENABLED, NOTHING_TO_COLLECT)
        await self._store.change_settings(changes)
        _set_log_level(self._current, settings)
        self._saved, self._current = saved, settings
        # values may be personal: their names will do
        _LOG.info("changed over the API: %s", ", ".join(changes))
        for take_effect in self._listeners:
            take_effect(settings)


def _set_log_level(before: Settings, after: Settings) -> None:
    if after.log_level != before.log_level:
        logging.getLogger().setLevel(after.log_level)


def _setting_of(name: str) -> Setting:
    setting = BY_NAME.get(name) or BY_FIELD.get(name)
    if setting is None:
        raise SettingUnknown(name, "there is no such setting: see /api/settings")
    return setting


def _editable(name: str) -> Setting:
    setting = _setting_of(name)
    if setting.is_editable:
        return setting
    places = "in the environment"
    if not setting.is_environment_only:
        places = "in the environment, in .env or in the app's options"
    raise SettingNotEditable(
        name, f"{setting.name} cannot be changed here: set it {places}, and restart"
    )
