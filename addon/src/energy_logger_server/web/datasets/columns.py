"""Columns of each set of data, the same in exports and in histories as CSV.

The first ones of load and substations are the predecessor's, in its order. Names carry
their unit where it is not the kW of ``load_kw``: cents are upstream's, with upstream's
sign; AUD and energy are positive in the channel's normal direction.
"""

ENERGY = "kWh drawn, or fed in on feed-in; negative where import was taken back."
"""What ``energy_kwh`` is, in every answer that has one."""

UNKNOWN = "null where upstream does not know it."
"""Of a number that upstream leaves out although it tells the record."""

UNPRICED = "How much of it has a cost that upstream does not know: no sum holds it."
"""What ``unpriced_minutes`` are."""

PRICED = "of what has a known cost, null where nothing has."
"""Of which part a sum of money is."""

LOAD = ("timestamp", "load_kw", "is_settled")

SUBSTATIONS = (
    "snapshot_time",
    "substation_name",
    "kw",
    "kvar",
    "pf",
    "quality",
    "quality_now",
)

_INTERVAL = ("nem_time", "starts_at", "ends_at", "duration_minutes")
_TARIFF = ("tariff_period", "tariff_season", "tariff_block", "demand_window")

PRICES = (
    *_INTERVAL,
    "channel_type",
    "type",
    "price_cents_per_kwh",
    "spot_cents_per_kwh",
    "price_aud_per_kwh",
    "renewables_percent",
    "spike_status",
    "descriptor",
    "estimate",
    *_TARIFF,
    "range_min_cents_per_kwh",
    "range_max_cents_per_kwh",
    "advanced_low_cents_per_kwh",
    "advanced_predicted_cents_per_kwh",
    "advanced_high_cents_per_kwh",
    "is_settled",
)

FORECASTS = (*PRICES, "fetched_at")

LOAD_FORECASTS = ("timestamp", "series", "load_kw", "fetched_at")

USAGE = (
    *_INTERVAL,
    "channel_identifier",
    "channel_type",
    "energy_kwh",
    "cost_cents",
    "cost_aud",
    "price_cents_per_kwh",
    "spot_cents_per_kwh",
    "renewables_percent",
    "quality",
    "spike_status",
    "descriptor",
    *_TARIFF,
)
COSTS = (
    "date",
    "channel_identifier",
    "channel_type",
    "energy_kwh",
    "cost_cents",
    "cost_aud",
    "minutes",
    "estimated_minutes",
    "unpriced_minutes",
)

_CENTS_PER_KWH = "c/kWh"

UNITS = {
    "load_kw": "kW",
    "kw": "kW",
    "kvar": "kVAR",
    "duration_minutes": "min",
    "price_cents_per_kwh": _CENTS_PER_KWH,
    "spot_cents_per_kwh": _CENTS_PER_KWH,
    "price_aud_per_kwh": "AUD/kWh",
    "renewables_percent": "%",
    "range_min_cents_per_kwh": _CENTS_PER_KWH,
    "range_max_cents_per_kwh": _CENTS_PER_KWH,
    "advanced_low_cents_per_kwh": _CENTS_PER_KWH,
    "advanced_predicted_cents_per_kwh": _CENTS_PER_KWH,
    "advanced_high_cents_per_kwh": _CENTS_PER_KWH,
    "energy_kwh": "kWh",
    "cost_cents": "c",
    "cost_aud": "AUD",
    "minutes": "min",
    "estimated_minutes": "min",
    "unpriced_minutes": "min",
}
"""The unit of each column that has one."""

TIMES = frozenset({"timestamp", "snapshot_time", "starts_at", "ends_at", "fetched_at"})
"""Columns of instants in the zone that was asked for."""
