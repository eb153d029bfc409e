"""Prices, usage and costs as rows of a table, in the order of ``columns``.

Whole numbers are written without a point, as upstream and the exports do.
"""

from datetime import date

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.domain.costs import RegisterCost

from .fields import nem_text, whole

type Cell = str | float | bool | None
"""None is an empty cell."""

type Cells = tuple[Cell, ...]


def price_row(record: Price) -> Cells:
    """Return a price in the order of ``columns.PRICES``."""
    band, advanced = record.spot_range, record.advanced_price
    return _plain(
        *_times(record),
        record.channel_type,
        record.type,
        record.price_cents_per_kwh,
        record.spot_cents_per_kwh,
        record.price_aud_per_kwh,
        record.renewables_percent,
        record.spike_status,
        record.descriptor,
        record.estimate,
        *_tariff(record),
        *(
            (None, None)
            if band is None
            else (band.min_cents_per_kwh, band.max_cents_per_kwh)
        ),
        *(
            (None, None, None)
            if advanced is None
            else (
                advanced.low_cents_per_kwh,
                advanced.predicted_cents_per_kwh,
                advanced.high_cents_per_kwh,
            )
        ),
        record.is_settled,
    )


def usage_row(record: Usage) -> Cells:
    """Return usage in the order of ``columns.USAGE``."""
    return _plain(
        *_times(record),
        record.channel_identifier,
        record.channel_type,
        record.directed_energy_kwh,
        record.cost_cents,
        record.cost_aud,
        record.price_cents_per_kwh,
        record.spot_cents_per_kwh,
        record.renewables_percent,
        record.quality,
        record.spike_status,
        record.descriptor,
        *_tariff(record),
    )


def cost_row(day: date, cost: RegisterCost) -> Cells:
    """Return what a register cost in the order of ``columns.COSTS``.

    Args:
        day: The NEM date, or the first one of the month or year.
        cost: Energy and money.
    """
    return _plain(
        day.isoformat(),
        cost.identifier,
        cost.channel_type,
        cost.energy_kwh,
        cost.cost_cents,
        cost.cost_aud,
        cost.minutes,
        cost.estimated_minutes,
        cost.unpriced_minutes,
    )


def _plain(*cells: Cell) -> Cells:
    return tuple(whole(cell) if isinstance(cell, float) else cell for cell in cells)


def _times(record: Interval) -> tuple[str, str, str, int]:
    end = nem_text(record.ends_at)
    return end, nem_text(record.starts_at), end, record.duration_minutes


def _tariff(record: Interval) -> tuple[str | None, str | None, int | None, bool | None]:
    tariff = record.tariff
    if tariff is None:
        return None, None, None, None
    return tariff.period, tariff.season, tariff.block, tariff.demand_window
