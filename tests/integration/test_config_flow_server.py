"""Setting up the server's entry, by hand and as the Supervisor tells."""

from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import (
    SOURCE_HASSIO,
    SOURCE_IGNORE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from custom_components.energy_logger.flows.validate_server import address_of
from tests.integration.linked import KEY, LAKE, LATE, OZARK, LinkedWorld

SLUG = "1a2b3c4d_energy_logger"
NEW_KEY = "another-key-of-the-server"
NOWHERE = "http://127.0.0.1:9"


async def begin(world: LinkedWorld) -> dict[str, Any]:
    """Return the form that asks for the server."""
    flows = world.hass.config_entries.flow
    menu = await flows.async_init("energy_logger", context={"source": SOURCE_USER})
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["server", "amber", "kamo"]
    return dict(
        await flows.async_configure(menu["flow_id"], {"next_step_id": "server"})
    )


async def answer(world: LinkedWorld, form: Any, **fields: Any) -> dict[str, Any]:
    """Fill in a form."""
    return dict(
        await world.hass.config_entries.flow.async_configure(form["flow_id"], fields)
    )


async def discover(
    world: LinkedWorld, url: str | None = None, key: str = KEY, slug: str = SLUG
) -> dict[str, Any]:
    """Tell of the app as the Supervisor does."""
    host, _, port = (url or world.server.url).removeprefix("http://").partition(":")
    discovery = HassioServiceInfo(
        config={"host": host, "port": int(port), "api_key": key, "addon": "Energy"},
        name="Energy Logger",
        slug=slug,
        uuid=uuid4().hex,
    )
    flow = await world.hass.config_entries.flow.async_init(
        "energy_logger", context={"source": SOURCE_HASSIO}, data=discovery
    )
    await world.settle()
    return dict(flow)


async def test_a_server_is_set_up_with_the_areas_that_are_chosen(linked: LinkedWorld):
    form = await begin(linked)
    assert form["step_id"] == "server"
    form = await answer(linked, form, url=f"{linked.server.url}/", api_key=f" {KEY} ")
    assert form["step_id"] == "server_show"

    made = await answer(linked, form, areas=["2"], substations=["1"])
    await linked.settle()

    assert made["type"] is FlowResultType.CREATE_ENTRY
    entry = made["result"]
    assert entry.title == "Energy Logger"
    assert entry.unique_id == await linked.server.instance_id()
    data = {key: value for key, value in entry.data.items() if key != "listed"}
    assert data == {
        "connection": "server",
        "url": linked.server.url,
        "api_key": KEY,
    }
    # whoever wants substations wants their area
    assert entry.options == {"areas": [OZARK, LAKE], "substations": [OZARK]}
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("{}/", "{}"),
        ("{}//", '"{}"'),
        ("{}//?from=mail", "Bearer {}"),
        (" {} ", "\u201c{}\u201d"),
    ],
)
async def test_address_and_key_are_understood_as_they_are_pasted(
    linked: LinkedWorld, address: str, key: str
):
    fields = {"url": address.format(linked.server.url), "api_key": key.format(KEY)}

    form = await answer(linked, await begin(linked), **fields)
    made = await answer(linked, form, areas=[], substations=[])

    assert made["data"]["url"] == linked.server.url
    assert made["data"]["api_key"] == KEY


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://server:8080//energy//", "http://server:8080/energy"),
        ("https://server/a%2Fb//c/", "https://server/a%2Fb/c"),
        ("server:8080//", "http://server:8080"),
    ],
)
def test_an_address_is_kept_without_doubled_or_trailing_slashes(
    text: str, address: str
):
    assert address_of(text) == address


async def test_areas_are_offered_and_sums_have_no_substations(linked: LinkedWorld):
    form = await answer(linked, await begin(linked), url=linked.server.url, api_key=KEY)

    offered = {
        str(name): {one["value"] for one in field.config["options"]}
        for name, field in form["data_schema"].schema.items()
    }
    assert offered["areas"] == {str(number) for number in range(1, 21)}
    assert offered["substations"] == {str(number) for number in range(1, 18)}


