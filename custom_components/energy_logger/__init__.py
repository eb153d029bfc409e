"""Energy Logger: prices, usage and load of Amber Electric and KAMO Power."""

from functools import partial

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api.errors import SourceError, SourceRefused
from .const import CONF_CONNECTION, DOMAIN, Connection
from .coordinator import EnergyLoggerConfigEntry, RuntimeData
from .coordinator.base import setup_refusal, translated_error
from .devices import may_be_removed
from .entries.conflicts import async_watch_conflicts, claimed_by_others, sources_of
from .entries.direct import amber_runtime, first_fetches, kamo_runtime
from .entries.gone_devices import is_of_closed_site
from .entries.linked import linked_runtime, start_linked
from .entries.statistics import add_statistics, forget_statistics
from .issues import clear_passing_issues
from .services.actions import async_setup_services
from .sources.key_refusals import (
    forget_setup_refusals,
    probe_setup_later,
    withdraw_reauth,
)
from .sources.known_listings import forget_listings

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what is there without any entry."""
    async_setup_services(hass)
    async_watch_conflicts(hass)
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> bool:
    """Fetch everything once, then let the platforms show it."""
    if sources_of(entry) & claimed_by_others(hass, entry):
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="duplicate_source"
        )
    try:
        if entry.data[CONF_CONNECTION] == Connection.SERVER:
            entry.runtime_data = await linked_runtime(hass, entry)
        else:
            entry.runtime_data = await _direct_runtime(hass, entry)
    except ConfigEntryAuthFailed:
        probe_setup_later(hass, entry)
        raise
    forget_setup_refusals(hass, entry)
    withdraw_reauth(hass, entry)
    runtime = entry.runtime_data
    entry.async_on_unload(partial(clear_passing_issues, hass, entry))
    add_statistics(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if runtime.linked is not None:
        start_linked(hass, entry, runtime.linked)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> bool:
    """Take the entities away; coordinators stop with the entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_config_entry_device(
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    device: AnyDeviceEntry,
) -> bool:
    """Let the user remove a substation that is gone, or a site that is closed."""
    if not (may_be_removed(entry, device) or is_of_closed_site(entry, device)):
        return False
    # so that it is added again should it come back
    hass.config_entries.async_schedule_reload(entry.entry_id)
    return True


async def async_remove_entry(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> None:
    """Forget what is kept of an entry beside its data."""
    forget_listings(hass, entry)
    forget_setup_refusals(hass, entry)
    await forget_statistics(hass, entry.entry_id)


async def _direct_runtime(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> RuntimeData:
    """Return the coordinators of a site or an area, which have fetched."""
    try:
        if entry.data[CONF_CONNECTION] == Connection.AMBER:
            runtime = await amber_runtime(hass, entry)
        else:
            runtime = await kamo_runtime(hass, entry)
    except SourceRefused as err:
        if entry.data[CONF_CONNECTION] == Connection.KAMO:
            raise ConfigEntryNotReady(**translated_error(err)) from err
        refusal = setup_refusal(hass, entry, translated_error(err))
        if isinstance(refusal, ConfigEntryAuthFailed):
            raise refusal from err
        raise ConfigEntryNotReady(**translated_error(err)) from err
    except SourceError as err:
        raise ConfigEntryNotReady(**translated_error(err)) from err
    await first_fetches(runtime)
    return runtime
