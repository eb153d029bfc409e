"""Setting up what asks a utility itself: each error, and success after it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.energy_logger.api import endpoints
from tests.integration.conftest import ROOT, TOKEN, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry
from tests.integration.forms import TOKEN_FORM, offered, proceed
from tests.integration.observed import asked

DOMAIN = "energy_logger"
AMBER, KAMO = {"next_step_id": "amber"}, {"next_step_id": "kamo"}
OTHER_TOKEN = "psk_" + "fedcba9876543210" * 2
AREAS = 20

ERRORS = json.loads(
    (ROOT / "custom_components/energy_logger/translations/en.json").read_text()
)["config"]["error"]

FAULTS = {
    "500": "unreachable",
    "502": "unreachable",
    "429": "rate_limited",
    "403": "refused",
    "html200": "unreadable",
    "null": "unreadable",
}
STATUSES = {404: "missing", 422: "range_too_large", 400: "rejected"}


async def start(world: World, choice: dict[str, str]) -> ConfigFlowResult:
    """Choose from the menu."""
    menu = await world.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": "user"}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["server", "amber", "kamo"]
    return await proceed(world, menu, choice)


def problem(form: ConfigFlowResult) -> str:
    """Return the error that a form shows; there must be words for it."""
    assert form["type"] is FlowResultType.FORM
    assert form["errors"] is not None
    assert ERRORS[form["errors"]["base"]]
    return form["errors"]["base"]


@asynccontextmanager
async def answering(status: int) -> AsyncIterator[str]:
    """Give the address of a utility that answers everything by one status."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.add_routes([web.get("/{any:.*}", answer)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def close_sites(world: World, *positions: int) -> None:
    """Let Amber tell from now on that sites are closed, all of them without any."""
    sites = await world.utilities.amber("/sites")
    owners = [sites[position]["id"] for position in positions]
    for owner in owners or [None]:
        await world.utilities.break_down(
            "closed_site", endpoint="amber.sites", owner=owner, count=None
        )


async def test_a_site_is_chosen_and_set_up(world: World):
    sites = await world.utilities.amber("/sites")
    form = await start(world, AMBER)
    assert (form["step_id"], form["errors"]) == ("amber", {})

    form = await proceed(world, form, {"api_token": f" {TOKEN}\n"})
    assert form["step_id"] == "site"
    # of the meter's number only as much as tells sites apart
    assert offered(form, "site_id") == {
        sites[0]["id"]: "Amber Ausgrid …0001",
        sites[1]["id"]: "Amber Jemena …0002",
    }
    done = await proceed(world, form, {"site_id": sites[1]["id"]})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Amber Jemena"
    assert done["data"] == {
        "connection": "amber",
        "api_token": TOKEN,
        "site_id": sites[1]["id"],
    }
    entry = done["result"]
    assert entry.unique_id == f"amber_{sites[1]['id']}"
    assert entry.state is ConfigEntryState.LOADED
    assert entry.supports_options
    assert float(world.state("sensor.amber_jemena_general_price")) > 0


@pytest.mark.parametrize(
    "pasted", [f"Bearer {TOKEN}", f'"{TOKEN}"', f" '{TOKEN}'\n", f"bearer  `{TOKEN}`"]
)
async def test_a_token_is_understood_as_it_is_pasted(world: World, pasted: str):
    await close_sites(world, 0)

    done = await proceed(world, await start(world, AMBER), {"api_token": pasted})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"]["api_token"] == TOKEN


async def test_the_only_active_site_is_taken(world: World):
    sites = await world.utilities.amber("/sites")
    await close_sites(world, 0)

    done = await proceed(world, await start(world, AMBER), TOKEN_FORM)

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"]["site_id"] == sites[1]["id"]


async def test_a_site_that_is_set_up_is_not_offered(world: World):
    sites = await world.utilities.amber("/sites")
    await world.set_up(await amber_entry(world))

    done = await proceed(world, await start(world, AMBER), TOKEN_FORM)
    assert done["data"]["site_id"] == sites[1]["id"]
    again = await proceed(world, await start(world, AMBER), TOKEN_FORM)

    assert again["type"] is FlowResultType.ABORT
    assert again["reason"] == "already_configured"


