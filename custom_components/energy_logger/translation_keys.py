"""Amber's words as Home Assistant writes them: keys of translations."""

DESCRIPTORS = {
    "extremelyLow": "extremely_low",
    "veryLow": "very_low",
    "low": "low",
    "neutral": "neutral",
    "high": "high",
    "spike": "spike",
    "negative": "negative",
}
"""How dear it is."""

TARIFF_PERIODS = {
    "offPeak": "off_peak",
    "shoulder": "shoulder",
    "solarSponge": "solar_sponge",
    "peak": "peak",
}

SPIKE_STATUSES = {"none": "none", "potential": "potential", "spike": "spike"}

QUALITIES = {"estimated": "estimated", "billable": "billable"}
"""How sure a usage figure is."""