async def test_a_server_without_kamo_leaves_nothing_to_choose(linked: LinkedWorld):
    await linked.server.reset(LATE)

    made = await answer(linked, await begin(linked), url=linked.server.url, api_key=KEY)

    assert made["type"] is FlowResultType.CREATE_ENTRY
    assert made["options"] == {"areas": [], "substations": []}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"url": "ftp://server"}, "invalid_url"),
        ({"url": "http://"}, "invalid_url"),
        ({"url": "http://[::1"}, "invalid_url"),
        ({"url": "http://name:password@server"}, "invalid_url"),
        ({"url": NOWHERE}, "server_unreachable"),
        ({"api_key": "not the key"}, "server_refused"),
        ({"api_key": "not\na key"}, "server_refused"),
        ({"api_key": " "}, "server_refused"),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_put_right(
    linked: LinkedWorld, fields: dict[str, str], error: str
):
    right = {"url": linked.server.url, "api_key": KEY}
    form = await answer(linked, await begin(linked), **{**right, **fields})
    assert form["errors"] == {"base": error}

    form = await answer(linked, form, **right)

    assert form["step_id"] == "server_show"


async def test_the_scheme_may_be_left_out(linked: LinkedWorld):
    form = await answer(
        linked,
        await begin(linked),
        url=linked.server.url.removeprefix("http://"),
        api_key=KEY,
    )
    made = await answer(linked, form)

    assert made["data"]["url"] == linked.server.url


async def test_the_key_is_not_shown_again(linked: LinkedWorld):
    form = await answer(linked, await begin(linked), url=NOWHERE, api_key=KEY)

    shown = {
        str(name): (name.description or {}).get("suggested_value")
        for name in form["data_schema"].schema
    }
    assert shown == {"url": NOWHERE, "api_key": None}


@pytest.mark.parametrize(
    ("version", "error"),
    [("0.0.1", "server_too_old"), ("3.1.4", "server_too_new")],
)
async def test_a_version_that_does_not_fit_is_said(
    linked: LinkedWorld, version: str, error: str
):
    await linked.server.be_version(version)
    right = {"url": linked.server.url, "api_key": KEY}
    form = await answer(linked, await begin(linked), **right)
    assert form["errors"] == {"base": error}

    await linked.server.be_version("0.1.0")
    form = await answer(linked, form, **right)

    assert form["step_id"] == "server_show"


async def test_too_many_wrong_keys_must_wait(linked: LinkedWorld):
    form = await begin(linked)
    for _guess in range(5):
        form = await answer(linked, form, url=linked.server.url, api_key="a guess")
    assert form["errors"] == {"base": "server_refused"}

    form = await answer(linked, form, url=linked.server.url, api_key=KEY)
    assert form["errors"] == {"base": "server_rate_limited"}

    await linked.wait(minutes=1)
    form = await answer(linked, form, url=linked.server.url, api_key=KEY)
    assert form["step_id"] == "server_show"


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("/api/info", {"hello": "world"}, "not_our_server"),
        ("/api/info", [], "not_our_server"),
        ("/elsewhere", {}, "not_our_server"),
        (
            "/api/info",
            {"version": "0.1.0", "schema_version": "1", "instance_id": "x"},
            "server_unreachable",
        ),
    ],
)
async def test_something_else_at_the_address_is_no_server(
    linked: LinkedWorld, path: str, body: Any, error: str
):
    async def tell(_request: web.Request) -> web.Response:
        return web.json_response(body)

    app = web.Application()
    app.add_routes([web.get(path, tell)])
    async with TestServer(app) as other:
        form = await answer(
            linked,
            await begin(linked),
            url=f"http://127.0.0.1:{other.port}",
            api_key=KEY,
        )

    assert form["errors"] == {"base": error}


