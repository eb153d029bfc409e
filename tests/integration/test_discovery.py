"""From the server's own message to a working entry, by way of a Supervisor."""

from homeassistant.config_entries import (
    SOURCE_HASSIO,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from custom_components.energy_logger.const import DOMAIN
from tests.integration.forms import proceed
from tests.integration.linked import LinkedWorld
from tests.launch.supervisor import SLUG, TOKEN, Message, supervising

NEW_KEY = "another-key-of-the-server"


async def tell(world: LinkedWorld, message: Message) -> ConfigFlowResult:
    """Begin the flow that a message begins; Home Assistant fetches it itself."""
    return await world.hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_HASSIO},
        data=HassioServiceInfo(
            config={**message.config},
            name="Energy Logger",
            slug=SLUG,
            uuid=message.uuid,
        ),
    )


async def test_what_the_server_tells_sets_it_up_and_a_rotated_key_is_followed(
    linked: LinkedWorld,
):
    async with supervising() as supervisor:
        await linked.server.restart(
            SUPERVISOR_TOKEN=TOKEN, SUPERVISOR_URL=supervisor.url
        )
        message = await supervisor.pushed.get()
        form = await tell(linked, message)
        assert form["step_id"] == "hassio_confirm"

        made = await proceed(linked, form, {})

        assert made["type"] is FlowResultType.CREATE_ENTRY
        entry = made["result"]
        assert entry.state is ConfigEntryState.LOADED
        assert entry.data["url"] == linked.server.url
        assert entry.unique_id == message.config["instance_id"]
        assert linked.state("sensor.amber_jemena_general_price") != "unavailable"

        await linked.server.rotate_key(NEW_KEY)
        rotated = await supervisor.pushed.get()
        done = await tell(linked, rotated)
        await linked.settle()

    assert done["reason"] == "already_configured"
    assert rotated.uuid == message.uuid
    assert entry.data["api_key"] == NEW_KEY
    assert entry.state is ConfigEntryState.LOADED
    assert linked.state("sensor.amber_jemena_general_price") != "unavailable"
