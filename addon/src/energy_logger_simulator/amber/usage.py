"""What ``/sites/{id}/usage`` answers: metered energy and its cost."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from energy_logger_server.api.amber_models import Quality
from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.nem import date_of_day_number, day_number

from .config import AmberConfig, PartialDay
from .load import Household, smoothed, summed
from .market.intervals import actual_interval
from .market.labels import FIVES_PER_DAY, HALF_HOUR, day_position, labels
from .market.spot import SpotMarket
from .prices import tariffs
from .publication import Publication, Reading
from .records import Seen, usage_record
from .sites import SimulatedChannel, SimulatedSite

_REQUANTIFIED_BY = 1.1


class UsageBook:
    """Usage records of one site, as they are answered at any instant.

    Prices in them are those of the actual price records of the same intervals.

    Args:
        config: How Amber behaves.
        site: Whose meter it is.
        market: Actual spot prices.
    """

    def __init__(
        self, config: AmberConfig, site: SimulatedSite, market: SpotMarket
    ) -> None:
        self._config = config
        self._site = site
        self._market = market
        self._household = Household(config.seed, site, market)
        self._publication = Publication(config, site)

    def of_days(self, days: tuple[date, date], now: datetime) -> list[dict[str, Any]]:
        """Return the records of NEM dates, first and last included, by channel."""
        first, last = map(day_number, days)
        out = [
            day
            for day in map(date_of_day_number, range(first, last + 1))
            if self._publication.is_out(day, now)
        ]
        seen = {day: self._seen(day, now) for day in out}
        return [
            record
            for channel in self._site.channels
            for day in out
            for record in self._of_channel(channel, day, seen[day], now)
        ]

    def _seen(self, day: date, now: datetime) -> list[Seen]:
        first = day_position(day_number(day))
        fives = 1 if self._site.is_five_minute_at(first) else HALF_HOUR
        tariff_at = tariffs(self._config, self._site, now)
        return [
            Seen(
                actual_interval(self._market, position, fives),
                labels(position, fives),
                tariff_at(position),
            )
            for position in range(first, first + FIVES_PER_DAY, fives)
        ]

    def _of_channel(
        self, channel: SimulatedChannel, day: date, seen: list[Seen], now: datetime
    ) -> Iterator[dict[str, Any]]:
        match self._publication.part_out(day, now):
            case PartialDay.FEED_IN_LATE if channel.type is ChannelType.FEED_IN:
                return
            case PartialDay.MORNING_ONLY:
                shown = len(seen) // 2
            case _:
                shown = len(seen)
        reading = self._publication.reading(day, now)
        is_estimated = reading is Reading.ESTIMATED
        quality = Quality.ESTIMATED if is_estimated else Quality.BILLABLE
        energies_wh = self._energies_wh(channel.type, day, len(seen), reading)
        for interval, energy_wh in zip(seen[:shown], energies_wh, strict=False):
            yield usage_record(interval, channel, quality, energy_wh)

    def _energies_wh(
        self, channel: ChannelType, day: date, count: int, reading: Reading
    ) -> list[int]:
        """Return what the channel's records of a whole date hold, with their sign."""
        metered = self._household.meter(day_number(day)).of(channel)
        energies = summed(metered, FIVES_PER_DAY // count)
        scale = 1000.0
        if reading is Reading.ESTIMATED:
            energies = smoothed(energies)
        elif reading is Reading.REQUANTIFIED:
            scale *= _REQUANTIFIED_BY
        if self._config.feed_in_negative_kwh and channel is ChannelType.FEED_IN:
            scale = -scale
        return [round(energy * scale) for energy in energies]
