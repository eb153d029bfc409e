"""Repair issues of a linked entry: versions that do not fit, an app that is gone."""

from homeassistant.components.hassio import SupervisorError, get_supervisor_client
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.hassio import is_hassio

from .const import CONF_APP_SLUG, DOMAIN, LOGGER
from .sources.server_version import VersionMismatch

_APP_UNINSTALLED = "app_uninstalled"


@callback
def show_version_issue(
    hass: HomeAssistant, entry: ConfigEntry, mismatch: VersionMismatch, version: str
) -> None:
    """Show what is wrong with the server's version, and no longer what was.

    Args:
        hass: Home Assistant.
        entry: The server's.
        mismatch: What is wrong now.
        version: Of the server.
    """
    for kind in (VersionMismatch.TOO_OLD, VersionMismatch.TOO_NEW):
        if kind is mismatch:
            _show(hass, entry, kind, version=version)
        else:
            _clear(hass, entry, kind)


async def show_app_issue(
    hass: HomeAssistant, entry: ConfigEntry, *, is_down: bool
) -> None:
    """Show that the app which the entry came from is no longer installed.

    Args:
        hass: Home Assistant.
        entry: The server's.
        is_down: Whether the server does not answer; if it does, all is well.
    """
    slug: str | None = entry.data.get(CONF_APP_SLUG)
    if slug is None:
        return
    if is_down and await _is_uninstalled(hass, slug):
        _show(hass, entry, _APP_UNINSTALLED)
    else:
        _clear(hass, entry, _APP_UNINSTALLED)


@callback
def clear_server_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take all of them away: the entry goes."""
    for kind in (VersionMismatch.TOO_OLD, VersionMismatch.TOO_NEW, _APP_UNINSTALLED):
        _clear(hass, entry, kind)


async def _is_uninstalled(hass: HomeAssistant, slug: str) -> bool:
    """Return whether the Supervisor knows that an app is not installed."""
    if not is_hassio(hass):
        return False
    try:
        installed = await get_supervisor_client(hass).addons.list()
    except SupervisorError as err:
        LOGGER.debug("The Supervisor does not tell its apps: %s", err)
        return False
    return all(app.slug != slug for app in installed)


def _show(
    hass: HomeAssistant, entry: ConfigEntry, kind: str, **placeholders: str
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{entry.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=kind,
        translation_placeholders={"entry": entry.title, **placeholders},
    )


def _clear(hass: HomeAssistant, entry: ConfigEntry, kind: str) -> None:
    ir.async_delete_issue(hass, DOMAIN, f"{kind}_{entry.entry_id}")
