"""What the user sees when the server, its key, its data or its version fail."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohasupervisor import SupervisorClient
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components.hassio.handler import KEY_SUPERVISOR_CLIENT
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import issue_registry as ir

from custom_components.energy_logger.api.errors import SourceUnreachable
from custom_components.energy_logger.coordinator.base import translated_error
from tests.integration.entries import JEMENA_PRICE, OZARK_LOAD
from tests.integration.linked import KEY, LATE, OZARK, LinkedWorld
from tests.integration.observed import issues, setup_of, warnings

SIZE = "sensor.energy_logger_database_size"
SLUG = "1a2b3c4d_energy_logger"
NEW_KEY = "another-key-of-the-server"


def flows(world: LinkedWorld) -> list[Any]:
    return list(world.hass.config_entries.flow.async_progress())


async def test_a_server_that_is_down_at_the_start_is_tried_again(linked: LinkedWorld):
    await linked.server.stop()
    entry = linked.entry()
    await linked.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "source_unreachable"

    await linked.server.start()
    await linked.server.collect()
    await linked.wait(minutes=1)

    assert setup_of(entry) is ConfigEntryState.LOADED
    assert linked.state(JEMENA_PRICE) != "unavailable"


async def test_a_key_that_is_refused_at_the_start_asks_for_another(
    linked: LinkedWorld,
):
    entry = linked.entry(data={"api_key": "not-the-key-of-the-server"})

    await linked.set_up(entry)
    while setup_of(entry) is ConfigEntryState.SETUP_RETRY:
        assert flows(linked) == []
        await linked.wait(seconds=45)

    assert setup_of(entry) is ConfigEntryState.SETUP_ERROR
    (flow,) = flows(linked)
    assert flow["step_id"] == "reauth_server"


async def believe_the_refusal(linked: LinkedWorld) -> None:
    """Let the key be refused when prices are due, and again two minutes later."""
    await linked.move_to(LATE + timedelta(seconds=41))
    assert flows(linked) == []
    await linked.wait(minutes=2, seconds=3)


async def test_a_key_that_was_changed_is_told_once_and_mended_by_the_new_one(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    entry = linked.entry(unique_id=await linked.server.instance_id())
    await linked.set_up(entry)
    await linked.server.rotate_key(NEW_KEY)
    await believe_the_refusal(linked)

    assert linked.state(JEMENA_PRICE) == "unavailable"
    assert linked.state(SIZE) == "unavailable"
    # KAMO needs no key
    assert linked.state(OZARK_LOAD) != "unavailable"
    assert len(warnings(caplog)) == 1
    (flow,) = flows(linked)
    done = await linked.hass.config_entries.flow.async_configure(
        flow["flow_id"], {"api_key": NEW_KEY}
    )
    assert done["reason"] == "reauth_successful"
    await linked.settle()

    assert entry.data["api_key"] == NEW_KEY
    await linked.utilities.set_clock(LATE + timedelta(minutes=5))
    await linked.server.collect()
    await linked.wait(minutes=5)
    assert linked.state(JEMENA_PRICE) != "unavailable"
    assert KEY not in caplog.text
    assert NEW_KEY not in caplog.text


async def test_a_key_that_is_known_to_be_refused_is_not_tried_by_everybody(
    linked: LinkedWorld,
):
    await linked.set_up(linked.entry())
    await linked.server.rotate_key(NEW_KEY)
    await believe_the_refusal(linked)
    await linked.server.forget_requests()

    for _minute in range(30):
        await linked.wait(minutes=1)

    asked = await linked.server.requests()
    assert {path.split("/")[1] for path in asked} == {"mirror"}
    assert {path.split("/")[2] for path in asked} == {"kamo"}


async def test_a_key_that_works_again_is_noticed(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    await linked.server.rotate_key(NEW_KEY)
    await believe_the_refusal(linked)
    assert len(flows(linked)) == 1

    await linked.server.rotate_key(KEY)
    for _step in range(14):
        await linked.wait(minutes=5)
    await linked.server.collect()
    await linked.wait(minutes=5)

    assert flows(linked) == []
    assert linked.state(SIZE) != "unavailable"
    assert linked.state(JEMENA_PRICE) != "unavailable"


async def test_stale_data_are_unavailable_and_come_back(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await linked.set_up(linked.entry())
    for _tick in range(3):
        await linked.wait(minutes=5)

    assert linked.state(JEMENA_PRICE) == "unavailable"
    assert linked.state(OZARK_LOAD) == "unavailable"
    # the server itself is well
    assert linked.state(SIZE) != "unavailable"
    assert all("heard nothing new" in line for line in warnings(caplog))
    # two sites and an area
    assert len(warnings(caplog)) == 3

    await linked.server.collect()
    await linked.wait(minutes=6)
    assert linked.state(JEMENA_PRICE) != "unavailable"
    assert linked.state(OZARK_LOAD) != "unavailable"


def test_only_the_mirror_is_stale():
    of_mirror = SourceUnreachable("kamo", "/area", "failure (503)", status=503)
    of_server = SourceUnreachable("server", "/api/status", "failure (503)", status=503)

    assert (
        translated_error(of_mirror, is_linked=True)["translation_key"] == "server_stale"
    )
    assert (
        translated_error(of_server, is_linked=True)["translation_key"]
        == "source_unreachable"
    )
    assert translated_error(of_mirror)["translation_key"] == "source_unreachable"


async def test_upstream_that_is_down_makes_what_it_tells_unavailable(
    linked: LinkedWorld,
):
    await linked.set_up(linked.entry())
    await linked.utilities.break_down("500", endpoint="kamo.areagrid", count=None)
    for _tick in range(3):
        await linked.move_to(LATE + timedelta(minutes=5 * (_tick + 1)))
        await linked.server.collect("amber")
    await linked.wait(seconds=30)

    assert linked.state(OZARK_LOAD) == "unavailable"
    assert linked.state(JEMENA_PRICE) != "unavailable"


@pytest.mark.parametrize(
    ("version", "issue"),
    [("0.0.9", "server_too_old"), ("2.0.0", "server_too_new")],
)
async def test_a_version_that_does_not_fit_is_shown_until_it_does(
    linked: LinkedWorld, version: str, issue: str
):
    await linked.server.be_version(version)
    entry = linked.entry()
    await linked.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == issue
    assert {*issues(linked).values()} == {issue}

    await linked.server.be_version("1.9.3")
    await linked.wait(minutes=1)

    assert setup_of(entry) is ConfigEntryState.LOADED
    assert issues(linked) == {}


async def test_a_server_that_was_updated_too_far_says_so_while_it_runs(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)

    await linked.server.be_version("7.0.0")
    await linked.wait(minutes=5)
    assert linked.state(SIZE) == "unavailable"
    assert {*issues(linked).values()} == {"server_too_new"}

    assert await linked.hass.config_entries.async_remove(entry.entry_id)
    assert issues(linked) == {}


async def test_too_many_wrong_keys_are_no_reason_to_blame_another_client(
    linked: LinkedWorld,
):
    await linked.set_up(linked.entry())
    for _guess in range(6):
        async with linked.server.session.get(
            f"{linked.server.url}/api/sites", headers={"X-API-Key": "a guess"}
        ):
            pass

    await linked.wait(minutes=0.9)

    assert issues(linked) == {}


@pytest.fixture
async def apps(linked: LinkedWorld) -> AsyncIterator[list[str]]:
    """A Supervisor that has these apps; change the list at will."""
    slugs = [SLUG]

    async def tell(_request: web.Request) -> web.Response:
        if not slugs:
            return web.json_response({"result": "error", "message": "no"}, status=500)
        apps = [_app(slug) for slug in slugs]
        return web.json_response({"result": "ok", "data": {"addons": apps}})

    app = web.Application()
    app.add_routes([web.get("/addons", tell)])
    async with TestServer(app) as server:
        linked.hass.data[KEY_SUPERVISOR_CLIENT] = SupervisorClient(
            f"http://127.0.0.1:{server.port}", "token", session=linked.server.session
        )
        linked.hass.config.components.add("hassio")
        yield slugs


def _app(slug: str) -> dict[str, Any]:
    return {
        "advanced": False,
        "available": True,
        "build": False,
        "description": "",
        "detached": False,
        "homeassistant": None,
        "icon": False,
        "logo": False,
        "name": slug,
        "repository": "1a2b3c4d",
        "slug": slug,
        "stage": "stable",
        "state": "started",
        "update_available": False,
        "url": None,
        "version": "0.1.0",
        "version_latest": "0.1.0",
    }


async def test_an_app_that_is_gone_leaves_the_entry_with_an_issue(
    linked: LinkedWorld, apps: list[str]
):
    entry = linked.entry(source="hassio", data={"app_slug": SLUG})
    await linked.set_up(entry)
    await linked.server.stop()
    await linked.wait(minutes=5)
    assert issues(linked) == {}

    apps[:] = ["core_ssh"]
    await linked.wait(minutes=5)

    assert {*issues(linked).values()} == {"app_uninstalled"}
    assert entry in linked.hass.config_entries.async_entries("energy_logger")

    apps[:] = [SLUG]
    await linked.server.start()
    await linked.server.collect()
    await linked.wait(minutes=5)
    assert issues(linked) == {}
    assert linked.state(SIZE) != "unavailable"


async def test_an_app_that_is_gone_at_the_start_is_told_as_well(
    linked: LinkedWorld, apps: list[str]
):
    apps[:] = ["core_ssh"]
    await linked.server.stop()
    entry = linked.entry(data={"app_slug": SLUG})

    await linked.set_up(entry)

    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert {*issues(linked).values()} == {"app_uninstalled"}


async def test_a_supervisor_that_does_not_answer_is_no_reason_for_an_issue(
    linked: LinkedWorld, apps: list[str]
):
    apps.clear()
    await linked.server.stop()

    await linked.set_up(linked.entry(data={"app_slug": SLUG}))

    assert issues(linked) == {}


@pytest.mark.parametrize(
    "data", [{}, {"app_slug": SLUG}], ids=["no app", "no Supervisor"]
)
async def test_without_an_app_or_a_supervisor_nobody_is_asked(
    linked: LinkedWorld, data: dict[str, str]
):
    await linked.server.stop()

    await linked.set_up(linked.entry(data=data))

    assert issues(linked) == {}


async def test_an_area_that_kamo_no_longer_has_is_left_alone_by_the_rest(
    linked: LinkedWorld,
):
    await linked.set_up(linked.entry(options={"areas": [OZARK, 99], "substations": []}))

    assert linked.state(OZARK_LOAD) != "unavailable"


async def test_what_the_server_says_of_its_return_is_heeded(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    area = entry.runtime_data.areas[OZARK]
    for _tick in range(2):
        await linked.wait(minutes=5)
    assert area.next_at == LATE + timedelta(minutes=10, seconds=25)

    # stale, and nothing will be collected for five minutes
    await linked.wait(minutes=5)

    assert linked.state(OZARK_LOAD) == "unavailable"
    assert area.next_at == LATE + timedelta(minutes=20, seconds=25)
    await linked.utilities.set_clock(LATE + timedelta(minutes=20, seconds=10))
    await linked.server.collect()
    await linked.move_to(LATE + timedelta(minutes=20, seconds=27))
    assert float(linked.state(OZARK_LOAD)) > 0


async def test_substations_that_the_server_does_not_collect_are_told(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await linked.server.restart(KAMO_SUBSTATION_AREAS="2")
    await linked.server.collect()
    entry = linked.entry(options={"areas": [OZARK], "substations": [OZARK]})
    await linked.set_up(entry)

    assert float(linked.state(OZARK_LOAD)) > 0
    assert {*issues(linked).values()} == {"substations_not_collected"}
    (issue,) = ir.async_get(linked.hass).issues.values()
    assert issue.translation_placeholders == {
        "entry": "Energy Logger",
        "areas": "Ozark Electric Cooperative",
    }
    (warning,) = warnings(caplog)
    assert warning.startswith("Error fetching Ozark Electric Cooperative substations")

    await linked.server.restart()
    await linked.utilities.set_clock(LATE + timedelta(minutes=5))
    await linked.server.collect()
    await linked.wait(minutes=5)

    assert issues(linked) == {}
    assert float(linked.state(OZARK_LOAD)) > 0
