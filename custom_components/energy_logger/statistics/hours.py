"""What statistics are made of: complete UTC hours, by statistic; pure.

An hour is named by its start. Usage is split by channel, whose registers are added up;
never by sign: a cost below zero stays one, and so does energy that was taken back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import fsum
from typing import NamedTuple

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.server_hours import (
    LoadHour,
    PriceHour,
    SubstationHour,
    UsageHour,
)

from .catalogue import SiteStatistics, Statistic, area_load, substation_power

HOUR = timedelta(hours=1)

DIGITS = 9
"""Decimals of every amount and sum: all that the utilities send has fewer."""

_CHANNELS = frozenset(ChannelType)


class Mean(NamedTuple):
    """Values of one hour."""

    mean: float
    least: float
    greatest: float


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a span.

    Attributes:
        amounts: By statistic with a sum, what was added in each hour; a statistic
            without any hour in the span may be among them.
        means: By statistic without a sum, likewise.
    """

    amounts: Mapping[Statistic, Mapping[datetime, float]] = field(default_factory=dict)
    means: Mapping[Statistic, Mapping[datetime, Mean]] = field(default_factory=dict)


def hour_of(instant: datetime) -> datetime:
    """Return the start of the UTC hour that an instant (UTC) lies in."""
    return instant.replace(minute=0, second=0, microsecond=0)


def usage_hours(site: SiteStatistics, hours: Iterable[UsageHour]) -> Hours:
    """Return energy and money of a site's channels.

    An hour has energy as soon as each of its registers covers all of it, and money as
    soon as all of that is priced.

    Args:
        site: Whose.
        hours: One for an hour and register.
    """
    registers: defaultdict[tuple[str, datetime], list[UsageHour]] = defaultdict(list)
    for one in hours:
        registers[one.channel_type, one.start_at].append(one)
    energy = {channel: dict[datetime, float]() for channel in ChannelType}
    money = {channel: dict[datetime, float]() for channel in ChannelType}
    for (channel_type, at), every in registers.items():
        if channel_type not in _CHANNELS or not all(one.is_complete for one in every):
            continue
        channel = ChannelType(channel_type)
        energy[channel][at] = round(fsum(one.energy_kwh for one in every), DIGITS)
        known = [
            one.money_aud
            for one in every
            if one.money_aud is not None and not one.unpriced_minutes
        ]
        if len(known) == len(every):
            money[channel][at] = round(fsum(known), DIGITS)
    return Hours(
        amounts={
            **{site.energy(channel): found for channel, found in energy.items()},
            **{site.money(channel): found for channel, found in money.items()},
        }
    )


def price_hours(site: SiteStatistics, hours: Iterable[PriceHour]) -> Hours:
    """Return the prices of a site's channels, of hours that have one all the time.

    Args:
        site: Whose.
        hours: One for an hour and channel.
    """
    means = {channel: dict[datetime, Mean]() for channel in ChannelType}
    for one in hours:
        if one.channel_type in _CHANNELS and one.is_complete:
            means[ChannelType(one.channel_type)][one.start_at] = Mean(
                one.mean_aud_per_kwh, one.least_aud_per_kwh, one.greatest_aud_per_kwh
            )
    return Hours(means={site.price(channel): own for channel, own in means.items()})


def load_hours(area: Area, hours: Iterable[LoadHour]) -> Hours:
    """Return the load of an area in settled hours; KAMO has one value of each."""
    found = {
        one.start_at: Mean(one.load_kw, one.load_kw, one.load_kw)
        for one in hours
        if one.is_settled
    }
    return Hours(means={area_load(area): found})


def substation_hours(area: Area, hours: Iterable[SubstationHour]) -> Hours:
    """Return the load of an area's substations."""
    means: defaultdict[Statistic, dict[datetime, Mean]] = defaultdict(dict)
    for one in hours:
        means[substation_power(area, one.name)][one.start_at] = Mean(
            one.mean_kw, one.least_kw, one.greatest_kw
        )
    return Hours(means=means)


type Arrange[Hour] = Callable[[Iterable[Hour]], Hours]
"""Makes hours of statistics out of what a feed gives."""