async def test_a_site_that_was_set_up_meanwhile_is_not_set_up_twice(world: World):
    form = await proceed(world, await start(world, AMBER), TOKEN_FORM)
    entry = await amber_entry(world)
    await world.set_up(entry)

    done = await proceed(world, form, {"site_id": entry.data["site_id"]})

    assert (done["type"], done["reason"]) == (
        FlowResultType.ABORT,
        "already_configured",
    )


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
async def test_what_hinders_amber_is_told_and_can_be_tried_again(
    world: World, fault: str, error: str
):
    form = await start(world, AMBER)
    await world.utilities.break_down(
        fault, endpoint="amber.sites", options={"retry_after": 1, "headers": False}
    )

    form = await proceed(world, form, TOKEN_FORM)
    assert problem(form) == f"amber_{error}"
    await world.wait(minutes=5)
    form = await proceed(world, form, TOKEN_FORM)

    await finish(world, form)


@pytest.mark.parametrize(("status", "error"), STATUSES.items())
async def test_an_address_that_is_not_ambers_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, status: int, error: str
):
    form = await start(world, AMBER)
    async with answering(status) as url:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(endpoints, "AMBER_BASE_URL", url)
            form = await proceed(world, form, TOKEN_FORM)
    assert problem(form) == f"amber_{error}"

    await finish(world, await proceed(world, form, TOKEN_FORM))


@pytest.mark.parametrize("token", [OTHER_TOKEN, "", "päss"])
async def test_a_wrong_token_is_told(world: World, token: str):
    form = await proceed(world, await start(world, AMBER), {"api_token": token})
    assert problem(form) == "amber_refused"

    await finish(world, await proceed(world, form, TOKEN_FORM))


async def test_an_account_without_an_active_site_is_told(world: World):
    await close_sites(world)
    form = await proceed(world, await start(world, AMBER), TOKEN_FORM)
    assert problem(form) == "no_active_site"
    await world.utilities.mend()

    await finish(world, await proceed(world, form, TOKEN_FORM))


async def finish(world: World, form: ConfigFlowResult) -> None:
    """Choose the first site; it is set up."""
    done = await proceed(world, form, {"site_id": min(offered(form, "site_id"))})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["result"].state is ConfigEntryState.LOADED


async def test_an_area_is_chosen_and_set_up(world: World):
    form = await start(world, KAMO)
    assert (form["step_id"], form["errors"]) == ("kamo", None)
    choices = offered(form, "area_id")
    assert len(choices) == AREAS
    assert choices["3"] == "Barry Electric Cooperative"
    assert choices["18"] == "KAMO MO. Region"

    done = await proceed(world, form, {"area_id": "3", "substations": True})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Barry Electric Cooperative"
    assert done["data"] == {"connection": "kamo", "area_id": 3}
    assert done["options"] == {"substations": True}
    entry = done["result"]
    assert entry.unique_id == "kamo_3"
    assert entry.supports_options
    assert len(await asked(world, "kamo.area")) == 2
    jenkins = "sensor.barry_electric_cooperative_jenkins_power"
    assert float(world.state(jenkins)) > 0


async def test_a_sum_of_areas_gets_no_substations(world: World):
    form = await start(world, KAMO)

    done = await proceed(world, form, {"area_id": "20", "substations": True})

    assert done["title"] == "KAMO"
    assert done["options"] == {"substations": False}
    assert not done["result"].supports_options


async def test_an_area_that_is_set_up_is_not_offered(world: World):
    await world.set_up(kamo_entry(3))

    form = await start(world, KAMO)

    assert len(offered(form, "area_id")) == AREAS - 1
    with pytest.raises(InvalidData):
        await proceed(world, form, {"area_id": "3", "substations": False})
    done = await proceed(world, form, {"area_id": "4", "substations": False})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_an_area_that_was_set_up_meanwhile_is_not_set_up_twice(world: World):
    form = await start(world, KAMO)
    await world.set_up(kamo_entry(3))

    done = await proceed(world, form, {"area_id": "3", "substations": False})

    assert done["reason"] == "already_configured"


async def test_when_all_areas_are_set_up_there_is_nothing_to_choose(world: World):
    for area_id in range(1, AREAS + 1):
        kamo_entry(area_id).add_to_hass(world.hass)

    done = await start(world, KAMO)

    assert done["reason"] == "already_configured"


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
async def test_what_hinders_kamo_is_told_and_can_be_tried_again(
    world: World, fault: str, error: str
):
    await world.utilities.break_down(fault, endpoint="kamo.area")

    form = await start(world, KAMO)
    assert problem(form) == f"kamo_{error}"
    form = await proceed(world, form, {})

    done = await proceed(world, form, {"area_id": "3", "substations": False})
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(("status", "error"), STATUSES.items())
async def test_an_address_that_is_not_kamos_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, status: int, error: str
):
    async with answering(status) as url:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(endpoints, "KAMO_BASE_URL", url)
            form = await start(world, KAMO)
    assert problem(form) == f"kamo_{error}"

    form = await proceed(world, form, {})

    done = await proceed(world, form, {"area_id": "3", "substations": False})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_a_list_without_areas_is_told(world: World):
    await world.utilities.break_down(
        "empty_list",
        endpoint="kamo.area",
    )

    form = await start(world, KAMO)
    assert problem(form) == "no_area"
    form = await proceed(world, form, {})

    assert len(offered(form, "area_id")) == AREAS


