"""Shapes of the answers at the predecessor's paths.

Its names keep their meaning: ``per_kwh`` and ``cost`` are cents with upstream's sign,
the figures of ``cost-stats`` are AUD, and what export earns is positive there. What it
rounded keeps all of upstream's digits.
"""

import voluptuous as vol

from energy_logger_server.web.datasets.columns import PRICED, UNKNOWN
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.checks import MAYBE_NUMBER, MAYBE_TEXT, NUMBER, TIME

_INTERVAL = {
    vol.Required("site_id"): str,
    vol.Required(
        "nem_time", description="End of the interval, NEM time (UTC+10 all year)."
    ): TIME,
    vol.Required("aest_time", description="The same, by the predecessor's name."): TIME,
    vol.Required("duration_minutes"): int,
    vol.Required("channel_type", description="general, controlledLoad, feedIn."): str,
}

_PRICE = {
    **_INTERVAL,
    vol.Required(
        "per_kwh", description="Cents; on feed-in negative when you are paid."
    ): NUMBER,
    vol.Required("spot_per_kwh", description="Cents."): MAYBE_NUMBER,
    vol.Required(
        "price_aud_per_kwh", description="You pay on import, you earn on feed-in."
    ): NUMBER,
    vol.Required("renewables", description="Per cent."): MAYBE_NUMBER,
    vol.Required("descriptor"): MAYBE_TEXT,
    vol.Required("spike_status"): MAYBE_TEXT,
    vol.Required("is_settled", description="Whether no change is expected."): bool,
}

PRICE_ROWS = vol.Schema([vol.Schema(_PRICE)])

_ADVANCED = "Cents, upstream's sign; on feed-in low is the maximum."
_RANGE = "Cents; band of the spot price."

COMBINED = vol.Schema(
    {
        vol.Required("historical"): [vol.Schema(_PRICE)],
        vol.Required("forecast"): [
            vol.Schema(
                {
                    **_PRICE,
                    vol.Required(
                        "forecast_type", description="Upstream's type of interval."
                    ): str,
                    vol.Required("advanced_price_low", description=_ADVANCED): (
                        MAYBE_NUMBER
                    ),
                    vol.Required("advanced_price_predicted", description=_ADVANCED): (
                        MAYBE_NUMBER
                    ),
                    vol.Required("advanced_price_high", description=_ADVANCED): (
                        MAYBE_NUMBER
                    ),
                    vol.Required("range_low", description=_RANGE): MAYBE_NUMBER,
                    vol.Required("range_high", description=_RANGE): MAYBE_NUMBER,
                    vol.Required(
                        "generated_at",
                        description="The site's newest answer that changed its "
                        "forecast, UTC.",
                    ): TIME,
                }
            )
        ],
    }
)

USAGE_ROWS = vol.Schema(
    [
        vol.Schema(
            {
                **_INTERVAL,
                vol.Required("channel_id", description="Register, such as E1."): str,
                vol.Required("kwh", description="Upstream's sign."): NUMBER,
                vol.Required(
                    "cost",
                    description=f"Cents, 4 decimals, negative is a credit; {UNKNOWN}",
                ): MAYBE_NUMBER,
                vol.Required(
                    "cost_aud",
                    description=f"Cost of import, earnings of feed-in; {UNKNOWN}",
                ): MAYBE_NUMBER,
                vol.Required("quality"): MAYBE_TEXT,
            }
        )
    ]
)

_UNPRICED = {
    vol.Required(
        "unpriced_share",
        description="Share of the covered time whose cost upstream does not know.",
    ): MAYBE_NUMBER
}
_TOTALS = {
    vol.Required(
        "total_cost", description=f"AUD: import less export, {PRICED}"
    ): MAYBE_NUMBER,
    vol.Required(
        "avg_daily_cost", description="AUD: of the days with data; 0 without any."
    ): MAYBE_NUMBER,
    vol.Required("total_import_cost", description="AUD."): MAYBE_NUMBER,
    vol.Required(
        "total_export_cost", description="AUD, positive when you earn."
    ): MAYBE_NUMBER,
    vol.Required("total_kwh_import"): NUMBER,
    vol.Required("total_kwh_export", description="Positive."): NUMBER,
    vol.Required("days_with_data"): int,
    **_UNPRICED,
}

COST_STATS = vol.Schema(
    {
        **_TOTALS,
        vol.Required("sites", description="The same for each site."): [
            vol.Schema({vol.Required("site_id"): str, **_TOTALS})
        ],
        vol.Required("daily_data", description="The newest first."): [
            vol.Schema(
                {
                    vol.Required("date", description="NEM date."): Day(),
                    vol.Required("site_id"): str,
                    vol.Required("daily_cost_import", description="AUD."): (
                        MAYBE_NUMBER
                    ),
                    vol.Required(
                        "daily_cost_export", description="AUD, positive when you earn."
                    ): MAYBE_NUMBER,
                    vol.Required(
                        "daily_cost_net", description="AUD: import less export."
                    ): MAYBE_NUMBER,
                    vol.Required("daily_kwh_import"): NUMBER,
                    vol.Required("daily_kwh_export", description="Positive."): NUMBER,
                    vol.Required("record_count", description="Intervals."): int,
                    vol.Required(
                        "is_complete", description="Whether no minute is missing."
                    ): bool,
                    **_UNPRICED,
                }
            )
        ],
    }
)
