"""Bringing statistics to what their feeds say: pages in the order of time.

A page is read from the feed, compared with what the recorder has, and what differs is
written and committed before the next page is read. So an import can end anywhere, and
goes on there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from homeassistant.core import HomeAssistant

from custom_components.energy_logger.const import LOGGER

from .catalogue import Statistic
from .compare import Difference, Flaw
from .feeds import StatisticsFeed
from .hours import hour_of
from .kept_progress import KeptProgress, Rebuild
from .recorded import (
    ComparedPage,
    Span,
    Tallies,
    clear,
    compare_page,
    that_begin_before,
    write_page,
)

_PAGE = timedelta(days=30)


class Finding(NamedTuple):
    """An hour of a statistic that is not what its feed says."""

    statistic: Statistic
    difference: Difference


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What came of an audit.

    Attributes:
        checked: How many hours were compared, of all statistics together.
        findings: What was wrong.
        written: How many hours were written.
    """

    checked: int = 0
    findings: tuple[Finding, ...] = ()
    written: int = 0

    def plus(self, page: ComparedPage, span: Span, written: int) -> Self:
        """Return it with a page more.

        Args:
            page: What was compared.
            span: Findings outside of it are not reported.
            written: Hours of it that were written.
        """
        found = (
            Finding(statistic, difference)
            for statistic, comparison in page.comparisons.items()
            for difference in comparison.differences
            if span.start <= difference.hour < span.end
        )
        checked = sum(one.checked for one in page.comparisons.values())
        return self.joined(type(self)(checked, (*found,), written))

    def joined(self, other: Self) -> Self:
        """Return both as one."""
        return type(self)(
            self.checked + other.checked,
            self.findings + other.findings,
            self.written + other.written,
        )


@dataclass(frozen=True, slots=True)
class AuditWay:
    """How to audit.

    Attributes:
        repairs: Whether to write what is wrong.
        drops_extra: Whether hours that only Home Assistant has are wrong: then they
            are reported, and a repair lets them add nothing.
        is_nightly: Whether nobody waits for it, and little should be asked.
    """

    repairs: bool = False
    drops_extra: bool = True
    is_nightly: bool = False

    @property
    def renews(self) -> bool:
        """Whether to take away hours that only Home Assistant has."""
        return self.repairs and self.drops_extra


