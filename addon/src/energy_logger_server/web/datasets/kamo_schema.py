"""Shapes of KAMO's data in answers; times in Central time with their offset."""

import voluptuous as vol

from energy_logger_server.domain.peaks import Period
from energy_logger_server.web.http.checks import MAYBE_NUMBER, NUMBER, TIME

from .columns import UNKNOWN

_AREA = {
    vol.Required("area_id", description="KAMO's number."): int,
    vol.Required("area_name"): str,
}
_PAGE = {
    vol.Required("count"): int,
    vol.Required("truncated", description="Whether the span holds older ones."): bool,
}
_MAYBE_BOOL = vol.Any(bool, None)

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

_HOUR = {
    vol.Required("timestamp", description="What KAMO's label names."): TIME,
    vol.Required("load_kw", description="kW."): NUMBER,
    vol.Required("is_settled", description="False while the hour is running."): bool,
}

CURRENT_LOAD = vol.Schema({**_AREA, **_HOUR})

LOADS = vol.Schema({**_AREA, vol.Required("data"): [_HOUR], **_PAGE})

LOAD_FORECAST = vol.Schema(
    {
        **_AREA,
        vol.Required("data"): [
            {
                vol.Required("timestamp"): TIME,
                vol.Required("series", description="KAMO's name of the line."): str,
                vol.Required("load_kw", description="kW."): NUMBER,
                vol.Required(
                    "fetched_at", description="When this value was first fetched."
                ): TIME,
            }
        ],
        **_PAGE,
    }
)

PEAKS = vol.Schema(
    [
        {
            **_AREA,
            vol.Required("peak_kw", description="kW."): NUMBER,
            vol.Required("timestamp", description="Of equal ones the first."): TIME,
            vol.Required("period"): vol.In([one.value for one in Period]),
        }
    ]
)

LOAD_SUMMARY = vol.Schema(
    {
        **_AREA,
        vol.Required("period_hours"): int,
        vol.Required("record_count", description="Hours with a value."): int,
        vol.Required("min_kw", description="kW; null without hours."): MAYBE_NUMBER,
        vol.Required("max_kw", description="kW."): MAYBE_NUMBER,
        vol.Required("avg_kw", description="kW."): MAYBE_NUMBER,
    }
)

_POWER = {
    vol.Required("kw", description="Load, kW."): NUMBER,
    vol.Required(
        "kvar", description=f"Reactive power, kVAR, KAMO's sign; {UNKNOWN}"
    ): MAYBE_NUMBER,
}
_READING = {
    vol.Required("substation_name"): str,
    **_POWER,
    vol.Required(
        "pf", description=f"Power factor with KAMO's sign; {UNKNOWN}"
    ): MAYBE_NUMBER,
    vol.Required("quality"): _MAYBE_BOOL,
    vol.Required("quality_now"): _MAYBE_BOOL,
}
_SNAPSHOT_TIME = {
    vol.Required("snapshot_time", description="The minute of the fetch."): TIME
}
_TRUE_FACTOR = "Power factor of the sums of kW and kVAR, 0 to 1; null without power."

CURRENT_SUBSTATIONS = vol.Schema(
    {
        **_AREA,
        **_SNAPSHOT_TIME,
        vol.Required("substations"): [_READING],
        vol.Required("total"): {
            **_POWER,
            vol.Required("pf", description=_TRUE_FACTOR): MAYBE_NUMBER,
        },
    }
)

SNAPSHOTS = vol.Schema(
    {
        **_AREA,
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
    {**_AREA, vol.Required("substations"): [str], vol.Required("count"): int}
)

SUBSTATION_SUMMARY = vol.Schema(
    {
        **_AREA,
        vol.Required("substation_name"): str,
        vol.Required("period_hours"): int,
        vol.Required("snapshot_count", description="Readings."): int,
        vol.Required("min_kw", description="kW."): NUMBER,
        vol.Required("max_kw", description="kW."): NUMBER,
        vol.Required("avg_kw", description="kW."): NUMBER,
        vol.Required("avg_pf", description=_TRUE_FACTOR): MAYBE_NUMBER,
    }
)
