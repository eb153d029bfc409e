"""A site whose usage goes from a feed into a real recorder."""

import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest_socket
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.server_hours import usage_feed
from custom_components.energy_logger.statistics.catalogue import (
    SiteStatistics,
    Statistic,
)
from custom_components.energy_logger.statistics.feeds import LinkedFeed
from custom_components.energy_logger.statistics.hours import usage_hours
from custom_components.energy_logger.statistics.importing import (
    AuditResult,
    AuditWay,
    StatisticsImport,
)
from custom_components.energy_logger.statistics.kept_progress import KeptProgress
from custom_components.energy_logger.statistics.recorded import Span, metadata_of

from .hour_feeds import REGISTERS, FedHour, FedHours, served

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = datetime(2026, 3, 1, 14, tzinfo=UTC)
"""Midnight of NEM time."""

SITE = SiteStatistics("SITE", "Amber Ausgrid")
ENERGY = {one.value: SITE.energy(one) for one in ChannelType}
MONEY = {one.value: SITE.money(one) for one in ChannelType}
_KWH_DECIMALS, _AUD_DECIMALS = 3, 6

type Fed = tuple[datetime, str, FedHour]


def usage_of(
    start: datetime,
    hours: int,
    seed: int = 1,
    channels: Iterable[str] = tuple(REGISTERS),
) -> list[Fed]:
    """Return hours of five-minute usage; money can be below zero on every channel."""
    chance = random.Random(seed)
    return [
        (
            start + count * HOUR,
            channel,
            FedHour(
                sum(chance.choices(range(250), k=12)),
                sum(chance.choices(range(-3000, 9000), k=12)),
            ),
        )
        for count in range(hours)
        for channel in channels
    ]


@dataclass(slots=True)
class RecordedSite:
    """The site, its feed and what the recorder has of it.

    Attributes:
        hass: Home Assistant.
        feed: Whose hours may be changed.
        imports: Brings them in.
        shares: What was heard of its progress.
    """

    hass: HomeAssistant
    feed: FedHours
    imports: StatisticsImport
    shares: list[float] = field(default_factory=list)

    async def sync(self) -> None:
        """Bring in what is new."""
        await self.imports.sync(self.feed.running_at, self.shares.append)

    async def audit(self, span: Span | None = None) -> AuditResult:
        """Compare everything, or some hours."""
        return await self.imports.audit(self.feed.running_at, AuditWay(), span)

    async def repair(self, span: Span | None = None) -> AuditResult:
        """The same, and write what is wrong."""
        way = AuditWay(repairs=True)
        return await self.imports.audit(self.feed.running_at, way, span)

    async def rows(self, statistic: Statistic) -> dict[datetime, StatisticsRow]:
        """Return what the recorder has."""
        found = await get_instance(self.hass).async_add_executor_job(
            partial(
                statistics_during_period,
                self.hass,
                FIRST - 400 * DAY,
                None,
                {statistic.id},
                "hour",
                None,
                {"state", "sum", "change"},
            )
        )
        return {
            datetime.fromtimestamp(row["start"], UTC): row
            for row in found.get(statistic.id, [])
        }

    async def bars(self, statistic: Statistic) -> dict[datetime, float]:
        """Return what a chart shows, by hour."""
        rows = await self.rows(statistic)
        return {at: row["change"] or 0.0 for at, row in rows.items()}

    async def all_bars(self) -> dict[tuple[str, datetime], float]:
        """Return what charts show, by statistic and hour."""
        return {
            (one.id, at): bar
            for one in (*ENERGY.values(), *MONEY.values())
            for at, bar in (await self.bars(one)).items()
        }

    async def plant(
        self, statistic: Statistic, rows: dict[datetime, tuple[float, float]]
    ) -> None:
        """Write states and sums as somebody else might."""
        data = [
            StatisticData(start=at, state=state, sum=total)
            for at, (state, total) in rows.items()
        ]
        async_add_external_statistics(self.hass, metadata_of(statistic), data)
        await async_wait_recording_done(self.hass)

    async def differences(self) -> list[str]:
        """Return where bars or sums are not those of the feed."""
        found: list[str] = []
        for channel in REGISTERS:
            hours = sorted(at for at, one in self.feed.rows if one == channel)
            for place, (statistic, decimals) in enumerate(
                ((ENERGY[channel], _KWH_DECIMALS), (MONEY[channel], _AUD_DECIMALS))
            ):
                rows = await self.rows(statistic)
                if hours != sorted(rows):
                    found.append(f"{statistic.id}: other hours")
                    continue
                total = 0
                for at in hours:
                    amount = self.feed.amount(at, channel)[place]
                    total += round(amount * 10**decimals)
                    row = rows[at]
                    if (
                        abs((row["sum"] or 0) - total / 10**decimals) > 1e-9
                        or abs((row["change"] or 0) - amount) > 1e-9
                        or abs((row["state"] or 0) - amount) > 1e-9
                    ):
                        found.append(f"{statistic.id} {at}: {row} is not {amount}")
        return found


@asynccontextmanager
async def recorded_site(
    hass: HomeAssistant, feed: FedHours, entry_id: str = "entry"
) -> AsyncIterator[RecordedSite]:
    """Give a site; entered again, it is as after a restart."""
    # the plugin lets nobody open a socket; connections still go to loopback only
    pytest_socket.enable_socket()
    kept = KeptProgress(hass, entry_id)
    await kept.load("the-store")
    async with served(feed) as client:
        linked = LinkedFeed(
            "usage", client, usage_feed("SITE"), partial(usage_hours, SITE)
        )
        imports = StatisticsImport(hass, "amber_SITE", SITE.site_name, [linked], kept)
        yield RecordedSite(hass, feed, imports)
