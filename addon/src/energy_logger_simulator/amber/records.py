"""One record of an answer: keys in Amber's order, number formats, labels."""

from bisect import bisect_right
from typing import Any, NamedTuple

from energy_logger_server.api.amber_models import Quality
from energy_logger_server.api.channels import ChannelType

from .market.forecast import SPIKE_CENTS
from .market.intervals import PriceInterval
from .market.labels import Labels
from .market.tariff import TariffSlot
from .sites import SimulatedChannel

_DESCRIPTORS = ("extremelyLow", "veryLow", "low", "neutral", "high", "spike")
_DESCRIPTOR_BOUNDS_CENTS = (12.0, 27.0, 42.0, 60.0, 100.0)
_HIGH_EXPORT_CENTS = -4.5


class Seen(NamedTuple):
    """An interval with what the records of all its channels need.

    Attributes:
        interval: Spot price and life.
        times: The time fields.
        tariff: The tariff of its half hour.
    """

    interval: PriceInterval
    times: Labels
    tariff: TariffSlot


def price_record(seen: Seen, channel: ChannelType) -> dict[str, Any]:
    """Return one channel's price record of an interval."""
    interval, times, tariff = seen
    spot = interval.spot
    per_kwh = tariff.per_kwh(channel, spot)
    record: dict[str, Any] = {
        "type": interval.type,
        "date": times.date,
        "duration": 5 * interval.fives,
        "startTime": times.start_time,
        "endTime": times.end_time,
        "nemTime": times.nem_time,
        "perKwh": plain(per_kwh),
        "renewables": plain(interval.renewables),
        "spotPerKwh": plain(spot),
        "channelType": channel.value,
        "spikeStatus": interval.spike_status,
    }
    if channel is not ChannelType.FEED_IN and tariff.tariff_information is not None:
        record["tariffInformation"] = tariff.tariff_information
    record["descriptor"] = descriptor_of(channel, per_kwh, spot)
    if interval.estimate is not None:
        record["estimate"] = interval.estimate
    if interval.spread is not None:
        minimum, maximum = interval.spread
        record["range"] = {"min": plain(minimum), "max": plain(maximum)}
    if interval.advanced is not None:
        low, predicted, high = interval.advanced
        record["advancedPrice"] = {
            "low": plain(tariff.per_kwh(channel, low)),
            "predicted": plain(tariff.per_kwh(channel, predicted)),
            "high": plain(tariff.per_kwh(channel, high)),
        }
    return record


def usage_record(
    seen: Seen, channel: SimulatedChannel, quality: Quality, energy_wh: int
) -> dict[str, Any]:
    """Return one channel's usage record of an interval that has ended."""
    interval, times, tariff = seen
    spot = interval.spot
    per_kwh = tariff.per_kwh(channel.type, spot)
    record: dict[str, Any] = {
        "type": "Usage",
        "duration": 5 * interval.fives,
        "date": times.date,
        "endTime": times.end_time,
        "quality": quality.value,
        "kwh": plain(energy_wh / 1000),
        "nemTime": times.nem_time,
        "perKwh": plain(per_kwh),
        "channelType": channel.type.value,
        "channelIdentifier": channel.identifier,
        "cost": plain(cost_cents(abs(energy_wh), per_kwh)),
        "renewables": plain(interval.renewables),
        "spotPerKwh": plain(spot),
        "startTime": times.start_time,
        "spikeStatus": interval.spike_status,
    }
    if channel.type is not ChannelType.FEED_IN and tariff.tariff_information:
        record["tariffInformation"] = tariff.tariff_information
    record["descriptor"] = descriptor_of(channel.type, per_kwh, spot)
    return record


def cost_cents(energy_wh: int, per_kwh: float) -> float:
    """Return energy times price in cents, to four decimals, halves to even.

    Args:
        energy_wh: Watt-hours, not negative.
        per_kwh: c/kWh with at most five decimals.
    """
    # whole numbers of 1e-8 cents: exact, and quicker than decimal
    whole, rest = divmod(energy_wh * round(per_kwh * 100_000), 10_000)
    if rest > 5_000 or (rest == 5_000 and whole % 2):  # noqa: PLR2004 -- half of 10,000
        whole += 1
    return whole / 10_000


def descriptor_of(channel: ChannelType, per_kwh: float, spot: float) -> str:
    """Return Amber's word for a price; on feed-in a high one is good for you."""
    if channel is not ChannelType.FEED_IN:
        return _DESCRIPTORS[bisect_right(_DESCRIPTOR_BOUNDS_CENTS, per_kwh)]
    if spot >= SPIKE_CENTS:
        return "spike"
    if per_kwh > 0:
        return "extremelyLow"
    return "low" if per_kwh > _HIGH_EXPORT_CENTS else "high"


def plain(number: float) -> float:
    """Return a whole number as an integer: upstream writes ``0``, never ``-0.0``."""
    return int(number) if number.is_integer() else number
