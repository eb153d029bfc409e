"""Repair issues: what only the user can mend, shown where Home Assistant shows it."""

from enum import StrEnum

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .keys import issue_id


class Issue(StrEnum):
    """Kinds of issues; an entry has each at most once."""

    APP_UNINSTALLED = "app_uninstalled"
    BACKUP_FAILED = "backup_failed"
    BACKUP_OVERDUE = "backup_overdue"
    CORE_AMBER = "core_amber"
    DISK_NEARLY_FULL = "disk_nearly_full"
    DEVICE_GONE = "device_gone"
    DUPLICATE_SOURCE = "duplicate_source"
    GONE = "gone"
    KEY_REFUSED = "key_refused"
    LINKED_SITE_CLOSED = "linked_site_closed"
    NOT_LISTED = "not_listed"
    RATE_LIMITED = "rate_limited"
    SERVER_TOO_NEW = "server_too_new"
    SERVER_TOO_OLD = "server_too_old"
    SITE_CLOSED = "site_closed"
    SOURCE_FAILING = "source_failing"
    STATISTICS_WRONG = "statistics_wrong"
    STORE_DAMAGED = "store_damaged"
    STORE_FAILING = "store_failing"
    SUBSTATIONS_NOT_COLLECTED = "substations_not_collected"


FIXED_BY_REMOVAL = frozenset({Issue.DUPLICATE_SOURCE, Issue.GONE, Issue.SITE_CLOSED})
"""Issues whose fix flow removes the entry that they belong to."""

FIXABLE = FIXED_BY_REMOVAL | {Issue.STATISTICS_WRONG}
"""Issues that have a fix flow."""

SERVER_ALERTS = frozenset(
    {
        Issue.BACKUP_FAILED,
        Issue.BACKUP_OVERDUE,
        Issue.DISK_NEARLY_FULL,
        Issue.KEY_REFUSED,
        Issue.SOURCE_FAILING,
        Issue.STORE_DAMAGED,
        Issue.STORE_FAILING,
    }
)
"""Conditions that the server reports of itself, under its own codes."""

_ERRORS = frozenset(
    {
        Issue.APP_UNINSTALLED,
        Issue.SERVER_TOO_NEW,
        Issue.SERVER_TOO_OLD,
        Issue.STORE_DAMAGED,
        Issue.STORE_FAILING,
    }
)
"""Issues without whose end nothing of the entry works."""


@callback
def raise_issue(
    hass: HomeAssistant, issue: Issue, entry: ConfigEntry, **placeholders: str
) -> None:
    """Show an issue of an entry; the same one again changes nothing."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id(issue, entry.entry_id),
        data={"entry_id": entry.entry_id},
        is_fixable=issue in FIXABLE,
        severity=(
            ir.IssueSeverity.ERROR if issue in _ERRORS else ir.IssueSeverity.WARNING
        ),
        translation_key=issue,
        translation_placeholders={"entry": entry.title, **placeholders},
    )


@callback
def clear_issue(hass: HomeAssistant, issue: Issue, entry: ConfigEntry) -> None:
    """Take an issue of an entry away, if it is there."""
    ir.async_delete_issue(hass, DOMAIN, issue_id(issue, entry.entry_id))


@callback
def clear_passing_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take away what only a loaded entry can know."""
    for issue in (
        Issue.LINKED_SITE_CLOSED,
        Issue.NOT_LISTED,
        Issue.RATE_LIMITED,
        Issue.SITE_CLOSED,
        Issue.STATISTICS_WRONG,
        Issue.SUBSTATIONS_NOT_COLLECTED,
    ):
        clear_issue(hass, issue, entry)


@callback
def clear_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take all issues of an entry away."""
    for issue in Issue:
        clear_issue(hass, issue, entry)
