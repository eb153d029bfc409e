"""Saved settings on both databases."""

from energy_logger_server.store import Store
from energy_logger_server.store.settings.read import saved_settings


async def test_settings_are_saved_changed_and_forgotten_together(store: Store):
    await store.change_settings({"TZ": "UTC", "SMTP_USER": "Jürgen 🦉"})
    await store.change_settings({"TZ": "Europe/Berlin", "SMTP_USER": None, "X": ""})

    saved = await store.read(saved_settings)

    assert saved == {"TZ": "Europe/Berlin", "X": ""}


async def test_forgetting_what_was_never_saved_is_nothing(store: Store):
    await store.change_settings({"TZ": None})

    assert await store.read(saved_settings) == {}
