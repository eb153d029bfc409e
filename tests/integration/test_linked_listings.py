"""A server whose lists lack something: devices stay, and it is told."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.entries import JEMENA_PRICE, OZARK_LOAD
from tests.integration.linked import (
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    LATE,
    OZARK,
    LinkedWorld,
)
from tests.integration.observed import issues, logged, setup_of

SITES, AREAS = "/mirror/amber/v1/sites", "/mirror/kamo/api/area"
WENT = (
    "Energy Logger server does not list {} at present; what is known of it stays, and "
    "the list is read again"
)
OF_LISTS = (" lists ", " list ")


@dataclass(slots=True)
class Between:
    """Stands between Home Assistant and the server, and changes lists.

    Attributes:
        url: Where it answers.
        lacking: Positions that are left out of a list, by path; None for all.
    """

    url: str = ""
    lacking: dict[str, list[int] | None] = field(default_factory=dict)

    def edited(self, path: str, records: list[Any]) -> list[Any]:
        """Return a list without what it lacks."""
        lacking = self.lacking[path]
        if lacking is None:
            return []
        return [one for place, one in enumerate(records) if place not in lacking]


@pytest.fixture
async def between(linked: LinkedWorld) -> AsyncIterator[Between]:
    """The real server behind something that can take things out of its lists."""
    made = Between()

    async def pass_on(request: web.Request) -> web.Response:
        if request.path == "/api/events":
            raise web.HTTPServiceUnavailable
        names = ("Authorization", "X-API-Key")
        headers = {
            name: request.headers[name] for name in names if name in request.headers
        }
        async with (
            ClientSession() as session,
            session.get(
                f"{linked.server.url}{request.path_qs}", headers=headers
            ) as answer,
        ):
            body = await answer.read()
            if request.path in made.lacking and answer.status == 200:
                body = json.dumps(made.edited(request.path, json.loads(body))).encode()
            kept = {
                name: answer.headers[name]
                for name in ("Content-Type", "Last-Modified")
                if name in answer.headers
            }
            return web.Response(status=answer.status, body=body, headers=kept)

    app = web.Application()
    app.add_routes([web.get("/{any:.*}", pass_on)])
    async with TestServer(app) as server:
        made.url = f"http://127.0.0.1:{server.port}"
        yield made


def entry_of(linked: LinkedWorld, between: Between) -> MockConfigEntry:
    return linked.entry(data={"url": between.url})


def devices(linked: LinkedWorld, entry: MockConfigEntry) -> set[str]:
    """Return the keys of the sites' and areas' devices."""
    registry = dr.async_get(linked.hass)
    return {
        key
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        for _, key in device.identifiers
        if not key.startswith("server_")
    }


ALL = {f"amber_{HALF_HOUR_SITE}", f"amber_{FIVE_MINUTE_SITE}", f"kamo_{OZARK}"}


async def five_minutes(linked: LinkedWorld) -> None:
    """Let the server collect, and five minutes pass."""
    await linked.utilities.set_clock(linked_now(linked) + timedelta(minutes=5))
    await linked.server.collect()
    await linked.wait(minutes=5)


def linked_now(linked: LinkedWorld) -> Any:
    return linked.freezer.time_to_freeze.replace(tzinfo=LATE.tzinfo)


@pytest.mark.parametrize(
    ("path", "lacking", "names"),
    [
        (SITES, [1], "Amber Jemena"),
        (SITES, None, "Amber Ausgrid, Amber Jemena"),
        (AREAS, [0], "Ozark Electric Cooperative"),
        (AREAS, None, "Ozark Electric Cooperative"),
    ],
)
async def test_a_list_that_lacks_something_takes_nothing_away(
    linked: LinkedWorld,
    between: Between,
    caplog: pytest.LogCaptureFixture,
    path: str,
    lacking: list[int] | None,
    names: str,
):
    entry = entry_of(linked, between)
    await linked.set_up(entry)
    assert devices(linked, entry) == ALL
    caplog.clear()
    between.lacking[path] = lacking

    for _ in range(2):
        await five_minutes(linked)
        assert devices(linked, entry) == ALL
        assert float(linked.state(JEMENA_PRICE)) > 0
        assert float(linked.state(OZARK_LOAD)) > 0
    # nor does a restart of Home Assistant
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()
    assert devices(linked, entry) == ALL
    assert float(linked.state(JEMENA_PRICE)) > 0
    assert float(linked.state(OZARK_LOAD)) > 0
    between.lacking.clear()
    await five_minutes(linked)

    reported = [
        one for one in logged(caplog) if any(word in one[1] for word in OF_LISTS)
    ]
    assert reported == [
        ("WARNING", WENT.format(names)),
        ("INFO", f"Energy Logger server lists {names} again"),
    ]
    assert devices(linked, entry) == ALL
    assert issues(linked) == {}


@pytest.mark.timeout(120)
async def test_what_stays_away_is_told_and_goes_after_days(
    linked: LinkedWorld, between: Between, caplog: pytest.LogCaptureFixture
):
    entry = entry_of(linked, between)
    await linked.set_up(entry)
    between.lacking[SITES] = [1]

    for _ in range(7):
        await linked.wait(minutes=5)
    assert issues(linked) == {entry.entry_id: "not_listed"}
    assert devices(linked, entry) == ALL
    for _ in range(2 * 24 * 2):
        await linked.wait(minutes=30)

    assert devices(linked, entry) == ALL - {f"amber_{FIVE_MINUTE_SITE}"}
    assert issues(linked) == {entry.entry_id: "device_gone"}
    await linked.wait(minutes=5)
    assert issues(linked) == {entry.entry_id: "device_gone"}
    # it comes back by itself
    between.lacking.clear()
    await five_minutes(linked)
    await linked.settle()

    assert devices(linked, entry) == ALL
    assert float(linked.state(JEMENA_PRICE)) > 0
    assert issues(linked) == {}
    reported = [
        one for one in logged(caplog) if any(word in one[1] for word in OF_LISTS)
    ]
    assert [level for level, _ in reported] == ["WARNING", "INFO"]


async def test_devices_of_an_entry_that_kept_no_list_stay_as_well(
    linked: LinkedWorld, between: Between
):
    entry = entry_of(linked, between)
    await linked.set_up(entry)
    await linked.hass.config_entries.async_unload(entry.entry_id)
    # as the version before left it
    kept = {key: value for key, value in entry.data.items() if key != "listed"}
    linked.hass.config_entries.async_update_entry(entry, data=kept)
    between.lacking[SITES] = [1]

    await linked.hass.config_entries.async_setup(entry.entry_id)
    await linked.settle()
    assert setup_of(entry) is ConfigEntryState.LOADED
    assert devices(linked, entry) == ALL
    assert linked.state(JEMENA_PRICE) == "unavailable"
    between.lacking.clear()
    await five_minutes(linked)

    assert float(linked.state(JEMENA_PRICE)) > 0
