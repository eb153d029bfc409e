"""Shapes of the answers below ``/api/statistics``, and of their queries."""

from collections.abc import Mapping
from datetime import tzinfo

import voluptuous as vol

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.web.datasets.columns import ENERGY, PRICED, UNPRICED
from energy_logger_server.web.http.checks import (
    MAYBE_NUMBER,
    NUMBER,
    TIME,
    Matching,
    SomeText,
    WholeNumber,
)
from energy_logger_server.web.http.history_query import Moment

_LIMIT, _MOST = 1000, 10_000
_CENTS = "c/kWh; on feed-in negative when you are paid."
_AREA = {vol.Required("area_id"): int, vol.Required("area_name"): str}
_SITE = {vol.Required("site_id"): str}
_START = {vol.Required("start", description="Start of the hour, UTC."): TIME}
_MINUTES = {vol.Required("minutes", description="How much of it is covered."): int}

_PRICE_HOUR = vol.Schema(
    {
        **_START,
        vol.Required("channel_type"): str,
        vol.Required("mean_cents_per_kwh", description=_CENTS): NUMBER,
        vol.Required("min_cents_per_kwh", description=_CENTS): NUMBER,
        vol.Required("max_cents_per_kwh", description=_CENTS): NUMBER,
        vol.Required(
            "mean_aud_per_kwh", description="You pay on import, you earn on feed-in."
        ): NUMBER,
        **_MINUTES,
        vol.Required("intervals", description="How many prices."): int,
    }
)
_USAGE_HOUR = vol.Schema(
    {
        **_START,
        vol.Required("channel_identifier", description="The register."): str,
        vol.Required("channel_type"): str,
        vol.Required("energy_kwh", description=ENERGY): NUMBER,
        vol.Required(
            "cost_cents", description=f"Negative is a credit; {PRICED}"
        ): MAYBE_NUMBER,
        vol.Required(
            "cost_aud", description=f"Cost on import, earnings on feed-in; {PRICED}"
        ): MAYBE_NUMBER,
        **_MINUTES,
        vol.Required(
            "estimated_minutes", description="How much may still be revised."
        ): int,
        vol.Required("unpriced_minutes", description=UNPRICED): int,
    }
)
_LOAD_HOUR = vol.Schema(
    {
        **_START,
        vol.Required("mean_kw", description="KAMO's value of the hour, kW."): NUMBER,
        vol.Required(
            "is_settled", description="Whether it was read after the hour was over."
        ): bool,
    }
)
_SUBSTATION_HOUR = vol.Schema(
    {
        **_START,
        vol.Required("substation_name"): str,
        vol.Required("mean_kw", description="kW."): NUMBER,
        vol.Required("min_kw", description="kW."): NUMBER,
        vol.Required("max_kw", description="kW."): NUMBER,
        vol.Required(
            "mean_kvar",
            description="kVAR, KAMO's sign: of the readings that have it, null where "
            "none has.",
        ): MAYBE_NUMBER,
        vol.Required(
            "power_factor",
            description="Of the sums of these readings: P / sqrt(P^2 + Q^2), 0 to 1; "
            "null without power.",
        ): MAYBE_NUMBER,
        vol.Required("readings", description="How often it was read."): int,
    }
)


def _page(owner: Mapping[vol.Required, type], hour: vol.Schema) -> vol.Schema:
    return vol.Schema(
        {
            **owner,
            vol.Required("data", description="In the order of change."): [hour],
            vol.Required("count"): int,
            vol.Required(
                "truncated", description="Whether there is more already, behind Link."
            ): bool,
            vol.Required(
                "cursor",
                description="Keep it: sent as since, it leads to what is added or "
                "revised later.",
            ): str,
        }
    )


PRICES = _page(_SITE, _PRICE_HOUR)
USAGE = _page(_SITE, _USAGE_HOUR)
LOAD = _page(_AREA, _LOAD_HOUR)
SUBSTATIONS = _page(_AREA, _SUBSTATION_HOUR)


def _query(zone: tzinfo) -> vol.Schema:
    return vol.Schema(
        {
            vol.Optional("since"): Matching(
                "[0-9]{1,12}(-[0-9]{1,12}){3}", "must be the cursor of an answer"
            ),
            vol.Optional("start"): Moment(zone, is_end=False),
            vol.Optional("end"): Moment(zone, is_end=True),
            vol.Optional("limit", default=str(_LIMIT)): WholeNumber(1, _MOST),
        }
    )


OF_SITE = _query(NEM_TIME)
OF_AREA = _query(CENTRAL)
OF_SUBSTATIONS = OF_AREA.extend({vol.Optional("substation"): SomeText()})
