"""Where the hours of statistics come from: the utilities themselves.

They do not say what they have revised. So whatever may still change is read again now
and then; what came of it is known by comparing. A cursor is the instant of the reading.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from custom_components.energy_logger.api.amber_models import Price, Usage
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.api.nem import nem_date_at, nem_day_start
from custom_components.energy_logger.sources.nem_weeks import nem_weeks
from custom_components.energy_logger.sources.protocol import AmberSource, KamoSource

from .catalogue import SiteStatistics
from .direct_hours import load_hours_of, price_hours_of, usage_hours_of
from .feeds import Changes
from .hours import HOUR, Hours, hour_of, load_hours, price_hours, usage_hours

_DAY = timedelta(days=1)
_READ_EVERY = timedelta(hours=3)
_REMEMBERED = 90 * _DAY
"""What Amber has of the past, about; the day at the edge may be cut off."""

_AUDITED = _REMEMBERED - 7 * _DAY
_KAMO_REMEMBERED = 12 * HOUR
_KAMO_AUDITED = _KAMO_REMEMBERED - 2 * HOUR

type _Fetch[Record] = Callable[[str, date, date], Awaitable[Answer[Record]]]


@dataclass(frozen=True, slots=True)
class DirectSiteFeed[Record: (Usage, Price)]:
    """Intervals of a site, as Amber sends them.

    Attributes:
        key: As in ``StatisticsFeed``.
        fetch: Reads whole NEM days of a site, at most seven.
        site_id: Which site.
        revisable: How long Amber may still change what it has published.
        arrange: Makes statistics of the records.
    """

    key: str
    fetch: _Fetch[Record]
    site_id: str
    revisable: timedelta
    arrange: Callable[[Iterable[Record]], Hours]
    is_whole: bool = False

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:
        """Return since when Amber has everything; nightly, what may still change."""
        return _day_before(now, self.revisable if is_nightly else _AUDITED)

    async def changes(self, cursor: str | None, now: datetime) -> Changes:
        """Return since when everything is to be read again; nothing is asked."""
        if cursor is None:
            return Changes(_day_before(now, _REMEMBERED), now.isoformat())
        read_at = datetime.fromisoformat(cursor)
        if timedelta(0) <= now - read_at < _READ_EVERY:
            return Changes(None, cursor)
        earliest = _day_before(min(read_at, now), self.revisable)
        return Changes(max(earliest, _day_before(now, _REMEMBERED)), now.isoformat())

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the hours of a span."""
        records: list[Record] = []
        for first, last in nem_weeks(start, end):
            answer = await self.fetch(self.site_id, first, last)
            records += [one for one in answer.records if start <= one.starts_at < end]
        return self.arrange(records)


def direct_usage(source: AmberSource, site: SiteStatistics) -> DirectSiteFeed[Usage]:
    """Return the feed of a site's usage; an estimate is billable within two weeks."""
    return DirectSiteFeed(
        "usage",
        source.fetch_usage,
        site.site_id,
        14 * _DAY,
        lambda records: usage_hours(site, usage_hours_of(records)),
    )


def direct_prices(source: AmberSource, site: SiteStatistics) -> DirectSiteFeed[Price]:
    """Return the feed of a site's settled prices."""
    return DirectSiteFeed(
        "price",
        source.fetch_prices,
        site.site_id,
        2 * _DAY,
        lambda records: price_hours(site, price_hours_of(records)),
    )


@dataclass(frozen=True, slots=True)
class DirectLoadFeed:
    """The last hours of an area's load, as KAMO sends them.

    Attributes:
        source: KAMO.
        area: Which area.
    """

    source: KamoSource
    area: Area
    key: str = "load"
    is_whole: bool = False

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:  # noqa: ARG002 - it is little either way
        """Return since when KAMO has everything."""
        return hour_of(now) - _KAMO_AUDITED

    async def changes(self, cursor: str | None, now: datetime) -> Changes:
        """Return that everything is to be read again, once an hour."""
        read_at = hour_of(now).isoformat()
        if cursor == read_at:
            return Changes(None, cursor)
        return Changes(hour_of(now) - _KAMO_REMEMBERED, read_at)

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the hours of a span, as far as KAMO remembers them."""
        grid = await self.source.fetch_area_grid(self.area.id)
        hours = load_hours_of(grid)
        return load_hours(
            self.area, [one for one in hours if start <= one.start_at < end]
        )


def _day_before(now: datetime, span: timedelta) -> datetime:
    """Return the begin (UTC) of the NEM day in which something lies back by a span."""
    return nem_day_start(nem_date_at(now - span)).astimezone(UTC)
