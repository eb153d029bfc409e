"""The part of a form that asks which of KAMO's areas a linked entry shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import probatio as vol
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.const import CONF_AREAS, CONF_SUBSTATIONS


def area_fields(areas: Sequence[Area], options: Mapping[str, Any]) -> vol.Schema:
    """Return the fields; none without areas.

    Args:
        areas: Those that the server has.
        options: What is shown so far.
    """
    if not areas:
        return vol.Schema({})
    with_substations = [area for area in areas if not area.is_aggregate]
    return vol.Schema(
        {
            vol.Optional(name, description=_shown(options, name, listed)): _choice(
                listed
            )
            for name, listed in (
                (CONF_AREAS, areas),
                (CONF_SUBSTATIONS, with_substations),
            )
        }
    )


def area_options(user_input: Mapping[str, Any]) -> dict[str, list[int]]:
    """Return the options that a form was filled in with.

    Whoever wants an area's substations wants the area.
    """
    substations = {int(one) for one in user_input.get(CONF_SUBSTATIONS, ())}
    areas = {int(one) for one in user_input.get(CONF_AREAS, ())}
    return {
        CONF_AREAS: sorted(areas | substations),
        CONF_SUBSTATIONS: sorted(substations),
    }


def _shown(
    options: Mapping[str, Any], name: str, listed: Iterable[Area]
) -> dict[str, list[str]]:
    """Return what a field shows at first; a default could not be cleared."""
    wanted = set(options.get(name, ()))
    return {"suggested_value": [str(area.id) for area in listed if area.id in wanted]}


def _choice(areas: Iterable[Area]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=str(area.id), label=area.name) for area in areas
            ],
            mode=SelectSelectorMode.DROPDOWN,
            multiple=True,
        )
    )