async def test_the_same_server_is_not_set_up_twice(linked: LinkedWorld):
    linked.entry(unique_id=await linked.server.instance_id()).add_to_hass(linked.hass)

    form = await answer(linked, await begin(linked), url=linked.server.url, api_key=KEY)

    assert form["type"] is FlowResultType.ABORT
    assert form["reason"] == "already_configured"


async def test_an_app_is_set_up_by_one_click(linked: LinkedWorld):
    form = await discover(linked)
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "hassio_confirm"
    (flow,) = linked.hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": "Energy Logger"}

    made = await answer(linked, form)
    await linked.settle()

    assert made["type"] is FlowResultType.CREATE_ENTRY
    entry = made["result"]
    assert entry.unique_id == await linked.server.instance_id()
    data = {key: value for key, value in entry.data.items() if key != "listed"}
    assert data == {
        "connection": "server",
        "url": linked.server.url,
        "api_key": KEY,
        "app_slug": SLUG,
    }
    assert entry.state is ConfigEntryState.LOADED
    assert linked.state("sensor.amber_jemena_general_price") != "unavailable"


async def test_an_app_that_has_collected_nothing_asks_for_consent_alone(
    linked: LinkedWorld,
):
    await linked.server.reset(LATE)

    form = await discover(linked)

    assert form["data_schema"].schema == {}
    (flow,) = linked.hass.config_entries.flow.async_progress()
    # a flag that nobody reads, and that 2026.11 no longer lets anybody set
    assert "confirm_only" not in flow["context"]
    done = await answer(linked, form)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_an_app_is_found_once(linked: LinkedWorld):
    await discover(linked)

    again = await discover(linked)

    assert again["reason"] == "already_in_progress"


@pytest.mark.parametrize("state", ["loaded", "retrying", "refused"])
async def test_a_known_app_that_moved_or_has_another_key_is_followed(
    linked: LinkedWorld, state: str
):
    changes = {"loaded": {}, "retrying": {"url": NOWHERE}, "refused": {"api_key": "x"}}
    entry = linked.entry(
        unique_id=await linked.server.instance_id(),
        data=changes[state],
        source=SOURCE_HASSIO,
    )
    await linked.set_up(entry)
    await linked.server.rotate_key(NEW_KEY)

    done = await discover(linked, key=NEW_KEY)

    assert done["reason"] == "already_configured"
    assert entry.data["url"] == linked.server.url
    assert entry.data["api_key"] == NEW_KEY
    assert entry.data["app_slug"] == SLUG
    assert entry.state is ConfigEntryState.LOADED
    assert linked.hass.config_entries.flow.async_progress() == []


async def test_a_known_app_with_nothing_new_is_left_alone(linked: LinkedWorld):
    entry = linked.entry(
        unique_id=await linked.server.instance_id(), data={"app_slug": SLUG}
    )
    await linked.set_up(entry)
    await linked.server.forget_requests()

    done = await discover(linked)

    assert done["reason"] == "already_configured"
    # the trial of address and key
    assert len(await linked.server.requests()) == 3


async def test_a_known_app_is_followed_before_it_answers(linked: LinkedWorld):
    entry = linked.entry(data={"app_slug": SLUG, "url": NOWHERE})
    await linked.set_up(entry)
    await linked.server.stop()

    done = await discover(linked, key=NEW_KEY)

    assert done["reason"] == "already_configured"
    assert entry.data["url"] == linked.server.url
    assert entry.data["api_key"] == NEW_KEY


async def test_an_app_with_a_new_store_keeps_its_entry(linked: LinkedWorld):
    entry = linked.entry(data={"app_slug": SLUG})
    await linked.set_up(entry)

    done = await discover(linked)

    assert done["reason"] == "already_configured"
    assert entry.unique_id == await linked.server.instance_id()
    assert entry.state is ConfigEntryState.LOADED


async def test_an_ignored_app_stays_ignored(linked: LinkedWorld):
    entry = linked.entry(
        unique_id=await linked.server.instance_id(), source=SOURCE_IGNORE, data={}
    )
    entry.add_to_hass(linked.hass)
    before = dict(entry.data)
    await linked.server.rotate_key(NEW_KEY)

    done = await discover(linked, key=NEW_KEY)

    assert done["reason"] == "already_configured"
    assert dict(entry.data) == before


