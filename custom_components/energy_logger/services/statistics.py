"""Actions on long-term statistics: importing them, and comparing them."""

from datetime import UTC, datetime
from typing import Final

import probatio as vol
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.dt import as_utc, utcnow
from homeassistant.util.json import JsonValueType

from custom_components.energy_logger.statistics.energy_dashboard import (
    add_to_energy_dashboard,
    has_energy_dashboard,
)
from custom_components.energy_logger.statistics.hours import hour_of
from custom_components.energy_logger.statistics.importing import AuditResult, Finding
from custom_components.energy_logger.statistics.recorded import Span

from .targets import (
    ATTR_END,
    ATTR_START,
    TARGET_FIELDS,
    invalid,
    site_of,
    statistics_of,
)

ATTR_REPAIR: Final = "repair"

MOST_TOLD: Final = 1000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

IMPORT_SCHEMA = vol.Schema(
    {
        **TARGET_FIELDS,
        vol.Optional(ATTR_START): cv.datetime,
        vol.Optional(ATTR_END): cv.datetime,
    }
)
DASHBOARD_SCHEMA = vol.Schema(TARGET_FIELDS)
AUDIT_SCHEMA = IMPORT_SCHEMA.extend(
    {vol.Optional(ATTR_REPAIR, default=False): cv.boolean}
)


async def import_history(call: ServiceCall) -> ServiceResponse:
    """Write the hours of a span that differ from their source; return how many."""
    result = await statistics_of(call).import_history(_span_of(call))
    return _counts(result)


async def audit_statistics(call: ServiceCall) -> ServiceResponse:
    """Return which hours of a span differ from their source; write them if wanted."""
    result = await statistics_of(call).audit(
        _span_of(call), repair=call.data[ATTR_REPAIR]
    )
    differences: list[JsonValueType] = [
        _finding_as_dict(one) for one in result.findings[:MOST_TOLD]
    ]
    return {
        **_counts(result),
        "wrong_hours": len(result.findings),
        "differences": differences,
    }


async def add_to_dashboard(call: ServiceCall) -> ServiceResponse:
    """Show a site on the Energy dashboard; return which statistics were added."""
    if not has_energy_dashboard(call.hass):
        raise invalid("no_energy_dashboard")
    added = await add_to_energy_dashboard(call.hass, [site_of(call).statistics])
    return {"added": [*added]}


def _counts(result: AuditResult) -> dict[str, JsonValueType]:
    return {"checked_hours": result.checked, "written_hours": result.written}


def _finding_as_dict(finding: Finding) -> dict[str, JsonValueType]:
    statistic, difference = finding
    return {
        "statistic_id": statistic.id,
        "start_time": difference.hour.isoformat(),
        "flaw": difference.flaw,
        "recorded": difference.recorded,
        "source": difference.source,
    }


def _span_of(call: ServiceCall) -> Span:
    """Return the whole hours of a call's span: without a bound, all of them."""
    start = as_utc(call.data.get(ATTR_START, _BEGINNING))
    end = as_utc(call.data.get(ATTR_END, utcnow()))
    if end <= start:
        raise invalid("end_before_start")
    return Span(hour_of(start), end)