async def reauth(world: World) -> ConfigFlowResult:
    """Set up a site whose token is then refused; return the form that asks."""
    entry = await amber_entry(world)
    await world.set_up(entry)
    await world.utilities.break_down("403", count=None)
    await world.wait(minutes=5)
    await world.wait(minutes=3)
    await world.utilities.mend()
    (flow,) = world.hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
    return flow


async def reconfigure(world: World) -> ConfigFlowResult:
    """Set up a site; return the form that asks for another token."""
    entry = await amber_entry(world)
    await world.set_up(entry)
    form: ConfigFlowResult = await entry.start_reconfigure_flow(world.hass)
    assert form["step_id"] == "reconfigure"
    return form


def entry_of(world: World) -> Any:
    (entry,) = world.hass.config_entries.async_entries(DOMAIN)
    return entry


each_question = pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (reauth, "reauth_successful"),
        (reconfigure, "reconfigure_successful"),
    ],
    ids=["reauth", "reconfigure"],
)

type Ask = Callable[[World], Any]


@each_question
async def test_another_token_is_taken_after_each_error(
    world: World, ask: Ask, reason: str
):
    form = await ask(world)
    stale = {**entry_of(world).data, "api_token": OTHER_TOKEN}
    world.hass.config_entries.async_update_entry(entry_of(world), data=stale)

    form = await proceed(world, form, {"api_token": OTHER_TOKEN})
    assert problem(form) == "amber_refused"
    await world.utilities.break_down("500", endpoint="amber.sites")
    form = await proceed(world, form, TOKEN_FORM)
    assert problem(form) == "amber_unreachable"
    done = await proceed(world, form, {"api_token": f"{TOKEN} "})

    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, reason)
    entry = entry_of(world)
    assert entry.data == {**stale, "api_token": TOKEN}
    assert entry.state is ConfigEntryState.LOADED
    assert float(world.state("sensor.amber_ausgrid_general_price")) > 0
    assert world.hass.config_entries.flow.async_progress() == []


@each_question
async def test_a_token_of_another_account_is_not_taken(
    world: World, ask: Ask, reason: str
):
    form = await ask(world)
    await world.utilities.break_down(
        "site_vanishes", endpoint="amber.sites", owner=entry_of(world).data["site_id"]
    )

    form = await proceed(world, form, TOKEN_FORM)
    assert problem(form) == "other_account"
    done = await proceed(world, form, TOKEN_FORM)

    assert done["reason"] == reason


@each_question
async def test_a_site_that_has_closed_may_get_another_token(
    world: World, ask: Ask, reason: str
):
    form = await ask(world)
    await close_sites(world)

    done = await proceed(world, form, TOKEN_FORM)

    assert done["reason"] == reason


async def test_kamo_has_nothing_to_reconfigure(world: World):
    entry = kamo_entry()
    await world.set_up(entry)

    done = await entry.start_reconfigure_flow(world.hass)

    assert done["reason"] == "nothing_to_reconfigure"


async def test_substations_are_an_option_of_an_area(world: World):
    entry = kamo_entry(3)
    await world.set_up(entry)
    options = world.hass.config_entries.options
    jenkins = "sensor.barry_electric_cooperative_jenkins_power"
    assert world.hass.states.get(jenkins) is None

    form = await options.async_init(entry.entry_id)
    assert form["step_id"] == "init"
    await options.async_configure(form["flow_id"], {"substations": True})
    await world.settle()

    assert entry.options == {"substations": True}
    assert float(world.state(jenkins)) > 0
    form = await options.async_init(entry.entry_id)
    schema = form["data_schema"]
    assert schema is not None
    assert schema({}) == {"substations": True}


async def test_a_second_site_of_an_account_is_set_up_like_the_first(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))

    done = await proceed(world, await start(world, AMBER), TOKEN_FORM)

    assert done["title"] == "Amber Ausgrid"
    assert len(world.hass.config_entries.async_entries(DOMAIN)) == 2
