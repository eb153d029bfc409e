"""An entry that asks Amber itself, and what the recorder has of its site."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    statistics_during_period,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.recorder import get_instance

from custom_components.energy_logger.statistics import direct_feeds, importing
from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry

SITE = "energy_logger:amber_01s1ms1teb0000000000000000"
DAY = timedelta(days=1)
DAYS = 1
FIRST = datetime(2026, 1, 2, 14, tzinfo=UTC)
"""Midnight of NEM time, the day before the present one."""


async def recorded(
    hass: HomeAssistant, *statistic_ids: str
) -> dict[str, dict[datetime, StatisticsRow]]:
    """Return what the recorder has, by statistic and start of the hour."""
    found = await get_instance(hass).async_add_executor_job(
        partial(
            statistics_during_period,
            hass,
            START - 400 * DAY,
            None,
            {*statistic_ids},
            "hour",
            None,
            {"change", "max", "mean", "min"},
        )
    )
    return {
        one: {datetime.fromtimestamp(row["start"], UTC): row for row in rows}
        for one, rows in found.items()
    }


@pytest.fixture
def shares() -> list[str]:
    """What the sensor of the import shows, one after the other."""
    return []


@pytest.fixture
async def direct_site(
    quiet_recorder: None,  # noqa: ARG001 - its being there is enough
    world: World,
    shares: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """An entry of the five-minute site; Amber remembers one day."""

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.state != "unknown":
            shares.append(state.state)

    async_track_state_change_event(
        world.hass, "sensor.amber_jemena_statistics_imported", note
    )
    monkeypatch.setattr(importing, "_PAGE", timedelta(hours=24))
    monkeypatch.setattr(direct_feeds, "_REMEMBERED", DAYS * DAY)
    monkeypatch.setattr(direct_feeds, "_AUDITED", DAYS * DAY)
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    return world
