"""Prices of a site, known and expected: their columns, and their JSON."""

from collections.abc import Callable
from typing import Any

from energy_logger_server.api.amber_models import AdvancedPrice, Price, SpotRange
from energy_logger_server.api.channels import directed_aud
from energy_logger_server.store.amber.export_price_rows import MaybeNumbers, PriceRows
from energy_logger_server.store.amber.forecast import KnownPrice
from energy_logger_server.store.amber.stats import PriceSummary

from .columns import FLAG, INSTANT, TEXT, Column, Columns, amber_number
from .fields import (
    Fields,
    interval_fields,
    maybe_rounded,
    rounded,
    utc_text,
    whole,
)
from .intervals import (
    CENTS,
    CENTS_PER_KWH,
    CHANNEL_TYPE,
    DESCRIPTION,
    INTERVAL,
    RENEWABLES,
    SPOT,
    TARIFF,
    text_column,
)

_CENTS_DIGITS = 5
_PERCENT_DIGITS = 3


def _band[Band](
    name: str,
    band_of: Callable[[Price], Band | None],
    cents_of: Callable[[Band], float],
    stored: Callable[[PriceRows], MaybeNumbers],
) -> Column[Price, PriceRows]:
    """Return a column of what upstream gives of some prices only."""

    def value(record: Price) -> float | None:
        band = band_of(record)
        return None if band is None else whole(cents_of(band))

    return Column(
        name=name,
        kind=amber_number(5),
        unit=CENTS_PER_KWH,
        text=CENTS,
        is_nullable=True,
        value=value,
        stored=stored,
    )


def _range(record: Price) -> SpotRange | None:
    return record.spot_range


def _advanced(record: Price) -> AdvancedPrice | None:
    return record.advanced_price


PRICES: Columns[Price, PriceRows] = (
    *INTERVAL,
    CHANNEL_TYPE,
    text_column(
        "type",
        lambda record: record.type,
        lambda texts: texts.type,
        kind=TEXT,
        text="Upstream's kind of interval.",
        is_nullable=False,
    ),
    Column(
        name="price_cents_per_kwh",
        kind=amber_number(5),
        unit=CENTS_PER_KWH,
        text=CENTS,
        value=lambda record: whole(record.price_cents_per_kwh),
        stored=lambda rows: rows.price_e5,
    ),
    SPOT,
    Column(
        name="price_aud_per_kwh",
        kind=amber_number(7),
        unit="AUD/kWh",
        text="Positive in the channel's normal direction.",
        value=lambda record: whole(record.price_aud_per_kwh),
        stored=lambda rows: rows.price_aud_e7,
    ),
    RENEWABLES,
    *DESCRIPTION,
    text_column(
        "estimate",
        lambda record: record.estimate,
        lambda texts: texts.estimate,
        kind=FLAG,
        text="Whether a current price may still change.",
    ),
    *TARIFF,
    _band(
        "range_min_cents_per_kwh",
        _range,
        lambda band: band.min_cents_per_kwh,
        lambda rows: rows.range_min_e5,
    ),
    _band(
        "range_max_cents_per_kwh",
        _range,
        lambda band: band.max_cents_per_kwh,
        lambda rows: rows.range_max_e5,
    ),
    _band(
        "advanced_low_cents_per_kwh",
        _advanced,
        lambda band: band.low_cents_per_kwh,
        lambda rows: rows.low_e5,
    ),
    _band(
        "advanced_predicted_cents_per_kwh",
        _advanced,
        lambda band: band.predicted_cents_per_kwh,
        lambda rows: rows.predicted_e5,
    ),
    _band(
        "advanced_high_cents_per_kwh",
        _advanced,
        lambda band: band.high_cents_per_kwh,
        lambda rows: rows.high_e5,
    ),
    Column(
        name="is_settled",
        kind=FLAG,
        text="Whether no change is expected.",
        value=lambda record: record.is_settled,
        stored=lambda rows: rows.is_settled,
    ),
)

FETCHED_AT: Column[KnownPrice, PriceRows] = Column(
    name="fetched_at",
    kind=INSTANT,
    text="When this value was first fetched.",
    value=lambda known: utc_text(known.known_at),
    stored=lambda rows: rows.fetched_at,
)

FORECASTS: Columns[Any, PriceRows] = (*PRICES, FETCHED_AT)


def price(record: Price) -> Fields:
    """Return a price: upstream's object, and the view in AUD."""
    band = record.advanced_price_aud
    return {
        **record.raw,
        **interval_fields(record),
        "is_settled": record.is_settled,
        "advanced_price_aud_per_kwh": None
        if band is None
        else {
            "low": whole(band.low),
            "predicted": whole(band.predicted),
            "high": whole(band.high),
        },
    }


def expected_price(known: KnownPrice) -> Fields:
    """Return a price of a forecast."""
    return {**price(known.price), "known_at": utc_text(known.known_at)}


def price_summary(summary: PriceSummary) -> Fields:
    """Return the figures of a channel: upstream's cents, and the view in AUD."""
    channel = summary.channel_type
    edges = summary.min_cents_per_kwh, summary.max_cents_per_kwh
    low, high = sorted(directed_aud(cents, channel) for cents in edges)
    return {
        "channel_type": summary.channel_type,
        "interval_count": summary.intervals,
        "minutes": summary.minutes,
        "min_cents_per_kwh": summary.min_cents_per_kwh,
        "max_cents_per_kwh": summary.max_cents_per_kwh,
        "mean_cents_per_kwh": rounded(summary.mean_cents_per_kwh, _CENTS_DIGITS),
        "mean_spot_cents_per_kwh": maybe_rounded(
            summary.mean_spot_cents_per_kwh, _CENTS_DIGITS
        ),
        "min_aud_per_kwh": low,
        "max_aud_per_kwh": high,
        "mean_aud_per_kwh": directed_aud(summary.mean_cents_per_kwh, channel),
        "mean_renewables_percent": maybe_rounded(
            summary.mean_renewables_percent, _PERCENT_DIGITS
        ),
        "spike_count": summary.spike_intervals,
        "spike_minutes": summary.spike_minutes,
    }
