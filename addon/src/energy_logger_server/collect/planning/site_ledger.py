"""What is known of the days of one site, and the windows to ask for them in; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.collecting.ledger import DayState, Kind, LedgerDay
from energy_logger_server.store.records import KnownSite

LONGEST_WINDOW_DAYS = 7
"""Amber's documented limit; it lets eight inclusive days pass (measured by others)."""

ONE_DAY = timedelta(days=1)
_OPEN = (DayState.MISSING, DayState.PARTIAL)


@dataclass(frozen=True, slots=True)
class DayWindow:
    """NEM dates to ask for in one request.

    Attributes:
        kind: Price or usage.
        site_id: Whose.
        first: First date.
        last: Last date, inclusive.
    """

    kind: Kind
    site_id: str
    first: date
    last: date

    @property
    def subject(self) -> str:
        """Name of the series in the run log."""
        return f"{self.kind.value}/{self.site_id}"

    @property
    def length(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Its dates, ascending."""
        return tuple(self.first + n * ONE_DAY for n in range(self.length))

    def cut(self, longest_days: int) -> tuple["DayWindow", ...]:
        """Return the windows of at most so many days that cover it, newest first."""
        pieces = []
        last = self.last
        while last >= self.first:
            first = max(self.first, last - (longest_days - 1) * ONE_DAY)
            pieces.append(DayWindow(self.kind, self.site_id, first, last))
            last = first - ONE_DAY
        return tuple(pieces)


@dataclass(frozen=True, slots=True)
class SiteLedger:
    """The ledger of one site and kind.

    Attributes:
        kind: Price or usage.
        site: Whose.
        lines: Ledger lines by day and channel; those of former channels too.
        asked: Instants (UTC) at which this process last asked for a day.
    """

    kind: Kind
    site: KnownSite
    lines: Mapping[date, Mapping[str, LedgerDay]]
    asked: Mapping[date, datetime] = field(default_factory=dict)

    @property
    def site_id(self) -> str:
        """Amber's id of the site."""
        return self.site.site_id

    @property
    def channels(self) -> tuple[str, ...]:
        """Channels (price) or registers (usage) that every day should have."""
        is_usage = self.kind is Kind.USAGE
        return self.site.usage_channels if is_usage else self.site.price_channels

    def is_known(self, day: date) -> bool:
        """Whether every channel has a line."""
        lines = self.lines.get(day, {})
        return bool(lines) and all(channel in lines for channel in self.channels)

    def is_open(self, day: date) -> bool:
        """Whether something is missing that may still come."""
        return not self.is_known(day) or any(
            line.state in _OPEN for line in self.lines_of(day)
        )

    def is_estimated(self, day: date) -> bool:
        """Whether some of it may be revised."""
        return any(line.state is DayState.ESTIMATED for line in self.lines_of(day))

    def has_rows(self, day: date) -> bool:
        """Whether any channel has anything."""
        return any(line.present_minutes for line in self.lines_of(day))

    def is_empty(self, day: date) -> bool:
        """Whether it was asked for and no channel had anything."""
        return self.is_known(day) and not self.has_rows(day)

    def channels_with_rows(self) -> frozenset[str]:
        """Return the channels of which any day has anything."""
        return frozenset(
            channel
            for of_day in self.lines.values()
            for channel, line in of_day.items()
            if line.present_minutes
        )

    def lines_of(self, day: date) -> Collection[LedgerDay]:
        """Return the lines of a day."""
        return self.lines.get(day, {}).values()

    def last_asked(self, day: date) -> datetime | None:
        """Return when the day was asked for, as far as the ledger or we know."""
        instants = [line.checked_at for line in self.lines_of(day)]
        on_ledger = [min(instants)] if instants and self.is_known(day) else []
        lately = [self.asked[day]] if day in self.asked else []
        return max((*on_ledger, *lately), default=None)

    def oldest_with_rows(self) -> date | None:
        """Return the first day that has anything, None when none has."""
        return min((day for day in self.lines if self.has_rows(day)), default=None)

    def newest_with_rows(self) -> date | None:
        """Return the last day that has anything, None when none has."""
        return max((day for day in self.lines if self.has_rows(day)), default=None)

    def windows(self, days: Iterable[date]) -> tuple[DayWindow, ...]:
        """Return windows that cover the days, newest first.

        They lie on a fixed grid of seven days, so that a plan made again asks in the
        same portions, and are trimmed to the days that are needed.
        """
        cells: dict[int, list[date]] = {}
        for day in days:
            cells.setdefault(day_number(day) // LONGEST_WINDOW_DAYS, []).append(day)
        return tuple(
            DayWindow(self.kind, self.site_id, min(cell), max(cell))
            for _number, cell in sorted(cells.items(), reverse=True)
        )


def site_ledger(
    kind: Kind,
    site: KnownSite,
    lines: Iterable[LedgerDay],
    asked: Mapping[date, datetime] | None = None,
) -> SiteLedger:
    """Sort the lines of one site that are of the kind by their day."""
    by_day: dict[date, dict[str, LedgerDay]] = {}
    for line in lines:
        if line.series.kind is kind and line.series.owner == site.site_id:
            by_day.setdefault(line.day, {})[line.series.channel] = line
    return SiteLedger(kind, site, by_day, asked or {})
