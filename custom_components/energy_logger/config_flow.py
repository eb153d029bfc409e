"""Setting up a connection: menu, Amber's token and site, KAMO's area, a server."""

import re
from collections.abc import Mapping
from typing import Any, override

import probatio as vol
from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_API_TOKEN
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api.amber_models import Site, SiteStatus
from .api.errors import SourceError
from .api.kamo_models import AGGREGATE_AREA_IDS, Area
from .api.key_text import clean_key
from .const import (
    CONF_AREA_ID,
    CONF_CONNECTION,
    CONF_SITE_ID,
    CONF_SUBSTATIONS,
    DOMAIN,
    LOGGER,
    Connection,
)
from .entries.direct import direct_amber, direct_kamo
from .entries.moved_site import hand_over, is_free
from .flows.options import AmberOptionsFlow, AreaOptionsFlow, ServerOptionsFlow
from .flows.server import ServerSteps
from .issues import Issue, clear_issue
from .keys import area_key, site_key
from .sources.known_listings import KnownListings
from .sources.names import area_name, site_names

_TOKEN = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_TOKEN_FORM = vol.Schema({vol.Required(CONF_API_TOKEN): _TOKEN})


class EnergyLoggerConfigFlow(ServerSteps, domain=DOMAIN):
    """Asks for what a connection needs, and tries it before it is kept."""

    VERSION = 1

    def __init__(self) -> None:
        super().__init__()
        self._token = ""
        self._sites: dict[str, Site] = {}
        self._areas: dict[str, Area] = {}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to connect to."""
        return self.async_show_menu(
            step_id="user",
            menu_options=[Connection.SERVER, Connection.AMBER, Connection.KAMO],
        )

    async def async_step_amber(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for Amber's token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._token = clean_key(user_input[CONF_API_TOKEN])
            problem = await self._read_sites()
            if problem is None and not self._active_sites():
                problem = "no_active_site"
            if problem is None:
                return await self.async_step_site()
            errors["base"] = problem
        return self.async_show_form(
            step_id="amber",
            data_schema=_TOKEN_FORM,
            errors=errors,
            description_placeholders={"url": "https://app.amber.com.au/developers"},
        )

    async def async_step_site(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the active sites that are left; the only one is taken."""
        if user_input is None:
            known = self._async_current_ids(include_ignore=False)
            left = [
                one for one in self._active_sites() if site_key(one.id) not in known
            ]
            if not left:
                return self.async_abort(reason="already_configured")
            if len(left) > 1:
                names = {one.id: self._shown_name(one) for one in left}
                return self.async_show_form(
                    step_id="site",
                    data_schema=vol.Schema(
                        {vol.Required(CONF_SITE_ID): _choice(names)}
                    ),
                )
            user_input = {CONF_SITE_ID: left[0].id}
        site = self._sites[user_input[CONF_SITE_ID]]
        await self.async_set_unique_id(site_key(site.id), raise_on_progress=False)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(
            title=site_names(self._sites.values())[site.id],
            data={
                CONF_CONNECTION: Connection.AMBER,
                CONF_API_TOKEN: self._token,
                CONF_SITE_ID: site.id,
            },
        )

    async def async_step_kamo(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the areas that are left."""
        if user_input is not None and self._areas:
            area = self._areas[user_input[CONF_AREA_ID]]
            await self.async_set_unique_id(area_key(area.id), raise_on_progress=False)
            self._abort_if_unique_id_configured()
            wants_substations = user_input[CONF_SUBSTATIONS] and not area.is_aggregate
            return self.async_create_entry(
                title=area_name(area),
                data={CONF_CONNECTION: Connection.KAMO, CONF_AREA_ID: area.id},
                options={CONF_SUBSTATIONS: wants_substations},
            )
        problem = await self._read_areas()
        if problem is not None:
            # sent again, the empty form asks KAMO again
            return self.async_show_form(
                step_id="kamo", data_schema=vol.Schema({}), errors={"base": problem}
            )
        known = self._async_current_ids(include_ignore=False)
        left = [one for one in self._areas.values() if area_key(one.id) not in known]
        if not left:
            return self.async_abort(reason="already_configured")
        names = {str(one.id): area_name(one) for one in left}
        return self.async_show_form(
            step_id="kamo",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_AREA_ID): _choice(names),
                    vol.Required(CONF_SUBSTATIONS, default=False): BooleanSelector(),
                }
            ),
        )

    async def async_step_reauth(
        self, _entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for another token or key: the one that was given is refused."""
        if self._get_reauth_entry().data[CONF_CONNECTION] == Connection.SERVER:
            return await self.async_step_reauth_server()
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take another token."""
        return await self._take_token(
            self._get_reauth_entry(), "reauth_confirm", user_input
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the token before Amber refuses it, or where the server is."""
        entry = self._get_reconfigure_entry()
        if entry.data[CONF_CONNECTION] == Connection.SERVER:
            return await self.async_step_reconfigure_server()
        if entry.data[CONF_CONNECTION] == Connection.KAMO:
            return self.async_abort(reason="nothing_to_reconfigure")
        return await self._take_token(entry, "reconfigure", user_input)

    async def async_step_moved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which site the entry goes on with: its own one is closed or gone."""
        entry = self._get_reconfigure_entry()
        own_id = entry.data[CONF_SITE_ID]
        if user_input is None:
            names = {one.id: self._shown_name(one) for one in self._successors(entry)}
            if own_id in self._sites:
                names[own_id] = f"{self._shown_name(self._sites[own_id])} (closed)"
            return self.async_show_form(
                step_id="moved",
                data_schema=vol.Schema({vol.Required(CONF_SITE_ID): _choice(names)}),
                description_placeholders={"entry": entry.title},
            )
        site_id = user_input[CONF_SITE_ID]
        if site_id == own_id:
            return self._renew_token(entry)
        return await self._move(entry, self._sites[site_id])

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow that changes what is shown."""
        if config_entry.data[CONF_CONNECTION] == Connection.SERVER:
            return ServerOptionsFlow()
        if config_entry.data[CONF_CONNECTION] == Connection.AMBER:
            return AmberOptionsFlow()
        return AreaOptionsFlow()

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Return whether there is anything to choose: a sum of areas has nothing."""
        return (
            config_entry.data[CONF_CONNECTION] != Connection.KAMO
            or config_entry.data[CONF_AREA_ID] not in AGGREGATE_AREA_IDS
        )

    async def _take_token(
        self, entry: ConfigEntry, step: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            self._token = clean_key(user_input[CONF_API_TOKEN])
            problem = await self._read_sites()
            if problem is None:
                if step == "reconfigure" and self._can_move(entry):
                    return await self.async_step_moved()
                if entry.data[CONF_SITE_ID] in self._sites:
                    return self._renew_token(entry)
                problem = "other_account"
            errors["base"] = problem
        return self.async_show_form(
            step_id=step, data_schema=_TOKEN_FORM, errors=errors
        )

    def _renew_token(self, entry: ConfigEntry) -> ConfigFlowResult:
        return self.async_update_reload_and_abort(
            entry, data_updates={CONF_API_TOKEN: self._token}
        )

    def _can_move(self, entry: ConfigEntry) -> bool:
        """Return whether the entry's site is over and there is one to go on with.

        A site that is merely missing from one list is not over.
        """
        own = self._sites.get(entry.data[CONF_SITE_ID])
        if own is None:
            listing = KnownListings(self.hass, entry, "amber").sites
            is_over = listing.is_gone(site_key(entry.data[CONF_SITE_ID]))
        else:
            is_over = own.status == SiteStatus.CLOSED
        return is_over and bool(self._successors(entry))

    def _successors(self, entry: ConfigEntry) -> list[Site]:
        """Return the active sites that no entry holds."""
        return [
            one
            for one in self._active_sites()
            if one.id != entry.data[CONF_SITE_ID] and is_free(self.hass, entry, one.id)
        ]

    async def _move(self, entry: ConfigEntry, site: Site) -> ConfigFlowResult:
        """Let another site take over the entry with its entities."""
        if entry.state is ConfigEntryState.LOADED:
            await self.hass.config_entries.async_unload(entry.entry_id)
        title = self._title_after_move(entry, site)
        hand_over(self.hass, entry, entry.data[CONF_SITE_ID], site.id)
        clear_issue(self.hass, Issue.GONE, entry)
        return self.async_update_reload_and_abort(
            entry,
            reason="moved_successful",
            unique_id=site_key(site.id),
            title=title,
            # what was listed before is of the other site
            data={
                CONF_CONNECTION: Connection.AMBER,
                CONF_API_TOKEN: self._token,
                CONF_SITE_ID: site.id,
            },
        )

    def _title_after_move(self, entry: ConfigEntry, site: Site) -> str:
        """Return the new site's name, or the title that the user has chosen."""
        known = KnownListings(self.hass, entry, "amber").sites.records.values()
        generated = {name for one in known for name in site_names([one]).values()}
        # the number that distinguishes sites of one network changes as they close
        if re.sub(r" \d+$", "", entry.title) not in generated:
            return entry.title
        return site_names(self._sites.values())[site.id]

    async def _read_sites(self) -> str | None:
        """Read the sites of the token; return what hinders it."""
        try:
            answer = await direct_amber(self.hass, self._token).fetch_sites()
        except SourceError as err:
            LOGGER.debug("Amber gave no sites: %s", err)
            return f"amber_{err.code}"
        self._sites = {one.id: one for one in answer.records}
        return None

    def _active_sites(self) -> list[Site]:
        return [one for one in self._sites.values() if one.is_active]

    def _shown_name(self, site: Site) -> str:
        """Return how to distinguish sites without showing all of the meter's number."""
        return f"{site_names(self._sites.values())[site.id]} …{site.nmi[-4:]}"

    async def _read_areas(self) -> str | None:
        """Read KAMO's areas; return what hinders it."""
        try:
            answer = await direct_kamo(self.hass).fetch_areas()
        except SourceError as err:
            LOGGER.debug("KAMO gave no areas: %s", err)
            return f"kamo_{err.code}"
        self._areas = {str(one.id): one for one in answer.records}
        return None if self._areas else "no_area"


def _choice(names: Mapping[str, str]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=value, label=name)
                for value, name in names.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
