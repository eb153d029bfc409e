"""Answers at the predecessor's paths.

Its names keep their meaning: ``per_kwh`` and ``cost`` are cents with upstream's sign,
the figures of ``cost-stats`` are AUD, and what export earns is positive there. What it
rounded keeps all of upstream's digits.
"""

from typing import Annotated, TypedDict

from energy_logger_server.web.datasets.columns import PRICED, UNKNOWN
from energy_logger_server.web.http.answer_types import Date, Doc, Time

type AdvancedCents = Annotated[
    float | None, Doc("Cents, upstream's sign; on feed-in low is the maximum.")
]
type RangeCents = Annotated[float | None, Doc("Cents; band of the spot price.")]
type ExportAud = Annotated[float | None, Doc("AUD, positive when you earn.")]
type ExportKwh = Annotated[float, Doc("Positive.")]


class IntervalRow(TypedDict):
    """An interval of a channel."""

    site_id: str
    nem_time: Time
    """End of the interval, NEM time (UTC+10 all year)."""
    aest_time: Time
    """The same, by the predecessor's name."""
    duration_minutes: int
    channel_type: str
    """general, controlledLoad, feedIn."""


class PriceRow(IntervalRow):
    """A price."""

    per_kwh: float
    """Cents; on feed-in negative when you are paid."""
    spot_per_kwh: float | None
    """Cents."""
    price_aud_per_kwh: float
    """You pay on import, you earn on feed-in."""
    renewables: float | None
    """Per cent."""
    descriptor: str | None
    spike_status: str | None
    is_settled: bool
    """Whether no change is expected."""


class ForecastRow(PriceRow):
    """A price to come."""

    forecast_type: str
    """Upstream's type of interval."""
    advanced_price_low: AdvancedCents
    advanced_price_predicted: AdvancedCents
    advanced_price_high: AdvancedCents
    range_low: RangeCents
    range_high: RangeCents
    generated_at: Time
    """The site's newest answer that changed its forecast, UTC."""


class CombinedAnswer(TypedDict):
    """Prices that were, and those to come."""

    historical: list[PriceRow]
    forecast: list[ForecastRow]


class UsageRow(IntervalRow):
    """Usage of a register."""

    channel_id: str
    """Register, such as E1."""
    kwh: float
    """Upstream's sign."""
    cost: Annotated[
        float | None, Doc(f"Cents, 4 decimals, negative is a credit; {UNKNOWN}")
    ]
    cost_aud: Annotated[
        float | None, Doc(f"Cost of import, earnings of feed-in; {UNKNOWN}")
    ]
    quality: str | None


class PricedShare(TypedDict):
    """How much of a sum is known."""

    unpriced_share: float | None
    """Share of the covered time whose cost upstream does not know."""


class CostTotals(PricedShare):
    """What some days cost."""

    total_cost: Annotated[float | None, Doc(f"AUD: import less export, {PRICED}")]
    avg_daily_cost: float | None
    """AUD: of the days with data; 0 without any."""
    total_import_cost: float | None
    """AUD."""
    total_export_cost: ExportAud
    total_kwh_import: float
    total_kwh_export: ExportKwh
    days_with_data: int


class SiteCosts(CostTotals):
    """What some days cost at one site."""

    site_id: str


class DayCosts(PricedShare):
    """What one day cost at one site."""

    date: Date
    """NEM date."""
    site_id: str
    daily_cost_import: float | None
    """AUD."""
    daily_cost_export: ExportAud
    daily_cost_net: float | None
    """AUD: import less export."""
    daily_kwh_import: float
    daily_kwh_export: ExportKwh
    record_count: int
    """Intervals."""
    is_complete: bool
    """Whether no minute is missing."""


class CostStatsAnswer(CostTotals):
    """What some days cost: all sites together, each site, and each day."""

    sites: list[SiteCosts]
    """The same for each site."""
    daily_data: list[DayCosts]
    """The newest first."""
