"""Changes of a running server's settings: one after the other, all or nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import override
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.clock import SystemClock
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import Settings
from energy_logger_server.errors import (
    NothingToCollect,
    StoreUnavailable,
)
from energy_logger_server.store import Store
from energy_logger_server.store.settings.read import saved_settings
from tests.server.store_template import lay_store

SENTENCE = "^nothing to collect: set AMBER_API_KEY, or KAMO_ENABLED to true$"


class FullStore(Store):
    """A store whose disk is full while a test says so."""

    is_full = False

    @override
    async def change_settings(self, changes: Mapping[str, str | None]) -> None:
        if self.is_full:
            raise StoreUnavailable("the disk is full")
        await super().change_settings(changes)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FullStore]:
    opened = await FullStore.open(lay_store(tmp_path / "e.db"), SystemClock())
    assert isinstance(opened, FullStore)
    yield opened
    await opened.close()


async def live_settings(store: Store, **environment: str) -> LiveSettings:
    return await LiveSettings.read(build_settings(environment=environment), store)


def changes_of(live: LiveSettings) -> list[Settings]:
    """Return a list that gets the settings after every change."""
    changes: list[Settings] = []
    live.on_change(changes.append)
    return changes


async def test_a_change_takes_effect_once_it_is_in_the_store(store: FullStore):
    live = await live_settings(store)
    changes = changes_of(live)

    await live.save({"POLL_INTERVAL_MINUTES": 15, "TZ": "Europe/Berlin"})
    await live.reset("tz")

    assert [one.poll_interval_minutes for one in changes] == [15, 15]
    assert [one.tz for one in changes] == [ZoneInfo("Europe/Berlin"), None]
    assert await store.read(saved_settings) == {"POLL_INTERVAL_MINUTES": "15"}


async def test_a_change_that_cannot_be_stored_takes_no_effect(store: FullStore):
    live = await live_settings(store)
    changes = changes_of(live)
    store.is_full = True

    with pytest.raises(StoreUnavailable):
        await live.save({"POLL_INTERVAL_MINUTES": 15})

    assert changes == []
    assert live.current.poll_interval_minutes == 5


async def test_changes_at_once_lose_none(store: FullStore):
    live = await live_settings(store)

    await asyncio.gather(
        live.save({"POLL_INTERVAL_MINUTES": 15}),
        live.save({"COLLECTION_INTERVAL_MINUTES": 30}),
        live.save({"SMTP_PORT": 25}),
        live.reset("SMTP_PORT"),
    )

    assert live.current.poll_interval_minutes == 15
    assert live.current.collection_interval_minutes == 30
    assert live.current.smtp_port == 587
    assert await store.read(saved_settings) == {
        "COLLECTION_INTERVAL_MINUTES": "30",
        "POLL_INTERVAL_MINUTES": "15",
    }


async def test_whoever_goes_away_leaves_no_change_saved_but_not_in_effect(
    store: FullStore,
):
    live = await live_settings(store)

    change = asyncio.ensure_future(live.save({"POLL_INTERVAL_MINUTES": 15}))
    await asyncio.sleep(0)
    change.cancel()
    await asyncio.wait({change})

    saved = await store.read(saved_settings)
    assert (live.current.poll_interval_minutes == 15) is (
        saved == {"POLL_INTERVAL_MINUTES": "15"}
    )


async def test_the_last_source_cannot_be_switched_off(store: FullStore):
    live = await live_settings(store)

    with pytest.raises(NothingToCollect, match=SENTENCE):
        await live.save({"KAMO_ENABLED": False, "TZ": "Europe/Berlin"})

    assert live.current.kamo_enabled
    assert await store.read(saved_settings) == {}


async def test_the_switch_that_keeps_the_last_source_on_cannot_be_reset(
    store: FullStore,
):
    await store.change_settings({"KAMO_ENABLED": "true"})
    live = await live_settings(store, KAMO_ENABLED="false")

    with pytest.raises(NothingToCollect, match=SENTENCE):
        await live.reset("KAMO_ENABLED")

    assert live.current.kamo_enabled


async def test_kamo_can_be_switched_off_beside_amber(store: FullStore):
    live = await live_settings(store, AMBER_API_KEY="psk_x")

    await live.save({"KAMO_ENABLED": False})

    assert not live.current.kamo_enabled


async def test_a_server_whose_last_source_was_switched_off_starts_all_the_same(
    store: FullStore, caplog: pytest.LogCaptureFixture
):
    await store.change_settings({"KAMO_ENABLED": "false", "TZ": "Mars"})

    live = await live_settings(store, NOTIFICATION_EMAIL="me@example.org")
    await live.save({"POLL_INTERVAL_MINUTES": 10})

    assert live.current.kamo_enabled
    assert live.current.poll_interval_minutes == 10
    assert "the saved value of KAMO_ENABLED is ignored" in caplog.text
    assert "the saved value of TZ is ignored" in caplog.text
    # warnings of the machine's own settings were logged before
    assert "NOTIFICATION_EMAIL" not in caplog.text


async def test_the_log_tells_which_settings_changed_but_not_their_values(
    store: FullStore, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    live = await live_settings(store)

    await live.save({"NOTIFICATION_EMAIL": "me@example.org", "SMTP_PORT": 25})

    assert "changed over the API: NOTIFICATION_EMAIL, SMTP_PORT" in caplog.text
    assert "example.org" not in caplog.text


async def test_the_token_stays_while_amber_is_all_that_is_collected(store: FullStore):
    live = await live_settings(store)
    await live.save({"AMBER_API_KEY": "psk_x", "KAMO_ENABLED": False})

    with pytest.raises(NothingToCollect, match=SENTENCE) as refusal:
        await live.reset("AMBER_API_KEY")

    assert refusal.value.setting == "AMBER_API_KEY"
    assert live.current.amber_api_key == Secret("psk_x")
