"""Changing what an entry shows."""

from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_URL
from homeassistant.helpers.selector import BooleanSelector

from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.const import CONF_SUBSTATIONS
from custom_components.energy_logger.coordinator.server import answer_or_none
from custom_components.energy_logger.entries.linked import linked_kamo

from .area_fields import area_fields, area_options


class AreaOptionsFlow(OptionsFlowWithReload):
    """Asks whether the substations are wanted."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        wanted: bool = self.config_entry.options.get(CONF_SUBSTATIONS, False)
        return self.async_show_form(
            step_id="init",
            data_schema=vol.Schema(
                {vol.Required(CONF_SUBSTATIONS, default=wanted): BooleanSelector()}
            ),
        )


class ServerOptionsFlow(OptionsFlowWithReload):
    """Asks which areas of a server are wanted, and of which the substations."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask, with the areas that the server has."""
        return await self.async_step_server_show(user_input)

    async def async_step_server_show(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask, with the areas that the server has."""
        if user_input is not None:
            return self.async_create_entry(data=area_options(user_input))
        try:
            kamo = linked_kamo(self.hass, self.config_entry.data[CONF_URL])
            answer = await answer_or_none(kamo.fetch_areas())
        except SourceError:
            return self.async_abort(reason="server_unreachable")
        areas = () if answer is None else answer.records
        if not areas:
            return self.async_abort(reason="no_area")
        return self.async_show_form(
            step_id="server_show",
            data_schema=area_fields(areas, self.config_entry.options),
        )
