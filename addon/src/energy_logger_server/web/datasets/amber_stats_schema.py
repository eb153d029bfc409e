"""Shapes of the figures of prices and of usage over a span."""

import voluptuous as vol

from energy_logger_server.web.http.checks import MAYBE_NUMBER, NUMBER

from .columns import shapes_of
from .costs import REGISTER

_PRICE_SUMMARY = vol.Schema(
    {
        vol.Required("channel_type"): str,
        vol.Required("interval_count"): int,
        vol.Required("minutes", description="What the intervals cover."): int,
        vol.Required("min_cents_per_kwh", description="Upstream's sign."): NUMBER,
        vol.Required("max_cents_per_kwh", description="Upstream's sign."): NUMBER,
        vol.Required(
            "mean_cents_per_kwh", description="Weighted by time; upstream's sign."
        ): NUMBER,
        vol.Required(
            "mean_spot_cents_per_kwh", description="Weighted by time."
        ): MAYBE_NUMBER,
        vol.Required(
            "min_aud_per_kwh", description="You pay on import, you earn on feed-in."
        ): NUMBER,
        vol.Required("max_aud_per_kwh"): NUMBER,
        vol.Required("mean_aud_per_kwh", description="Weighted by time."): NUMBER,
        vol.Required(
            "mean_renewables_percent", description="Weighted by time."
        ): MAYBE_NUMBER,
        vol.Required("spike_count", description="Intervals with a price spike."): int,
        vol.Required("spike_minutes"): int,
    }
)

PRICE_STATS = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("period_hours"): int,
        vol.Required("channels", description="Those with a settled price."): [
            _PRICE_SUMMARY
        ],
    }
)

USAGE_STATS = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("period_hours"): int,
        vol.Required("registers", description="Those with usage."): [
            vol.Schema(
                {
                    **shapes_of(REGISTER),
                    vol.Required("interval_count"): int,
                    vol.Required(
                        "min_kw", description="Mean power of the lowest interval."
                    ): NUMBER,
                    vol.Required(
                        "max_kw", description="Mean power of the highest interval."
                    ): NUMBER,
                    vol.Required("mean_kw", description="Over what is covered."): (
                        NUMBER
                    ),
                }
            )
        ],
    }
)
