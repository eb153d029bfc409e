"""Action: load of an area, or of one of its substations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import probatio as vol
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.dt import utcnow
from homeassistant.util.json import JsonObjectType, JsonValueType

from custom_components.energy_logger.api.kamo_models import LoadPoint
from custom_components.energy_logger.coordinator import AreaCoordinator
from custom_components.energy_logger.coordinator.shapes import load_as_dict
from custom_components.energy_logger.statistics.catalogue import substation_power
from custom_components.energy_logger.statistics.feeds import linked_substations
from custom_components.energy_logger.statistics.hours import Mean

from .spans import Span
from .targets import (
    SPAN_FIELDS,
    TARGET_FIELDS,
    area_of,
    invalid,
    linked_of,
    span_of,
)

ATTR_SUBSTATION: Final = "substation"
LOAD_SCHEMA: Final = vol.Schema(
    {**TARGET_FIELDS, **SPAN_FIELDS, vol.Optional(ATTR_SUBSTATION): cv.string}
)

_HOUR = timedelta(hours=1)


async def get_load(call: ServiceCall) -> ServiceResponse:
    """Return hours of load, kW: of an area with its forecast, or of a substation."""
    span = span_of(call)
    area = area_of(call)
    if substation := call.data.get(ATTR_SUBSTATION):
        return {"load": await _of_substation(call, area, substation, span)}
    hours = max(-((span.start - utcnow()) // _HOUR), 1)
    grid = await area.source.fetch_area_grid(area.area.id, hours=hours)
    forecast = grid.forecasts[0].points if grid.forecasts else ()
    return {
        "load": _loads(grid.actual, span),
        "forecast": _loads(forecast, span),
    }


async def _of_substation(
    call: ServiceCall, area: AreaCoordinator, substation: str, span: Span
) -> list[JsonValueType]:
    """Return the hours that begin in a span.

    Raises:
        ServiceValidationError: If nobody keeps them, or there is no such substation.
    """
    linked = linked_of(call)
    if linked is None:
        raise invalid("no_substation_history")
    feed = linked_substations(linked.client, area.area)
    found = (await feed.hours(span.start, span.end)).means
    means = found.get(substation_power(area.area, substation))
    if means is None:
        await _check_name(area, substation)
        return []
    return [_hour(at, mean) for at, mean in sorted(means.items())]


async def _check_name(area: AreaCoordinator, substation: str) -> None:
    table = await area.source.fetch_substations(area.area.id)
    names = [one.name for one in table.readings]
    if substation not in names:
        raise invalid(
            "no_such_substation", substation=substation, names=", ".join(sorted(names))
        )


def _hour(at: datetime, mean: Mean) -> JsonObjectType:
    """Return an hour of a substation, by its start."""
    return {
        "time": at.isoformat(),
        "load_kw": mean.mean,
        "min_kw": mean.least,
        "max_kw": mean.greatest,
    }


def _loads(points: Iterable[LoadPoint], span: Span) -> list[JsonValueType]:
    wanted = [one for one in points if span.start <= one.hour_at < span.end]
    return [load_as_dict(one) for one in sorted(wanted, key=lambda one: one.hour_at)]