class StatisticsImport:
    """The statistics of one site or area."""

    def __init__(
        self,
        hass: HomeAssistant,
        owner: str,
        name: str,
        feeds: Sequence[StatisticsFeed],
        kept: KeptProgress,
    ) -> None:
        """Do nothing yet.

        Args:
            hass: Home Assistant.
            owner: Key of the site or area, see ``keys``.
            name: What the log calls it.
            feeds: Where its hours come from.
            kept: Of the entry.
        """
        self._hass = hass
        self._owner = owner
        self._name = name
        self._feeds = feeds
        self._kept = kept
        self._lock = asyncio.Lock()

    async def sync(self, now: datetime, on_progress: Callable[[float], None]) -> None:
        """Bring in what is new.

        Args:
            now: Present instant, UTC.
            on_progress: Hears the share that is done, 0 to 1, behind each page of an
                import that has more than one.

        Raises:
            SourceError: If a feed cannot be read.
            UpdateFailed: If the recorder did not keep what was written.
        """
        async with self._lock:
            for position, feed in enumerate(self._feeds):

                def report_share(share: float, position: int = position) -> None:
                    on_progress((position + share) / len(self._feeds))

                await self._sync(feed, now, report_share)

    async def audit(
        self,
        now: datetime,
        way: AuditWay,
        span: Span | None = None,
    ) -> AuditResult:
        """Compare hours with what their feeds say.

        A repair goes on behind the span, where sums are wrong because of it.

        Args:
            now: Present instant, UTC.
            way: How.
            span: Which hours; None for all that can be compared.

        Raises:
            SourceError: If a feed cannot be read.
            UpdateFailed: If the recorder did not keep what was written.
        """
        result = AuditResult()
        async with self._lock:
            for feed in self._feeds:
                bounds = self._bounds(feed, now, span, is_nightly=way.is_nightly)
                if bounds is None:
                    continue
                found = await self._audit(feed, bounds, hour_of(now), way)
                result = result.joined(found)
                if way.renews and self._is_all(feed, bounds, now):
                    await self._drop_extra_means(feed, found, bounds)
        return result

    def _is_all(self, feed: StatisticsFeed, span: Span, now: datetime) -> bool:
        """Return whether a span is all that a feed can tell, and it forgets nothing."""
        oldest_at = self._kept.of(f"{self._owner}_{feed.key}").oldest_at
        remembers = feed.audited_from(now, is_nightly=False) is None
        return remembers and span == Span(oldest_at or now, hour_of(now))

    async def _drop_extra_means(
        self, feed: StatisticsFeed, audited: AuditResult, span: Span
    ) -> None:
        """Take away hours of means that only Home Assistant has.

        It deletes a statistic as a whole only. One that begins before the feed does has
        hours that nobody could bring back: it stays as it is.

        Args:
            feed: What holds.
            audited: What was found of it.
            span: Of the audit: from its beginning to the present.
        """
        extra = {
            one.statistic
            for one in audited.findings
            if one.difference.flaw is Flaw.EXTRA and not one.statistic.has_sum
        }
        if extra:
            extra -= await that_begin_before(self._hass, extra, span.start)
        if extra:
            await self._renew(feed, extra, span)

    async def _sync(
        self, feed: StatisticsFeed, now: datetime, report_share: Callable[[float], None]
    ) -> None:
        key = f"{self._owner}_{feed.key}"
        progress = self._kept.of(key)
        rebuild = progress.rebuild
        if rebuild is None:
            changes = await feed.changes(progress.cursor, now)
            if changes.first_at is None:
                await self._kept.save(key, replace(progress, cursor=changes.cursor))
                return
            rebuild = Rebuild(changes.first_at, changes.first_at, changes.cursor)
        oldest_at = min(rebuild.first_at, progress.oldest_at or rebuild.first_at)
        progress = replace(progress, oldest_at=oldest_at)
        async for done in self._write(feed, rebuild, hour_of(now)):
            await self._kept.save(key, replace(progress, rebuild=done))
            report_share(done.share(hour_of(now)))
        await self._kept.save(
            key, replace(progress, cursor=rebuild.cursor, rebuild=None)
        )

    async def _renew(
        self, feed: StatisticsFeed, statistics: Collection[Statistic], span: Span
    ) -> None:
        """Delete statistics, and write again what the feed has of them.

        Nothing is deleted before it is kept that everything has to be written again: so
        it goes on wherever it is cut off.

        Args:
            feed: What holds.
            statistics: Of the feed.
            span: All that it can tell.
        """
        key = f"{self._owner}_{feed.key}"
        progress = self._kept.of(key)
        rebuild = Rebuild(span.start, span.start, progress.cursor)
        await self._kept.save(key, replace(progress, rebuild=rebuild))
        await clear(self._hass, statistics)
        async for done in self._write(feed, rebuild, span.end):
            await self._kept.save(key, replace(progress, rebuild=done))
        await self._kept.save(key, progress)

    async def _write(
        self, feed: StatisticsFeed, rebuild: Rebuild, end: datetime
    ) -> AsyncIterator[Rebuild]:
        """Write everything that is left, and give what is left behind each page."""
        is_long = end - rebuild.next_at > _PAGE
        tallies: Tallies = {}
        for span in _pages(rebuild.next_at, end):
            if is_long:
                LOGGER.info(
                    "Statistics of %s (%s) are imported, from %s on",
                    self._name,
                    feed.key,
                    span.start.date(),
                )
            hours = await feed.hours(span.start, span.end)
            page = await compare_page(
                self._hass, hours, span, tallies, drop_extra=feed.is_whole
            )
            await write_page(self._hass, page)
            if span.end < end:
                yield replace(rebuild, next_at=span.end)
        if is_long:
            LOGGER.info("Statistics of %s (%s) are complete", self._name, feed.key)

    async def _audit(
        self, feed: StatisticsFeed, span: Span, end: datetime, way: AuditWay
    ) -> AuditResult:
        """Compare the hours of a span.

        Args:
            feed: What holds.
            span: Which hours.
            end: The first hour that is not over.
            way: Of the audit.
        """
        result = AuditResult()
        tallies: Tallies = {}
        for part in (span, Span(span.end, end)):
            if part is not span and not result.written:
                # sums behind the span are right as they are
                break
            for page_span in _pages(part.start, part.end):
                hours = await feed.hours(page_span.start, page_span.end)
                page = await compare_page(
                    self._hass,
                    hours,
                    page_span,
                    tallies,
                    drop_extra=way.drops_extra if part is span else feed.is_whole,
                )
                written = await write_page(self._hass, page) if way.repairs else 0
                result = result.plus(page, span, written)
        return result

    def _bounds(
        self,
        feed: StatisticsFeed,
        now: datetime,
        span: Span | None,
        *,
        is_nightly: bool,
    ) -> Span | None:
        """Return which hours of a feed to audit; None when there are none."""
        oldest_at = self._kept.of(f"{self._owner}_{feed.key}").oldest_at
        if oldest_at is None:
            return None
        start = max(
            oldest_at,
            feed.audited_from(now, is_nightly=is_nightly) or oldest_at,
            oldest_at if span is None else span.start,
        )
        end = hour_of(now) if span is None else min(span.end, hour_of(now))
        return Span(start, end) if start < end else None


def _pages(start: datetime, end: datetime) -> Iterator[Span]:
    """Give the spans that are read, compared and written at once."""
    while start < end:
        span = Span(start, min(start + _PAGE, end))
        yield span
        start = span.end
