"""Forecasts and figures of the household as answers show them.

Numbers that were added up or averaged are rounded to the digits that upstream gives.
"""

from energy_logger_server.api.channels import directed_aud
from energy_logger_server.domain.costs import (
    Money,
    RegisterCost,
    aud,
    covered_days,
    estimated_share,
    kwh,
    unpriced_share,
)
from energy_logger_server.store.amber.forecast import KnownPrice
from energy_logger_server.store.amber.stats import PriceSummary, UsageSummary

from .fields import Fields, price, rounded, utc_text, whole

_CENTS_DIGITS = 5
_AUD_DIGITS = 7
_MONEY_DIGITS = 6
_KW_DIGITS = 3
_PERCENT_DIGITS = 3
_SHARE_DIGITS = 4
_E4 = 10_000


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
        "mean_spot_cents_per_kwh": _rounded(
            summary.mean_spot_cents_per_kwh, _CENTS_DIGITS
        ),
        "min_aud_per_kwh": low,
        "max_aud_per_kwh": high,
        "mean_aud_per_kwh": directed_aud(summary.mean_cents_per_kwh, channel),
        "mean_renewables_percent": _rounded(
            summary.mean_renewables_percent, _PERCENT_DIGITS
        ),
        "spike_count": summary.spike_intervals,
        "spike_minutes": summary.spike_minutes,
    }


def usage_summary(summary: UsageSummary) -> Fields:
    """Return the figures of a register."""
    cost = summary.cost
    hours = cost.minutes / 60
    return {
        **register(cost),
        "interval_count": cost.intervals,
        "min_kw": rounded(summary.min_kw, _KW_DIGITS),
        "max_kw": rounded(summary.max_kw, _KW_DIGITS),
        "mean_kw": rounded(cost.energy_kwh / hours, _KW_DIGITS),
    }


def register(cost: RegisterCost) -> Fields:
    """Return energy and money of a register."""
    return {
        "channel_identifier": cost.identifier,
        "channel_type": cost.channel_type,
        "energy_kwh": whole(cost.energy_kwh),
        "cost_cents": whole(cost.cost_cents),
        "cost_aud": whole(cost.cost_aud),
        "minutes": cost.minutes,
        "estimated_minutes": cost.estimated_minutes,
        "unpriced_minutes": cost.unpriced_minutes,
    }


def money(sums: Money) -> Fields:
    """Return import, export and what is left to pay, in kWh, AUD and cents."""
    return {
        "import_kwh": whole(kwh(sums.import_e3)),
        "export_kwh": whole(kwh(sums.export_e3)),
        "import_cost_aud": whole(aud(sums.import_e4)),
        "export_credit_aud": whole(aud(sums.export_e4)),
        "net_cost_aud": whole(aud(sums.net_e4)),
        "import_cost_cents": whole(_cents(sums.import_e4)),
        "export_credit_cents": whole(_cents(sums.export_e4)),
        "net_cost_cents": whole(_cents(sums.net_e4)),
    }


def _cents(cents_e4: int | None) -> float | None:
    return None if cents_e4 is None else cents_e4 / _E4


def means(registers: tuple[RegisterCost, ...]) -> Fields:
    """Return what a day and a kilowatt-hour come to; None where there is neither."""
    sums = Money.of(registers)
    days = covered_days(registers)
    return {
        "covered_days": round(days, _SHARE_DIGITS),
        **shares(registers),
        "net_cost_aud_per_day": _quotient(aud(sums.net_e4), days, _MONEY_DIGITS),
        "import_kwh_per_day": _quotient(kwh(sums.import_e3), days, _KW_DIGITS),
        "export_kwh_per_day": _quotient(kwh(sums.export_e3), days, _KW_DIGITS),
        "import_aud_per_kwh": _quotient(
            aud(sums.import_e4), kwh(sums.priced_import_e3), _AUD_DIGITS
        ),
        "export_aud_per_kwh": _quotient(
            aud(sums.export_e4), kwh(sums.priced_export_e3), _AUD_DIGITS
        ),
    }


def shares(registers: tuple[RegisterCost, ...]) -> Fields:
    """Return how much of the covered time is estimated, and how much has no cost."""
    return {
        "estimated_share": _rounded(estimated_share(registers), _SHARE_DIGITS),
        "unpriced_share": _rounded(unpriced_share(registers), _SHARE_DIGITS),
    }


def _quotient(total: float | None, parts: float, digits: int) -> float | None:
    return rounded(total / parts, digits) if total is not None and parts else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else rounded(value, digits)
