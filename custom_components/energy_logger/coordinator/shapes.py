"""Records as Home Assistant shows them: words of Amber as keys of translations, JSON.

Times are ISO 8601 with offset, money is AUD, and numbers are positive in the channel's
normal direction: you pay on import, you earn on feed-in.
"""

from homeassistant.util.json import JsonObjectType

from custom_components.energy_logger.api.amber_models import Interval, Price, Usage
from custom_components.energy_logger.api.kamo_models import LoadPoint

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


def forecast_as_dict(price: Price) -> JsonObjectType:
    """Return a price in the shape that planners read from ``forecasts``.

    Amber's own forecast is left out where there is none. Words that are not known yet
    are null.
    """
    fields: JsonObjectType = {
        **_span(price),
        "per_kwh": price.price_aud_per_kwh,
        "spot_per_kwh": price.spot_aud_per_kwh,
        "renewables": price.renewables_percent,
        "spike_status": SPIKE_STATUSES.get(price.spike_status or ""),
        "descriptor": DESCRIPTORS.get(price.descriptor or ""),
    }
    band = price.advanced_price_aud
    if band is not None:
        fields["advanced_price_low"] = band.low
        fields["advanced_price_predicted"] = band.predicted
        fields["advanced_price_high"] = band.high
    return fields


def price_as_dict(price: Price) -> JsonObjectType:
    """Return a price of any life; ``estimate`` says that it may still change."""
    return {**forecast_as_dict(price), "estimate": not price.is_settled}


def usage_as_dict(usage: Usage) -> JsonObjectType:
    """Return the energy of one register: kWh and AUD."""
    return {
        **_span(usage),
        "register": usage.channel_identifier,
        "energy_kwh": usage.directed_energy_kwh,
        "cost": usage.cost_aud,
        "per_kwh": usage.price_aud_per_kwh,
        "quality": QUALITIES.get(usage.quality or ""),
    }


def load_as_dict(point: LoadPoint) -> JsonObjectType:
    """Return an hour of an area's load, by the instant that KAMO labels it with."""
    return {"time": point.hour_at.isoformat(), "load_kw": point.load_kw}


def _span(interval: Interval) -> JsonObjectType:
    return {
        "start_time": interval.starts_at.isoformat(),
        "end_time": interval.ends_at.isoformat(),
        "duration": interval.duration_minutes,
    }
