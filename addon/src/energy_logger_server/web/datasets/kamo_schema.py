"""Shapes of KAMO's data in answers; times in Central time with their offset."""

import voluptuous as vol

from energy_logger_server.domain.load.peaks import Period
from energy_logger_server.web.http.checks import MAYBE_NUMBER, NUMBER, TIME

from .columns import shapes_of
from .load import LOAD, LOAD_FORECASTS
from .substations import POWER, READING, SNAPSHOT_TIME

AREA = {
    vol.Required("area_id", description="KAMO's number."): int,
    vol.Required("area_name"): str,
}
_PAGE = {
    vol.Required("count"): int,
    vol.Required("truncated", description="Whether the span holds older ones."): bool,
}

COOPERATIVES = vol.Schema(
    [
        {
            vol.Required("id"): int,
            vol.Required("name"): str,
            vol.Required("abbreviation"): str,
            vol.Required(
                "is_aggregate", description="A sum of others, without substations."
            ): bool,
        }
    ]
)

_HOUR = shapes_of(LOAD)

CURRENT_LOAD = vol.Schema({**AREA, **_HOUR})

LOADS = vol.Schema({**AREA, vol.Required("data"): [_HOUR], **_PAGE})

LOAD_FORECAST = vol.Schema(
    {**AREA, vol.Required("data"): [shapes_of(LOAD_FORECASTS)], **_PAGE}
)

PEAKS = vol.Schema(
    [
        {
            **AREA,
            vol.Required("peak_kw", description="kW."): NUMBER,
            vol.Required("timestamp", description="Of equal ones the first."): TIME,
            vol.Required("period"): vol.In([one.value for one in Period]),
        }
    ]
)

LOAD_SUMMARY = vol.Schema(
    {
        **AREA,
        vol.Required("period_hours"): int,
        vol.Required("record_count", description="Hours with a value."): int,
        vol.Required("min_kw", description="kW; null without hours."): MAYBE_NUMBER,
        vol.Required("max_kw", description="kW."): MAYBE_NUMBER,
        vol.Required("avg_kw", description="kW."): MAYBE_NUMBER,
    }
)

_READING = shapes_of(READING)
_SNAPSHOT_TIME = shapes_of((SNAPSHOT_TIME,))
_TRUE_FACTOR = "Power factor of the sums of kW and kVAR, 0 to 1; null without power."

CURRENT_SUBSTATIONS = vol.Schema(
    {
        **AREA,
        **_SNAPSHOT_TIME,
        vol.Required("substations"): [_READING],
        vol.Required("total"): {
            **shapes_of(POWER),
            vol.Required("pf", description=_TRUE_FACTOR): MAYBE_NUMBER,
        },
    }
)

SNAPSHOTS = vol.Schema(
    {
        **AREA,
        vol.Required("snapshots"): [
            {
                **_SNAPSHOT_TIME,
                vol.Required("substations"): [
                    {
                        vol.Required(
                            "name", description="The same as substation_name."
                        ): str,
                        **_READING,
                    }
                ],
            }
        ],
        **_PAGE,
    }
)

SUBSTATION_NAMES = vol.Schema(
    {**AREA, vol.Required("substations"): [str], vol.Required("count"): int}
)

SUBSTATION_SUMMARY = vol.Schema(
    {
        **AREA,
        vol.Required("substation_name"): str,
        vol.Required("period_hours"): int,
        vol.Required("snapshot_count", description="Readings."): int,
        vol.Required("min_kw", description="kW."): NUMBER,
        vol.Required("max_kw", description="kW."): NUMBER,
        vol.Required("avg_kw", description="kW."): NUMBER,
        vol.Required("avg_pf", description=_TRUE_FACTOR): MAYBE_NUMBER,
    }
)