async def test_a_disabled_entry_learns_but_stays_disabled(linked: LinkedWorld):
    entry = linked.entry(
        unique_id=await linked.server.instance_id(),
        disabled_by=ConfigEntryDisabler.USER,
    )
    entry.add_to_hass(linked.hass)
    await linked.server.rotate_key(NEW_KEY)

    await discover(linked, key=NEW_KEY)

    assert entry.data["api_key"] == NEW_KEY
    assert entry.state is ConfigEntryState.NOT_LOADED


async def test_an_unknown_app_that_does_not_answer_is_not_offered(linked: LinkedWorld):
    await linked.server.stop()

    done = await discover(linked)

    assert done["reason"] == "server_unreachable"


async def test_another_key_is_taken_when_it_works(linked: LinkedWorld):
    entry = linked.entry(unique_id=await linked.server.instance_id())
    await linked.set_up(entry)
    await linked.server.rotate_key(NEW_KEY)
    form = dict(await entry.start_reauth_flow(linked.hass))
    assert form["step_id"] == "reauth_server"
    form = await answer(linked, form, api_key="still not the key")
    assert form["errors"] == {"base": "server_refused"}

    done = await answer(linked, form, api_key=NEW_KEY)
    await linked.settle()

    assert done["reason"] == "reauth_successful"
    assert entry.data["api_key"] == NEW_KEY
    assert entry.state is ConfigEntryState.LOADED


async def test_the_address_can_be_changed(linked: LinkedWorld):
    entry = linked.entry(
        unique_id=await linked.server.instance_id(), data={"url": NOWHERE}
    )
    await linked.set_up(entry)
    form = dict(await entry.start_reconfigure_flow(linked.hass))
    assert form["step_id"] == "reconfigure_server"
    form = await answer(linked, form, url=NOWHERE, api_key=KEY)
    assert form["errors"] == {"base": "server_unreachable"}

    done = await answer(linked, form, url=linked.server.url, api_key=KEY)
    await linked.settle()

    assert done["reason"] == "reconfigure_successful"
    assert entry.data["url"] == linked.server.url
    assert entry.state is ConfigEntryState.LOADED


async def test_another_server_is_not_taken_for_this_one(linked: LinkedWorld):
    entry = linked.entry(unique_id="of another store")
    await linked.set_up(entry)
    form = await entry.start_reconfigure_flow(linked.hass)

    done = await answer(linked, form, url=linked.server.url, api_key=KEY)

    assert done["reason"] == "other_server"


SHOW = {"next_step_id": "server_show"}


async def test_options_change_what_is_shown(linked: LinkedWorld):
    entry = linked.entry(options={"areas": [LAKE], "substations": []})
    await linked.set_up(entry)
    options = linked.hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["server_show", "charges"]
    form = await options.async_configure(menu["flow_id"], SHOW)
    assert form["step_id"] == "server_show"
    assert form["data_schema"] is not None
    shown = {
        str(name): name.description["suggested_value"]
        for name in form["data_schema"].schema
    }
    assert shown == {"areas": ["2"], "substations": []}

    await options.async_configure(form["flow_id"], {"areas": ["1"], "substations": []})
    await linked.settle()

    assert entry.options == {"areas": [OZARK], "substations": []}
    assert linked.state("sensor.ozark_electric_cooperative_load") != "unavailable"


async def test_options_need_the_server(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    await linked.server.stop()
    options = linked.hass.config_entries.options
    menu = await options.async_init(entry.entry_id)

    done = await options.async_configure(menu["flow_id"], SHOW)

    assert done["reason"] == "server_unreachable"


async def test_options_need_areas(linked: LinkedWorld):
    await linked.server.reset(LATE)
    entry = linked.entry()
    await linked.set_up(entry)

    done = await linked.hass.config_entries.options.async_init(entry.entry_id)

    assert done["reason"] == "no_area"
