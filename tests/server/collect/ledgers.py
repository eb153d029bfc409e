"""Builders of ledger lines for tests of the plan."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.collect.planning.site_ledger import (
    DayWindow,
    SiteLedger,
    site_ledger,
)
from energy_logger_server.domain.collecting.ledger import (
    DayState,
    Kind,
    LedgerDay,
    SeriesKey,
)
from energy_logger_server.store.records import KnownSite

SITE = "01S1TE"
TODAY = date(2026, 3, 10)
SETTLED = {DayState.COMPLETE, DayState.ESTIMATED}
_MINUTES = {
    DayState.MISSING: 0,
    DayState.PARTIAL: 600,
    DayState.UNAVAILABLE: 0,
    DayState.ESTIMATED: 1440,
    DayState.COMPLETE: 1440,
}


def ago(days: int) -> date:
    """Return a NEM date so many days before today."""
    return TODAY - timedelta(days=days)


def nem(hour: int, minute: int = 0, *, days_ago: int = 0) -> datetime:
    """Return a wall clock time in NEM time as an instant."""
    start = nem_day_start(ago(days_ago))
    return (start + timedelta(hours=hour, minutes=minute)).astimezone(UTC)


def line(  # noqa: PLR0913 - all but two are named
    day: date,
    state: DayState,
    *,
    kind: Kind = Kind.USAGE,
    channel: str = "E1",
    checked_at: datetime | None = None,
    attempts: int = 1,
    recheck: bool = False,
    cause: str | None = None,
) -> LedgerDay:
    """Return a line, by default checked on the morning after its day."""
    minutes = _MINUTES[state]
    return LedgerDay(
        series=SeriesKey(kind, SITE, channel),
        day=day,
        state=state,
        expected_minutes=1440,
        present_minutes=minutes,
        estimated_minutes=minutes if state is DayState.ESTIMATED else 0,
        attempts=attempts,
        checked_at=checked_at or nem_day_start(day) + timedelta(hours=30),
        cause=cause,
        recheck=recheck,
    )


def ledger_of(
    *lines: LedgerDay,
    kind: Kind = Kind.USAGE,
    channels: tuple[str, ...] = ("E1",),
    asked: dict[date, datetime] | None = None,
    active_from: date | None = None,
    closed_on: date | None = None,
) -> SiteLedger:
    """Return the ledger of the lines."""
    site = KnownSite(
        site_id=SITE,
        status="active",
        is_active=True,
        active_from=active_from,
        closed_on=closed_on,
        interval_length_minutes=30,
        price_channels=channels,
        usage_channels=channels,
    )
    return site_ledger(kind, site, lines, asked)


def days_of(windows: Iterable[DayWindow]) -> list[date]:
    """Return the dates that windows cover, ascending."""
    return sorted(day for window in windows for day in window.days)
