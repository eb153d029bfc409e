"""Shapes of exports in JSON; each row has the columns that were asked for."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from energy_logger_server.web.datasets.columns import Columns
from energy_logger_server.web.datasets.costs import COSTS
from energy_logger_server.web.datasets.kamo_schema import AREA
from energy_logger_server.web.datasets.load import LOAD, LOAD_FORECASTS
from energy_logger_server.web.datasets.prices import FORECASTS, PRICES
from energy_logger_server.web.datasets.substations import SUBSTATIONS
from energy_logger_server.web.datasets.usage import USAGE
from energy_logger_server.web.http.checks import TIME

_SITE = {vol.Required("site_id"): str}


def _export(
    subject: Mapping[vol.Required, object], columns: Columns[Any, Any]
) -> vol.Schema:
    return vol.Schema(
        {
            **subject,
            vol.Required("exported_at", description="UTC."): TIME,
            vol.Required("data"): [
                {
                    vol.Optional(column.name, description=column.text): column.shape
                    for column in columns
                }
            ],
            vol.Required(
                "record_count", description="Behind the data: only the end knows it."
            ): int,
        }
    )


LOAD_EXPORT = _export(AREA, LOAD)
SUBSTATION_EXPORT = _export(AREA, SUBSTATIONS)
PRICE_EXPORT = _export(_SITE, PRICES)
USAGE_EXPORT = _export(_SITE, USAGE)
COST_EXPORT = _export(_SITE, COSTS)
FORECAST_EXPORT = vol.Any(_export(AREA, LOAD_FORECASTS), _export(_SITE, FORECASTS))
