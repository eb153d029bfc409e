"""Fix flows of repair issues."""

from abc import abstractmethod
from typing import override

import probatio as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .issues import Issue
from .keys import issue_id as make_issue_id


async def async_create_fix_flow(
    _hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow of an issue: most that can be fixed go with their entry."""
    entry_id = str((data or {})["entry_id"])
    if issue_id == make_issue_id(Issue.STATISTICS_WRONG, entry_id):
        return RepairStatisticsFlow(entry_id)
    return RemoveEntryFlow(entry_id)


class _ConfirmFlow(RepairsFlow):
    """Asks whether to fix the issue of an entry, and does."""

    def __init__(self, entry_id: str) -> None:
        self._entry_id = entry_id

    @abstractmethod
    async def fix(self) -> None:
        """Do what the user has agreed to."""

    async def async_step_init(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin with the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Fix it once the user has agreed."""
        if user_input is not None:
            await self.fix()
            return self.async_create_entry(data={})
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
        )


class RemoveEntryFlow(_ConfirmFlow):
    """Removes the entry."""

    @override
    async def fix(self) -> None:
        await self.hass.config_entries.async_remove(self._entry_id)


class RepairStatisticsFlow(_ConfirmFlow):
    """Has the statistics of the entry compared and written where they are wrong."""

    @override
    async def fix(self) -> None:
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return
        for one in entry.runtime_data.statistics.values():
            if one.has_findings:
                one.repair()
