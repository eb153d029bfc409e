"""What tests look at: requests that were made, issues, and what the log says."""

import logging
from datetime import datetime
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import State
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from tests.integration.conftest import World

OURS = "custom_components.energy_logger"


async def asked(world: World, endpoint: str) -> list[dict[str, Any]]:
    """Return the requests of an endpoint, such as ``amber.current``."""
    requests = await world.utilities.requests()
    return [one for one in requests if one["endpoint"] == endpoint]


async def loads_told(world: World) -> list[float]:
    """Return the hours of area 1 that KAMO tells of now, in kW."""
    grid = await world.utilities.kamo("/areagrid/1")
    loads: list[float] = grid["chartLineData"][0]["data"]
    return loads


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return what we told the log: level and text, from information upwards."""
    return [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name.startswith(OURS) and record.levelno >= logging.INFO
    ]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what we told the log that is worth a look."""
    return [text for level, text in logged(caplog) if level != "INFO"]


def issues(world: World) -> dict[str, str]:
    """Return our issues: their kinds by the entry that they belong to."""
    return {
        str(issue.data["entry_id"]): str(issue.translation_key)
        for (domain, _), issue in ir.async_get(world.hass).issues.items()
        if domain == "energy_logger" and issue.data is not None
    }


def setup_of(entry: ConfigEntry) -> ConfigEntryState:
    """Return how far an entry's set-up has come."""
    return entry.state


def shown(world: World, entity_id: str) -> State:
    """Return an entity's state with its attributes."""
    state = world.hass.states.get(entity_id)
    assert state is not None, sorted(world.hass.states.async_entity_ids())
    return state


async def let_it_time_out(
    world: World, at: datetime, later: datetime, endpoint: str
) -> None:
    """Move to an instant at which something is asked for that is never answered.

    Args:
        world: Whose utilities hang.
        at: When they are asked.
        later: When whoever asks has given up.
        endpoint: What is asked for.
    """
    before = len(await asked(world, endpoint))
    await world.utilities.set_clock(at)
    world.freezer.move_to(at)
    async_fire_time_changed(world.hass, at)
    while len(await asked(world, endpoint)) == before:
        pass
    world.freezer.move_to(later)
    async_fire_time_changed(world.hass, later)
    await world.settle()
