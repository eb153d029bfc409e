"""Shapes of exports in JSON; each row has the columns that were asked for."""

from collections.abc import Mapping, Sequence

import voluptuous as vol

from energy_logger_server.web.datasets.columns import (
    COSTS,
    ENERGY,
    FORECASTS,
    LOAD,
    LOAD_FORECASTS,
    PRICES,
    SUBSTATIONS,
    UNKNOWN,
    UNPRICED,
    USAGE,
)
from energy_logger_server.web.http.checks import MAYBE_NUMBER, MAYBE_TEXT, NUMBER, TIME

_MAYBE_FLAG = vol.Any(bool, None)
_MAYBE_COUNT = vol.Any(int, None)
_CENTS = "Upstream's cents and sign."
_AUD = "Positive in the channel's normal direction."

_FIELDS: dict[str, tuple[object, str]] = {
    "timestamp": (TIME, "What KAMO's label names."),
    "load_kw": (NUMBER, "kW."),
    "is_settled": (bool, "Whether no change is expected."),
    "snapshot_time": (TIME, "The minute of the fetch."),
    "substation_name": (str, ""),
    "kw": (NUMBER, "Load, kW."),
    "kvar": (MAYBE_NUMBER, f"Reactive power, kVAR, KAMO's sign; {UNKNOWN}"),
    "pf": (MAYBE_NUMBER, f"Power factor with the sign of kVAR; {UNKNOWN}"),
    "quality": (_MAYBE_FLAG, "KAMO's flag."),
    "quality_now": (_MAYBE_FLAG, "KAMO's flag."),
    "series": (str, "KAMO's name of the line."),
    "fetched_at": (TIME, "When this value was first fetched."),
    "nem_time": (TIME, "End, NEM time (UTC+10)."),
    "starts_at": (TIME, "True start."),
    "ends_at": (TIME, "End."),
    "duration_minutes": (int, "Length."),
    "channel_identifier": (str, "The register."),
    "channel_type": (str, "general, controlledLoad or feedIn."),
    "type": (str, "Upstream's kind of interval."),
    "price_cents_per_kwh": (NUMBER, _CENTS),
    "spot_cents_per_kwh": (MAYBE_NUMBER, "Wholesale part, c/kWh with GST."),
    "price_aud_per_kwh": (NUMBER, _AUD),
    "renewables_percent": (MAYBE_NUMBER, "Share in the grid; may pass 100."),
    "spike_status": (MAYBE_TEXT, ""),
    "descriptor": (MAYBE_TEXT, ""),
    "estimate": (_MAYBE_FLAG, "Whether a current price may still change."),
    "tariff_period": (MAYBE_TEXT, ""),
    "tariff_season": (MAYBE_TEXT, ""),
    "tariff_block": (_MAYBE_COUNT, ""),
    "demand_window": (_MAYBE_FLAG, "Whether use now counts for the demand charge."),
    "range_min_cents_per_kwh": (MAYBE_NUMBER, _CENTS),
    "range_max_cents_per_kwh": (MAYBE_NUMBER, _CENTS),
    "advanced_low_cents_per_kwh": (MAYBE_NUMBER, _CENTS),
    "advanced_predicted_cents_per_kwh": (MAYBE_NUMBER, _CENTS),
    "advanced_high_cents_per_kwh": (MAYBE_NUMBER, _CENTS),
    "energy_kwh": (NUMBER, ENERGY),
    "cost_cents": (MAYBE_NUMBER, f"Upstream's sign, negative is a credit; {UNKNOWN}"),
    "cost_aud": (MAYBE_NUMBER, f"Cost of import, earnings of feed-in; {UNKNOWN}"),
    "date": (str, "NEM date."),
    "minutes": (int, "How much of the day is known."),
    "estimated_minutes": (int, "How much of that may still change."),
    "unpriced_minutes": (int, UNPRICED),
}
_USAGE_FIELDS = {
    "quality": (MAYBE_TEXT, "estimated or billable."),
    "price_cents_per_kwh": (MAYBE_NUMBER, f"Upstream's cents and sign; {UNKNOWN}"),
}
_OF_AREA = {
    vol.Required("area_id", description="KAMO's number."): int,
    vol.Required("area_name"): str,
}
_OF_SITE = {vol.Required("site_id"): str}


def _export(
    subject: Mapping[vol.Required, object],
    columns: Sequence[str],
    others: Mapping[str, tuple[object, str]] | None = None,
) -> vol.Schema:
    fields = {**_FIELDS, **(others or {})}
    return vol.Schema(
        {
            **subject,
            vol.Required("exported_at", description="UTC."): TIME,
            vol.Required("data"): [
                {
                    vol.Optional(name, description=fields[name][1]): fields[name][0]
                    for name in columns
                }
            ],
            vol.Required(
                "record_count", description="Behind the data: only the end knows it."
            ): int,
        }
    )


LOAD_EXPORT = _export(_OF_AREA, LOAD)
SUBSTATION_EXPORT = _export(_OF_AREA, SUBSTATIONS)
PRICE_EXPORT = _export(_OF_SITE, PRICES)
USAGE_EXPORT = _export(_OF_SITE, USAGE, _USAGE_FIELDS)
COST_EXPORT = _export(_OF_SITE, COSTS)
FORECAST_EXPORT = vol.Any(
    _export(_OF_AREA, LOAD_FORECASTS), _export(_OF_SITE, FORECASTS)
)
