"""Which days cannot be had any more, and why; pure.

Upstream answers alike, with an empty list, for a day that is not published yet, one
that it has dropped and one that never was (reports of users). So giving a day up needs
patience, and later days that did come.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from energy_logger_server.api.nem import nem_date_at, nem_day_start
from energy_logger_server.domain.collecting.ledger import (
    DayState,
    Kind,
    LedgerDay,
    SeriesKey,
)

from .site_ledger import ONE_DAY, SiteLedger

OLDEST_USAGE_DAYS = 85
"""Usage older than this may have been dropped; measured: 89 days and more are kept."""

EMPTY_USAGE_DAYS = 14
EMPTY_PRICE_DAYS = 28
"""So many empty days in a row, older than all data, and what is older is not there."""

NEVER_METERED = "Amber has no usage of this register, though it has that of the others"
NOT_ACTIVE = "the site was not active on this day"

_METERED_DAYS = 3
"""On so many days the others must be there before a register counts as not metered."""

_USAGE_PATIENCE = timedelta(days=7)
_USAGE_ATTEMPTS = 2
_PRICE_PATIENCE = timedelta(days=14)
_PRICE_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Days of a series that are unavailable, for one reason.

    Attributes:
        series: Whose days.
        days: NEM dates, ascending.
        cause: A sentence for the reader.
    """

    series: SeriesKey
    days: tuple[date, ...]
    cause: str


def unavailable_among(
    ledger: SiteLedger, *, is_active: bool
) -> tuple[Unavailable, ...]:
    """Return the verdicts on days that were asked for long enough after their end.

    Args:
        ledger: Any part of the ledger that reaches up to the newest day.
        is_active: Whether later days can still be expected.
    """
    newest = ledger.newest_with_rows()
    idle = _registers_never_metered(ledger)
    days: dict[tuple[SeriesKey, str], list[date]] = {}
    for day in sorted(ledger.lines):
        has_later = newest is not None and newest > day
        for line in ledger.lines_of(day):
            if not ledger.site.was_active_on(day):
                cause = NOT_ACTIVE if _is_open(line) else None
            elif line.series.channel in idle and _is_whole_but_for(ledger, day, idle):
                cause = NEVER_METERED if _is_open(line) else None
            else:
                cause = _cause(line, has_later=has_later, is_active=is_active)
            if cause is not None:
                days.setdefault((line.series, cause), []).append(day)
    return tuple(
        Unavailable(series, tuple(of_series), cause)
        for (series, cause), of_series in days.items()
    )


def unavailable_past(
    ledger: SiteLedger, start: date, now: datetime
) -> tuple[Unavailable, ...]:
    """Return the verdicts on the time before the oldest day that has anything.

    Args:
        ledger: The whole ledger.
        start: First day of history.
        now: Present instant.
    """
    oldest = ledger.oldest_with_rows()
    if oldest is None or not is_past_empty(
        ledger.kind, _empty_days_before(ledger, oldest), now
    ):
        return ()
    cause = (
        f"Amber had no {ledger.kind.value} before {oldest}: it was asked for weeks "
        "before and had none"
    )
    days = tuple(
        day
        for day in (start + n * ONE_DAY for n in range((oldest - start).days))
        if ledger.is_open(day)
    )
    return tuple(
        Unavailable(SeriesKey(ledger.kind, ledger.site_id, channel), days, cause)
        for channel in ledger.channels
        if days
    )


def is_past_empty(kind: Kind, empty_days: Iterable[date], now: datetime) -> bool:
    """Whether so many empty days in a row say that nothing older is there either.

    Args:
        kind: Price or usage.
        empty_days: Days in a row that came back empty, older than all data.
        now: Present instant.
    """
    if kind is Kind.PRICE:
        return sum(1 for _day in empty_days) >= EMPTY_PRICE_DAYS
    edge = nem_date_at(now) - OLDEST_USAGE_DAYS * ONE_DAY
    return sum(day < edge for day in empty_days) >= EMPTY_USAGE_DAYS


def _registers_never_metered(ledger: SiteLedger) -> frozenset[str]:
    """Return registers of which nothing ever came on days that have the others'."""
    if ledger.kind is not Kind.USAGE:
        return frozenset()
    idle = frozenset(ledger.channels) - ledger.channels_with_rows()
    days = sum(_is_whole_but_for(ledger, day, idle) for day in ledger.lines)
    return idle if days >= _METERED_DAYS else frozenset()


def _is_whole_but_for(ledger: SiteLedger, day: date, idle: Collection[str]) -> bool:
    """Whether a day has all of the registers that are not idle, of one at least."""
    others = [line for line in ledger.lines_of(day) if line.series.channel not in idle]
    whole = (DayState.COMPLETE, DayState.ESTIMATED)
    return bool(others) and all(line.state in whole for line in others)


def _is_open(line: LedgerDay) -> bool:
    return line.state in (DayState.MISSING, DayState.PARTIAL) and not line.recheck


def _cause(line: LedgerDay, *, has_later: bool, is_active: bool) -> str | None:
    if not _is_open(line) or not line.attempts:
        return None
    waited = line.checked_at - nem_day_start(line.day + ONE_DAY)
    asked_on = nem_date_at(line.checked_at)
    if line.series.kind is Kind.PRICE:
        is_tried = line.attempts >= _PRICE_ATTEMPTS and waited >= _PRICE_PATIENCE
        text = f"asked again on {asked_on}, Amber still did not have all of it"
        return text if has_later and is_tried else None
    if line.state is DayState.PARTIAL:
        text = f"on {asked_on} Amber had only a part of it, and keeps about 90 days"
        return text if waited >= OLDEST_USAGE_DAYS * ONE_DAY else None
    if waited < _USAGE_PATIENCE or (is_active and not has_later):
        return None
    if line.attempts < _USAGE_ATTEMPTS and waited < OLDEST_USAGE_DAYS * ONE_DAY:
        # one empty answer may be a slip, and while Amber keeps usage it is asked again
        return None
    reason = "though it had later days" if has_later else "and the site is closed"
    return f"on {asked_on} Amber had none, {reason}"


def _empty_days_before(ledger: SiteLedger, oldest: date) -> Iterator[date]:
    """Yield the days before ``oldest`` that were asked for in vain, newest first."""
    day = oldest - ONE_DAY
    while ledger.is_empty(day):
        yield day
        day -= ONE_DAY
