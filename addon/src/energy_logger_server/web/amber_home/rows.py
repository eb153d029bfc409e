"""Rows with the predecessor's names: upstream's numbers, cents and signs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.domain.costs.costs import (
    CostDay,
    Money,
    RegisterCost,
    aud,
    kwh,
    unpriced_share,
)
from energy_logger_server.web.datasets.fields import nem_text, rounded, utc_text

from .answers import (
    CostStatsAnswer,
    CostTotals,
    DayCosts,
    ForecastRow,
    IntervalRow,
    PriceRow,
    UsageRow,
)

_MONEY_DIGITS = 6


def historical_row(site_id: str, price: Price) -> PriceRow:
    """Return a price."""
    return {
        **_interval(site_id, price),
        "per_kwh": price.price_cents_per_kwh,
        "spot_per_kwh": price.spot_cents_per_kwh,
        "price_aud_per_kwh": price.price_aud_per_kwh,
        "renewables": price.renewables_percent,
        "descriptor": price.descriptor,
        "spike_status": price.spike_status,
        "is_settled": price.is_settled,
    }


def forecast_row(site_id: str, price: Price, generated_at: datetime) -> ForecastRow:
    """Return a price to come.

    The predecessor's columns of the range were always empty: it looked for ``low`` and
    ``high``, which upstream calls ``min`` and ``max``.
    """
    band, advanced = price.spot_range, price.advanced_price
    return {
        **historical_row(site_id, price),
        "forecast_type": price.type,
        "advanced_price_low": advanced.low_cents_per_kwh if advanced else None,
        "advanced_price_predicted": advanced.predicted_cents_per_kwh
        if advanced
        else None,
        "advanced_price_high": advanced.high_cents_per_kwh if advanced else None,
        "range_low": band.min_cents_per_kwh if band else None,
        "range_high": band.max_cents_per_kwh if band else None,
        "generated_at": utc_text(generated_at),
    }


def usage_row(site_id: str, usage: Usage) -> UsageRow:
    """Return the usage of a register."""
    return {
        **_interval(site_id, usage),
        "channel_id": usage.channel_identifier,
        "kwh": usage.energy_kwh,
        "cost": usage.cost_cents,
        "cost_aud": usage.cost_aud,
        "quality": usage.quality,
    }


def cost_stats(days_of_sites: Mapping[str, Sequence[CostDay]]) -> CostStatsAnswer:
    """Return what some days cost: all sites together, each site, and each day."""
    days = [(site_id, one) for site_id, found in days_of_sites.items() for one in found]
    # as the predecessor had it: the newest first
    days.sort(key=lambda row: row[1].day, reverse=True)
    return {
        **_totals([one for _site_id, one in days]),
        "sites": [
            {"site_id": site_id, **_totals(found)}
            for site_id, found in days_of_sites.items()
        ],
        "daily_data": [_day(site_id, one) for site_id, one in days],
    }


def _totals(days: Sequence[CostDay]) -> CostTotals:
    sums = Money.of(_registers(days))
    dates = len({one.day for one in days})
    total = aud(sums.net_e4)
    return {
        "total_cost": total,
        "avg_daily_cost": None if total is None else _mean(total, dates),
        "total_import_cost": aud(sums.import_e4),
        "total_export_cost": aud(sums.export_e4),
        "total_kwh_import": kwh(sums.import_e3),
        "total_kwh_export": kwh(sums.export_e3),
        "days_with_data": dates,
        "unpriced_share": unpriced_share(_registers(days)),
    }


def _mean(total: float, dates: int) -> float:
    return rounded(total / dates, _MONEY_DIGITS) if dates else 0.0


def _day(site_id: str, one: CostDay) -> DayCosts:
    sums = Money.of(one.registers)
    return {
        "date": one.day.isoformat(),
        "site_id": site_id,
        "daily_cost_import": aud(sums.import_e4),
        "daily_cost_export": aud(sums.export_e4),
        "daily_cost_net": aud(sums.net_e4),
        "daily_kwh_import": kwh(sums.import_e3),
        "daily_kwh_export": kwh(sums.export_e3),
        "record_count": sum(cost.intervals for cost in one.registers),
        "is_complete": one.is_complete,
        "unpriced_share": unpriced_share(one.registers),
    }


def _registers(days: Sequence[CostDay]) -> list[RegisterCost]:
    return [cost for one in days for cost in one.registers]


def _interval(site_id: str, record: Interval) -> IntervalRow:
    nem_time = nem_text(record.ends_at)
    return {
        "site_id": site_id,
        "nem_time": nem_time,
        "aest_time": nem_time,
        "duration_minutes": record.duration_minutes,
        "channel_type": record.channel_type,
    }
