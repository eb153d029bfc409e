"""Entries that get in each other's way: one site twice, or a token that core uses too.

What an Amber or KAMO entry holds stands in its data, so that the answer does not
depend on which entry is set up first. What a linked entry holds is known once it is
loaded: see ``RuntimeData.skipped``.
"""

from collections.abc import Iterable

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import CONF_API_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from custom_components.energy_logger.const import (
    CONF_AREA_ID,
    CONF_CONNECTION,
    CONF_SITE_ID,
    DOMAIN,
    Connection,
)
from custom_components.energy_logger.coordinator import EnergyLoggerConfigEntry
from custom_components.energy_logger.issues import (
    Issue,
    clear_issue,
    clear_issues,
    raise_issue,
)
from custom_components.energy_logger.keys import area_key, site_key

CORE_AMBER_DOMAIN = "amberelectric"


@callback
def async_watch_conflicts(hass: HomeAssistant) -> None:
    """Look again whenever an entry of ours or of core's Amber changes."""

    @callback
    def check(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain not in (DOMAIN, CORE_AMBER_DOMAIN):
            return
        is_out = change is ConfigEntryChange.REMOVED or entry.disabled_by is not None
        if is_out and entry.domain == DOMAIN:
            clear_issues(hass, entry)
        _show_core_amber(hass)
        _show_duplicates(hass)
        _reload_freed(hass)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, check)


def duplicate_sources(hass: HomeAssistant) -> dict[str, tuple[ConfigEntry, ...]]:
    """Return what several entries hold, and those entries, by precedence.

    The first entry of each shows it; the others must leave it out.
    """
    holders: dict[str, list[ConfigEntry]] = {}
    for entry in _by_precedence(_enabled(hass, DOMAIN)):
        for source in sources_of(entry):
            holders.setdefault(source, []).append(entry)
    return {
        source: tuple(entries) for source, entries in holders.items() if entries[1:]
    }


def claimed_by_others(hass: HomeAssistant, entry: ConfigEntry) -> frozenset[str]:
    """Return what entries show that go before one; it must leave that out."""
    claimed: set[str] = set()
    is_before = True
    for other in _by_precedence(_enabled(hass, DOMAIN)):
        if other.entry_id == entry.entry_id:
            is_before = False
        elif is_before:
            claimed |= sources_of(other)
        else:
            claimed |= _shown_by(other)
    return frozenset(claimed)


def sources_of(entry: ConfigEntry) -> frozenset[str]:
    """Return what an entry holds, whether it shows it or leaves it out."""
    connection = entry.data[CONF_CONNECTION]
    if connection == Connection.AMBER:
        return frozenset({site_key(entry.data[CONF_SITE_ID])})
    if connection == Connection.KAMO:
        return frozenset({area_key(entry.data[CONF_AREA_ID])})
    return _shown_by(entry) | _skipped_by(entry)


def _shown_by(entry: EnergyLoggerConfigEntry) -> frozenset[str]:
    if entry.state is not ConfigEntryState.LOADED:
        return frozenset()
    runtime = entry.runtime_data
    return frozenset({*map(site_key, runtime.sites), *map(area_key, runtime.areas)})


def _skipped_by(entry: EnergyLoggerConfigEntry) -> frozenset[str]:
    if entry.state is not ConfigEntryState.LOADED:
        return frozenset()
    return entry.runtime_data.skipped


def _by_precedence(entries: Iterable[ConfigEntry]) -> list[ConfigEntry]:
    """Sort entries: those of one site or area first, then by age."""
    return sorted(
        entries, key=lambda one: one.data[CONF_CONNECTION] == Connection.SERVER
    )


def _enabled(hass: HomeAssistant, domain: str) -> list[ConfigEntry]:
    return hass.config_entries.async_entries(
        domain, include_ignore=False, include_disabled=False
    )


def _show_core_amber(hass: HomeAssistant) -> None:
    tokens = {
        entry.data.get(CONF_API_TOKEN): entry.title
        for entry in _enabled(hass, CORE_AMBER_DOMAIN)
    }
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        title = tokens.get(entry.data.get(CONF_API_TOKEN, ""))
        if title is None or entry.disabled_by:
            clear_issue(hass, Issue.CORE_AMBER, entry)
        else:
            raise_issue(hass, Issue.CORE_AMBER, entry, core_entry=title)


def _show_duplicates(hass: HomeAssistant) -> None:
    """Show the issue at the entry that can go: one that holds nothing else."""
    superfluous = {
        one.entry_id: (one, kept)
        for one, kept in map(_superfluous, duplicate_sources(hass).values())
    }
    for entry in hass.config_entries.async_entries(DOMAIN, include_ignore=False):
        if entry.entry_id not in superfluous:
            clear_issue(hass, Issue.DUPLICATE_SOURCE, entry)
    for one, kept in superfluous.values():
        raise_issue(hass, Issue.DUPLICATE_SOURCE, one, kept=kept.title)


def _superfluous(holders: tuple[ConfigEntry, ...]) -> tuple[ConfigEntry, ConfigEntry]:
    """Return which of some entries should be removed, and one that can stay."""
    *others, last = holders
    if last.data[CONF_CONNECTION] == Connection.SERVER:
        # a linked entry may hold more than this
        return others[-1], last
    return last, others[0]


def _reload_freed(hass: HomeAssistant) -> None:
    """Set up again what had to stand back for an entry that is gone."""
    for entry in _enabled(hass, DOMAIN):
        stands_back = entry.state is ConfigEntryState.SETUP_ERROR and (
            entry.error_reason_translation_key == "duplicate_source"
        )
        waiting = sources_of(entry) if stands_back else _skipped_by(entry)
        if waiting - claimed_by_others(hass, entry):
            hass.config_entries.async_schedule_reload(entry.entry_id)
