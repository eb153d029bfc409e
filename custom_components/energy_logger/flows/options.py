"""Changing what an entry shows."""

from typing import Any

import probatio as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_URL
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.const import CONF_SUBSTATIONS
from custom_components.energy_logger.coordinator.server import fetch_or_none
from custom_components.energy_logger.entries.linked import linked_kamo
from custom_components.energy_logger.entries.moved_site import hand_over, linked_moves
from custom_components.energy_logger.sources.names import site_names

from .area_fields import area_fields, area_options

CONF_MOVE = "move"


class AreaOptionsFlow(OptionsFlowWithReload):
    """Asks whether the substations are wanted."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form, or keep what it was filled in with."""
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
        """Ask for areas, and before that whether to move house if one can."""
        if linked_moves(self.hass, self.config_entry):
            return self.async_show_menu(
                step_id="init", menu_options=["moved", "server_show"]
            )
        return await self.async_step_server_show(user_input)

    async def async_step_moved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which site goes on with the entities of a closed one."""
        entry = self.config_entry
        moves = linked_moves(self.hass, entry)
        if user_input is None or user_input[CONF_MOVE] not in moves:
            options = [
                SelectOptionDict(value=key, label=f"{_name(old)} → {_name(new)}")
                for key, (old, new) in moves.items()
            ]
            selector = SelectSelector(SelectSelectorConfig(options=options))
            return self.async_show_form(
                step_id="moved",
                data_schema=vol.Schema({vol.Required(CONF_MOVE): selector}),
            )
        old, new = moves[user_input[CONF_MOVE]]
        await self.hass.config_entries.async_unload(entry.entry_id)
        hand_over(self.hass, entry, old.id, new.id)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(reason="moved_successful")

    async def async_step_server_show(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask, with the areas that the server has."""
        if user_input is not None:
            return self.async_create_entry(data=area_options(user_input))
        try:
            kamo = linked_kamo(self.hass, self.config_entry.data[CONF_URL])
            answer = await fetch_or_none(kamo.fetch_areas())
        except SourceError:
            return self.async_abort(reason="server_unreachable")
        areas = () if answer is None else answer.records
        if not areas:
            return self.async_abort(reason="no_area")
        return self.async_show_form(
            step_id="server_show",
            data_schema=area_fields(areas, self.config_entry.options),
        )


def _name(site: Site) -> str:
    """Return how to tell a site from others without all of the meter's number."""
    return f"{site_names([site])[site.id]} …{site.nmi[-4:]}"
