"""Statistics of a site or an area, brought in beside its sensors."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.dt import as_local, utcnow

from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.const import DOMAIN, LOGGER
from custom_components.energy_logger.issues import Issue, clear_issue, raise_issue
from custom_components.energy_logger.statistics.importing import (
    AuditResult,
    AuditWay,
    StatisticsImport,
)
from custom_components.energy_logger.statistics.recorded import Span, has_recorder

from .base import AlignedCoordinator

if TYPE_CHECKING:
    from . import EnergyLoggerConfigEntry

_AUDIT_FROM_HOUR = 5
"""Of the local day: by then the recorder has done its own nightly work."""

_MOST_LOGGED = 24


@dataclass(frozen=True, slots=True)
class StatisticsState:
    """How the import does.

    Attributes:
        share: Of the import that is under way, 0 to 1; 1 when all is imported, None
            before anything is.
    """

    share: float | None = None


class StatisticsCoordinator(AlignedCoordinator[StatisticsState]):
    """Looks every five minutes for hours that are new or revised; audits at night."""

    offset_s = 50
    has_findings: bool
    """Whether the last nightly audit found something that is not repaired yet."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: "EnergyLoggerConfigEntry",
        name: str,
        imports: StatisticsImport,
        *,
        has_key: bool,
    ) -> None:
        """Bring in nothing before the first refresh.

        Args:
            hass: Home Assistant.
            entry: The entry that it belongs to.
            name: Of the site or area.
            imports: Its statistics.
            has_key: As in ``AlignedCoordinator``.
        """
        super().__init__(hass, entry, f"{name} statistics", has_key=has_key)
        self.owner_name = name
        self.imports = imports
        self.data = StatisticsState()
        self.has_findings = False
        self._is_repair_due = False
        self._audited_on: date | None = None

    @override
    async def fetch(self, now: datetime) -> StatisticsState:
        """Bring in what is new."""
        await self.imports.sync(now, self._show)
        if self._is_repair_due:
            await self.imports.audit(now, AuditWay(repairs=True))
            self._is_repair_due = False
        local = as_local(now)
        if self._audited_on is None:
            # what was imported just now needs none
            self._audited_on = local.date()
        elif local.date() != self._audited_on and local.hour >= _AUDIT_FROM_HOUR:
            await self._audit_nightly(now)
            self._audited_on = local.date()
        return StatisticsState(1.0)

    @callback
    def repair(self) -> None:
        """Write what is wrong, in the background and until it succeeds."""
        self._is_repair_due = True
        self._set_findings(has_findings=False)
        self.refresh_later()

    @callback
    def refresh_later(self) -> None:
        """Look for what is new, in the background: it may take long."""
        self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{self.name} refresh"
        )

    async def import_history(self, span: Span | None = None) -> AuditResult:
        """Write what differs from what the source says.

        Args:
            span: Which hours; None for all that there are.

        Raises:
            HomeAssistantError: If that is not possible now.
        """
        return await self._run(AuditWay(repairs=True, drops_extra=False), span)

    async def audit(self, span: Span | None, *, repair: bool) -> AuditResult:
        """Compare what is recorded with what the source says.

        Args:
            span: As in ``import_history``.
            repair: Whether to write what is wrong.

        Raises:
            HomeAssistantError: If that is not possible now.
        """
        result = await self._run(AuditWay(repairs=repair), span)
        if repair:
            self._set_findings(has_findings=False)
        return result

    async def _run(self, way: AuditWay, span: Span | None) -> AuditResult:
        if not has_recorder(self.hass):
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="no_recorder"
            )
        now = utcnow()
        try:
            await self._require_key()
            await self.imports.sync(now, self._show)
            return await self.imports.audit(now, way, span)
        except SourceError as err:
            raise HomeAssistantError(**self._translated(err)) from err

    async def _audit_nightly(self, now: datetime) -> None:
        result = await self.imports.audit(now, AuditWay(is_nightly=True))
        for finding in result.findings[:_MOST_LOGGED]:
            LOGGER.warning(
                "The recorder has %s of %s at %s, and %s is right",
                finding.difference.recorded,
                finding.statistic.name,
                finding.difference.hour.isoformat(),
                finding.difference.source,
            )
        self._set_findings(has_findings=bool(result.findings))

    def _set_findings(self, *, has_findings: bool) -> None:
        """Raise an issue that names whose statistics are wrong."""
        self.has_findings = has_findings
        entry = self.config_entry
        names = sorted(
            one.owner_name
            for one in entry.runtime_data.statistics.values()
            if one.has_findings
        )
        if names:
            raise_issue(
                self.hass, Issue.STATISTICS_WRONG, entry, names=", ".join(names)
            )
        else:
            clear_issue(self.hass, Issue.STATISTICS_WRONG, entry)

    def _show(self, share: float) -> None:
        self.data = StatisticsState(share)
        self.async_update_listeners()
