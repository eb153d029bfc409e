"""Changing what an entry shows."""

from typing import TYPE_CHECKING, Any

import probatio as vol
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_URL
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)

from custom_components.energy_logger.api.amber_models import Site
from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.const import CONF_CHARGES, CONF_SUBSTATIONS
from custom_components.energy_logger.coordinator.server import fetch_or_none
from custom_components.energy_logger.entries.linked import linked_kamo
from custom_components.energy_logger.entries.moved_site import hand_over, linked_moves
from custom_components.energy_logger.sources.names import site_names
from custom_components.energy_logger.statistics.catalogue import SiteStatistics
from custom_components.energy_logger.statistics.charges import charges_of
from custom_components.energy_logger.statistics.energy_dashboard import (
    add_to_energy_dashboard,
    has_energy_dashboard,
)

from .area_fields import area_fields, area_options
from .charges import ChargesForm

if TYPE_CHECKING:
    from custom_components.energy_logger.coordinator import RuntimeData

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


class SiteOptionsFlow(OptionsFlowWithReload):
    """What can be done for the sites of an entry."""

    @property
    def _sites(self) -> dict[str, SiteStatistics]:
        """The sites by id; none while the entry is not loaded."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return {}
        runtime: RuntimeData = self.config_entry.runtime_data
        return {site_id: one.statistics for site_id, one in runtime.sites.items()}

    @property
    def _site_steps(self) -> list[str]:
        """What can be done now."""
        if not self._sites:
            return []
        dashboard = ["energy_dashboard"] if has_energy_dashboard(self.hass) else []
        return ["charges", *dashboard]

    async def async_step_charges(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what the sites cost a day."""
        options = self.config_entry.options
        names = {site_id: one.site_name for site_id, one in self._sites.items()}
        form = ChargesForm(
            names,
            {
                site_id: charges_of(options, site_id)
                for site_id in {**names, **options.get(CONF_CHARGES, {})}
            },
        )
        problem = None if user_input is None else form.problem_with(user_input)
        if user_input is None or problem is not None:
            return self.async_show_form(
                step_id="charges",
                data_schema=self.add_suggested_values_to_schema(
                    form.schema, user_input
                ),
                errors={} if problem is None else {"base": problem},
            )
        charges = form.result(user_input)
        return self.async_create_entry(data={**options, CONF_CHARGES: charges})

    async def async_step_energy_dashboard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to show the sites on the Energy dashboard."""
        sites = self._sites.values()
        if user_input is None:
            names = ", ".join(one.site_name for one in sites)
            return self.async_show_form(
                step_id="energy_dashboard",
                data_schema=vol.Schema({}),
                description_placeholders={"names": names},
            )
        await add_to_energy_dashboard(self.hass, sites)
        return self.async_create_entry(data=dict(self.config_entry.options))


class AmberOptionsFlow(SiteOptionsFlow):
    """Offers what can be done for the site of an entry."""

    async def async_step_init(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer it."""
        if not self._site_steps:
            return self.async_abort(reason="not_loaded")
        return self.async_show_menu(step_id="init", menu_options=self._site_steps)


class ServerOptionsFlow(SiteOptionsFlow):
    """Asks which areas of a server are wanted, and of which the substations."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for areas, and before that what else is to be done if anything can."""
        moved = ["moved"] if linked_moves(self.hass, self.config_entry) else []
        others = self._site_steps
        if moved or others:
            return self.async_show_menu(
                step_id="init", menu_options=[*moved, "server_show", *others]
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
            return self.async_create_entry(
                data={**self.config_entry.options, **area_options(user_input)}
            )
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
    """Return how to distinguish a site without all of the meter's number."""
    return f"{site_names([site])[site.id]} …{site.nmi[-4:]}"
