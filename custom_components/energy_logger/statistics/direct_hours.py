"""Hours out of the utilities' own intervals, as our server would answer; pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from math import fsum

from custom_components.energy_logger.api.amber_models import Price, Usage
from custom_components.energy_logger.api.channels import directed_aud
from custom_components.energy_logger.api.kamo_models import AreaGrid
from custom_components.energy_logger.api.server_hours import (
    LoadHour,
    PriceHour,
    UsageHour,
)

from .hours import DIGITS, HOUR, hour_of


def usage_hours_of(records: Iterable[Usage]) -> list[UsageHour]:
    """Return the hours that intervals of usage begin in, by register.

    Args:
        records: Of any registers; of two for one interval the last counts.
    """
    intervals: defaultdict[tuple[datetime, str], dict[datetime, Usage]]
    intervals = defaultdict(dict)
    for one in records:
        key = hour_of(one.starts_at), one.channel_identifier
        intervals[key][one.ends_at] = one
    return [_usage_hour(at, [*found.values()]) for (at, _), found in intervals.items()]


def price_hours_of(records: Iterable[Price]) -> list[PriceHour]:
    """Return the hours that intervals with a settled price begin in, by channel.

    Args:
        records: Of any channels; of two for one interval the last counts.
    """
    intervals: defaultdict[tuple[datetime, str], dict[datetime, Price]]
    intervals = defaultdict(dict)
    for one in records:
        if one.is_settled:
            key = hour_of(one.starts_at), one.channel_type
            intervals[key][one.ends_at] = one
    return [_price_hour(at, [*found.values()]) for (at, _), found in intervals.items()]


def load_hours_of(grid: AreaGrid) -> list[LoadHour]:
    """Return the measured hours of an answer; one that was running is not settled."""
    return [
        LoadHour(one.hour_at, one.load_kw, one.hour_at + HOUR <= grid.fetched_at)
        for one in grid.actual
    ]


def _usage_hour(at: datetime, records: list[Usage]) -> UsageHour:
    known = [one.cost_aud for one in records if one.cost_aud is not None]
    return UsageHour(
        start_at=at,
        channel_identifier=records[0].channel_identifier,
        channel_type=records[0].channel_type,
        energy_kwh=round(fsum(one.directed_energy_kwh for one in records), DIGITS),
        money_aud=round(fsum(known), DIGITS) if known else None,
        minutes=sum(one.duration_minutes for one in records),
        unpriced_minutes=sum(
            one.duration_minutes for one in records if one.cost_cents is None
        ),
    )


def _price_hour(at: datetime, records: list[Price]) -> PriceHour:
    minutes = sum(one.duration_minutes for one in records)
    weighted = fsum(one.price_cents_per_kwh * one.duration_minutes for one in records)
    channel_type = records[0].channel_type
    prices = [one.price_aud_per_kwh for one in records]
    return PriceHour(
        start_at=at,
        channel_type=channel_type,
        mean_aud_per_kwh=directed_aud(weighted / minutes, channel_type),
        least_aud_per_kwh=min(prices),
        greatest_aud_per_kwh=max(prices),
        minutes=minutes,
    )
