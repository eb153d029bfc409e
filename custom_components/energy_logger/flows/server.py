"""Setting up a server: by hand or as the Supervisor says, with a key, and areas."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, override

import probatio as vol
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_HOST, CONF_PORT, CONF_URL
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from custom_components.energy_logger.api.key_text import clean_key
from custom_components.energy_logger.const import (
    CONF_APP_SLUG,
    CONF_CONNECTION,
    CONF_LISTED,
    Connection,
)

from .area_fields import area_fields, area_options
from .validate_server import FoundServer, address_of, try_server

if TYPE_CHECKING:
    from custom_components.energy_logger.api.kamo_models import Area

_KEY = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_KEY_FORM = vol.Schema({vol.Required(CONF_API_KEY): _KEY})
_SERVER_FORM = vol.Schema(
    {
        vol.Required(CONF_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        vol.Required(CONF_API_KEY): _KEY,
    }
)


class ServerSteps(ConfigFlow):
    """The steps of a linked entry."""

    def __init__(self) -> None:
        self._server_data: dict[str, Any] = {}
        self._server_areas: tuple[Area, ...] = ()

    async def async_step_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for address and key."""
        errors: dict[str, str] = {}
        if user_input is not None:
            server = await self._try(user_input[CONF_URL], user_input[CONF_API_KEY])
            if isinstance(server, FoundServer):
                await self.async_set_unique_id(
                    server.instance_id, raise_on_progress=False
                )
                self._abort_if_unique_id_configured()
                return await self.async_step_server_show()
            errors["base"] = server
        return self.async_show_form(
            step_id="server",
            data_schema=self.add_suggested_values_to_schema(
                _SERVER_FORM, _without_key(user_input)
            ),
            errors=errors,
        )

    async def async_step_server_show(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to show of KAMO; a server without it leaves nothing to ask."""
        if user_input is None and self._server_areas:
            return self._show_areas("server_show")
        return self._create(user_input or {})

    @override
    async def async_step_hassio(
        self, discovery_info: HassioServiceInfo
    ) -> ConfigFlowResult:
        """Take what the app announces: set it up, or learn its new address and key."""
        config = discovery_info.config
        data = {
            CONF_URL: f"http://{config[CONF_HOST]}:{config[CONF_PORT]}",
            CONF_API_KEY: config[CONF_API_KEY],
            CONF_APP_SLUG: discovery_info.slug,
        }
        server = await self._try(data[CONF_URL], data[CONF_API_KEY])
        known = self._entry_of_app(discovery_info.slug)
        if isinstance(server, FoundServer):
            # an app that was installed anew may have another store
            known = await self.async_set_unique_id(server.instance_id) or known
        if known is not None:
            self._renew(known, data)
            return self.async_abort(reason="already_configured")
        if not isinstance(server, FoundServer):
            return self.async_abort(reason=server)
        self._server_data = data
        self.context["title_placeholders"] = {"name": discovery_info.name}
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to set the app's server up, and what to show of KAMO."""
        if user_input is not None:
            return self._create(user_input)
        return self._show_areas("hassio_confirm")

    async def async_step_reauth_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another key: the server has refused the one that was given."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            server = await self._try(entry.data[CONF_URL], user_input[CONF_API_KEY])
            if isinstance(server, FoundServer):
                return await self._update(entry, server)
            errors["base"] = server
        return self.async_show_form(
            step_id="reauth_server", data_schema=_KEY_FORM, errors=errors
        )

    async def async_step_reconfigure_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another address or key of the same server."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            server = await self._try(user_input[CONF_URL], user_input[CONF_API_KEY])
            if isinstance(server, FoundServer):
                return await self._update(entry, server)
            errors["base"] = server
        return self.async_show_form(
            step_id="reconfigure_server",
            data_schema=self.add_suggested_values_to_schema(
                _SERVER_FORM, _without_key(user_input or entry.data)
            ),
            errors=errors,
        )

    async def _try(self, url: str, key: str) -> FoundServer | str:
        """Return what answers at an address, or what hinders it."""
        address = address_of(url)
        if address is None:
            return "invalid_url"
        key = clean_key(key)
        server = await try_server(self.hass, address, key)
        if isinstance(server, FoundServer):
            self._server_areas = server.areas
            self._server_data = {CONF_URL: address, CONF_API_KEY: key}
        return server

    async def _update(
        self, entry: ConfigEntry, server: FoundServer
    ) -> ConfigFlowResult:
        await self.async_set_unique_id(server.instance_id)
        self._abort_if_unique_id_mismatch(reason="other_server")
        return self.async_update_reload_and_abort(entry, data_updates=self._server_data)

    def _entry_of_app(self, slug: str) -> ConfigEntry | None:
        """Return the entry of an app, which may be discovered before it answers."""
        entries = self._async_current_entries(include_ignore=False)
        return next(
            (one for one in entries if one.data.get(CONF_APP_SLUG) == slug), None
        )

    def _renew(self, entry: ConfigEntry, data: Mapping[str, str]) -> None:
        """Give an entry the app's address and key, and try it again with them."""
        if entry.source == SOURCE_IGNORE:
            return
        is_new = self.hass.config_entries.async_update_entry(
            entry,
            data={**self._kept_data(entry), **data},
            unique_id=self.unique_id or entry.unique_id,
        )
        if entry.disabled_by is None and (
            is_new or entry.state is ConfigEntryState.SETUP_RETRY
        ):
            self.hass.config_entries.async_schedule_reload(entry.entry_id)

    def _kept_data(self, entry: ConfigEntry) -> dict[str, Any]:
        """Return an entry's data; another store's lists are not this one's."""
        is_same = self.unique_id in (None, entry.unique_id)
        return {
            key: value
            for key, value in entry.data.items()
            if is_same or key != CONF_LISTED
        }

    def _show_areas(self, step: str) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step, data_schema=area_fields(self._server_areas, {})
        )

    def _create(self, user_input: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(
            title="Energy Logger",
            data={CONF_CONNECTION: Connection.SERVER, **self._server_data},
            options=area_options(user_input),
        )


def _without_key(shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a form may show again."""
    return {CONF_URL: shown[CONF_URL]} if shown else {}
