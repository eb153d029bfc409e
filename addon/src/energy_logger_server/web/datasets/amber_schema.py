"""Shapes of Amber's records in answers.

Upstream's fields keep its names, cents and signs (Amber OpenAPI 2.0.0); unknown ones
are passed on. Beside them stands the view in AUD, positive in the channel's normal
direction: you pay on import, you earn on feed-in.
"""

import voluptuous as vol

from energy_logger_server.web.http.checks import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    TIME,
)

from .columns import ENERGY, UNKNOWN

_CENTS = "c/kWh with GST on import; on feed-in without GST, negative when you are paid."
_ANY_OBJECT = vol.Schema({}, extra=vol.ALLOW_EXTRA)

_INTERVAL = {
    vol.Optional("type", description="Upstream's kind of interval."): str,
    vol.Optional("date", description="NEM date."): str,
    vol.Required("duration", description="Minutes."): int,
    vol.Optional("startTime", description="One second after the true start."): str,
    vol.Optional("endTime", description="End, UTC."): str,
    vol.Optional("nemTime", description="End, NEM time (UTC+10)."): str,
    vol.Optional(
        "spotPerKwh", description="Wholesale part, c/kWh with GST."
    ): MAYBE_NUMBER,
    vol.Optional(
        "renewables", description="Share in the grid, per cent; may pass 100."
    ): MAYBE_NUMBER,
    vol.Required("channelType"): str,
    vol.Optional("spikeStatus"): MAYBE_TEXT,
    vol.Optional("descriptor"): MAYBE_TEXT,
    vol.Optional("tariffInformation"): vol.Any(_ANY_OBJECT, None),
    vol.Required("starts_at", description="True start, NEM time."): TIME,
    vol.Required("ends_at", description="End, NEM time."): TIME,
    vol.Required(
        "spot_aud_per_kwh", description="Wholesale part, the market's sign."
    ): MAYBE_NUMBER,
}

_PRICE = {
    **_INTERVAL,
    vol.Required("perKwh", description=_CENTS): NUMBER,
    vol.Required(
        "price_aud_per_kwh", description="You pay on import, you earn on feed-in."
    ): NUMBER,
    vol.Optional("estimate"): vol.Any(bool, None),
    vol.Optional("range", description="Band of the spot price, c/kWh."): vol.Any(
        _ANY_OBJECT, None
    ),
    vol.Optional(
        "advancedPrice",
        description="Amber's own forecast, c/kWh; on feed-in low is the maximum.",
    ): vol.Any(_ANY_OBJECT, None),
    vol.Required("is_settled", description="Whether no change is expected."): bool,
    vol.Required(
        "advanced_price_aud_per_kwh",
        description="The same in AUD/kWh, low <= high.",
    ): vol.Any(
        vol.Schema(
            {
                vol.Required("low"): NUMBER,
                vol.Required("predicted"): NUMBER,
                vol.Required("high"): NUMBER,
            }
        ),
        None,
    ),
}

PRICE = vol.Schema(_PRICE, extra=vol.ALLOW_EXTRA)

EXPECTED_PRICE = vol.Schema(
    {
        **_PRICE,
        vol.Required(
            "known_at", description="When this value was first fetched, UTC."
        ): TIME,
    },
    extra=vol.ALLOW_EXTRA,
)

USAGE = vol.Schema(
    {
        **_INTERVAL,
        vol.Optional("perKwh", description=f"As of prices; {UNKNOWN}"): MAYBE_NUMBER,
        vol.Required(
            "price_aud_per_kwh", description=f"As of prices; {UNKNOWN}"
        ): MAYBE_NUMBER,
        vol.Required("channelIdentifier", description="Register, such as E1."): str,
        vol.Required("kwh", description="Upstream's sign."): NUMBER,
        vol.Optional(
            "cost", description=f"Cents, negative is a credit; {UNKNOWN}"
        ): MAYBE_NUMBER,
        vol.Optional("quality", description="estimated or billable."): MAYBE_TEXT,
        vol.Required("energy_kwh", description=ENERGY): NUMBER,
        vol.Required(
            "cost_aud", description=f"Cost of import, earnings of feed-in; {UNKNOWN}"
        ): MAYBE_NUMBER,
        vol.Required("is_estimated"): bool,
    },
    extra=vol.ALLOW_EXTRA,
)

SITE = vol.Schema(
    {
        vol.Required("id"): str,
        vol.Optional("nmi"): MAYBE_TEXT,
        vol.Optional("channels"): [_ANY_OBJECT],
        vol.Required("is_gone", description="Whether the account has it no more."): (
            bool
        ),
    },
    extra=vol.ALLOW_EXTRA,
)


def page_of(record: vol.Schema) -> vol.Schema:
    """Return the shape of a page of a history."""
    return vol.Schema(
        {
            vol.Required("site_id"): str,
            vol.Required("data", description="In ascending order of ends."): [record],
            vol.Required("count"): int,
            vol.Required(
                "truncated", description="Whether Link leads to older ones."
            ): bool,
        }
    )


CURRENT = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("timestamp", description="The moment asked about."): TIME,
        vol.Required("prices", description="One for each channel."): [PRICE],
    }
)

FORECAST = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("timestamp", description="Now."): TIME,
        vol.Required(
            "known_at",
            description="The newest answer that brought or changed a price of an "
            "interval to come, UTC.",
        ): MAYBE_TIME,
        vol.Required("prices", description="In ascending order of ends."): [
            EXPECTED_PRICE
        ],
        vol.Required("count"): int,
    }
)
