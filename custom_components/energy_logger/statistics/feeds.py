"""Where the hours of statistics come from: our server's feeds.

A feed says since when something is new, and gives the hours of any span. So an import
is the same for all of them, whether it is the first one or follows a revision.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from custom_components.energy_logger.api.errors import RangeTooLarge
from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.api.server_hours import (
    AnyHour,
    HourFeed,
    HourPage,
    SubstationHour,
    substation_feed,
)

from .hours import Arrange, Hours, substation_hours

_NIGHTLY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new in a feed.

    Attributes:
        first_at: Start (UTC) of the earliest hour that was added or revised; None when
            there is nothing new.
        cursor: To ask with next time.
    """

    first_at: datetime | None
    cursor: str


class StatisticsFeed(Protocol):
    """A source of hours; methods raise ``SourceError``."""

    @property
    def key(self) -> str:
        """What distinguishes it from the other feeds of its owner."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether there is nothing but what it has, as nobody else ever wrote it."""
        ...

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:
        """Return the earliest hour (UTC) that can be audited; None without a bound.

        Args:
            now: Present instant.
            is_nightly: Whether nobody waits for it, and little should be asked.
        """
        ...

    async def changes(self, cursor: str | None, now: datetime) -> Changes:
        """Return what is new since a cursor; without one, all that there is.

        Args:
            cursor: Of the time before.
            now: Present instant.
        """
        ...

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the hours of a span.

        Args:
            start: First hour, UTC.
            end: The one past the last, which is over.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinkedFeed[Hour: AnyHour]:
    """A feed of our server.

    Attributes:
        key: As in ``StatisticsFeed``.
        client: Asks the server.
        feed: Which feed.
        arrange: Makes statistics of it.
    """

    key: str
    client: ServerClient
    feed: HourFeed[Hour]
    arrange: Arrange[Hour]
    is_whole: bool = False

    def audited_from(self, now: datetime, *, is_nightly: bool) -> datetime | None:
        """Return the bound of a nightly audit; the server remembers everything."""
        return now - _NIGHTLY if is_nightly else None

    async def changes(self, cursor: str | None, now: datetime) -> Changes:  # noqa: ARG002 - the server has its own clock
        """Read the feed to its end; one that takes the cursor no longer, anew."""
        try:
            return await self._changes(cursor)
        except RangeTooLarge:
            if cursor is None:
                raise
            return await self._changes(None)

    async def hours(self, start: datetime, end: datetime) -> Hours:
        """Return the hours of a span, as they are now."""
        found: dict[tuple[datetime, str], Hour] = {}
        async for page in self._pages(None, (start, end)):
            for hour in page.hours:
                if start <= hour.start_at < end:
                    # an hour may come twice: what came last holds
                    found[hour.start_at, hour.series] = hour
        return self.arrange(found.values())

    async def _changes(self, cursor: str | None) -> Changes:
        earliest: list[datetime] = []
        async for page in self._pages(cursor, None):
            earliest += sorted(hour.start_at for hour in page.hours)[:1]
            behind = page.cursor
        return Changes(min(earliest, default=None), behind)

    async def _pages(
        self, since: str | None, span: tuple[datetime, datetime] | None
    ) -> AsyncIterator[HourPage[Hour]]:
        while True:
            page = await self.client.fetch_hours(self.feed, since=since, span=span)
            yield page
            if not page.is_truncated:
                return
            since = page.cursor


def linked_substations(client: ServerClient, area: Area) -> LinkedFeed[SubstationHour]:
    """Return the server's hours of the substations of an area."""
    return LinkedFeed(
        "substations", client, substation_feed(area.id), partial(substation_hours, area)
    )
