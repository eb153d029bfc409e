"""Which days to ask Amber for, and when; pure.

Usage of a day comes out about 03:00 NEM the next morning, sometimes days later, may be
estimated at first, and is kept for about 90 days (reports of users and maintainers).
No day is asked for on which the site was not active.
Prices are known at once, but a live poll can miss one, and a confirmed price becomes an
actual one without notice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from energy_logger_server.api.nem import NEM_TIME, nem_date_at, nem_day_start
from energy_logger_server.domain.collecting.gaps import USAGE_DEPTH_DAYS
from energy_logger_server.domain.collecting.ledger import DayState, Kind, LedgerDay

from .site_ledger import ONE_DAY, DayWindow, SiteLedger
from .unavailable_days import NEVER_METERED

RECENT_DAYS = 14

_PUBLISHED_FROM_HOUR = 3
_YESTERDAY_CLOSES_AT_HOUR = 4
_HALF_HOUR = timedelta(minutes=30)
_HOUR = timedelta(hours=1)
_TWO_HOURS = timedelta(hours=2)
_AUDIT_EVERY = timedelta(days=30)
_SECOND_LOOK_AFTER = timedelta(days=3)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEM_OFFSET = timedelta(hours=10)


def usage_windows(
    ledger: SiteLedger, now: datetime, *, is_active: bool, is_urgent: bool = False
) -> tuple[DayWindow, ...]:
    """Return the usage to ask for at this tick, newest first.

    Half-hourly from 03:00 NEM until yesterday is there, if the day before is: where
    usage is always days late that would be in vain. Open days of the last two weeks
    every two hours; older open days, and estimated ones, daily; and what looks settled
    once a month, for as long as upstream keeps it. Days that lack a register which
    was given up, and has been metered since, count as open for two weeks.

    Args:
        ledger: Lines of the last ``USAGE_DEPTH_DAYS`` at least.
        now: Present instant.
        is_active: Whether new days can be expected; of a closed site only the days
            that are in the ledger are followed.
        is_urgent: Ask for everything that is open or estimated, however lately it
            was asked for.
    """
    if not is_urgent and _nem_hour(now) < _PUBLISHED_FROM_HOUR:
        return ()
    today = nem_date_at(now)
    days = []
    for age in range(1, USAGE_DEPTH_DAYS + 1):
        day = today - age * ONE_DAY
        is_followed = ledger.lines_of(day) or (is_active and age <= RECENT_DAYS)
        if not ledger.site.was_active_on(day):
            continue
        if is_followed and _is_usage_due(ledger, day, age, now, is_urgent=is_urgent):
            days.append(day)
    return ledger.windows(days)


def price_windows(
    ledger: SiteLedger, now: datetime, *, is_urgent: bool = False
) -> tuple[DayWindow, ...]:
    """Return the prices of an active site to ask for at this tick, newest first.

    Today hourly, with yesterday until it is complete and all its prices are actual;
    other open days of the last two weeks daily; every day once more three days after
    its end, since past prices have been corrected before.

    Args:
        ledger: Lines of the last ``RECENT_DAYS`` at least.
        now: Present instant.
        is_urgent: Ask for everything that is open, however lately it was asked for.
    """
    today = nem_date_at(now)
    windows: list[DayWindow] = []
    if is_urgent or _is_over(_HOUR, ledger.asked.get(today), now):
        yesterday = today - ONE_DAY
        is_unsure = ledger.site.was_active_on(yesterday) and _is_yesterday_unsure(
            ledger, now
        )
        first = yesterday if is_unsure else today
        windows.append(DayWindow(ledger.kind, ledger.site_id, first, today))
    days = []
    for age in range(2, RECENT_DAYS + 1):
        day = today - age * ONE_DAY
        if not ledger.site.was_active_on(day):
            continue
        last = ledger.last_asked(day)
        if ledger.is_open(day):
            is_due = is_urgent or _is_over(ONE_DAY, last, now)
        else:
            ended_at = nem_day_start(day + ONE_DAY)
            settles_at = ended_at + _SECOND_LOOK_AFTER
            is_due = now >= settles_at and (last is None or last < settles_at)
        if is_due:
            days.append(day)
    return (*windows, *ledger.windows(days))


def backfill_windows(
    ledger: SiteLedger, start: date | None, now: datetime, *, is_active: bool
) -> tuple[DayWindow, ...]:
    """Return all of history that is still to be read, up to yesterday, newest first.

    Days before the start are read only if somebody wants them read again, and days on
    which the site was not active only if they have something all the same.

    Args:
        ledger: All lines.
        start: First day of history; None: the first day in the ledger.
        now: Present instant.
        is_active: Whether days without a line are to be read as well.
    """
    first = start or min(ledger.lines, default=None)
    if first is None:
        return ()
    days = [
        *(day for day in ledger.lines if day < first and _is_marked(ledger, day)),
        *(
            day
            for day in _days_from(first, nem_date_at(now) - ONE_DAY)
            if (is_active or ledger.lines_of(day)) and _needs_backfill(ledger, day)
        ),
    ]
    return ledger.windows(
        day for day in days if ledger.site.was_active_on(day) or ledger.has_rows(day)
    )


def _is_usage_due(
    ledger: SiteLedger, day: date, age: int, now: datetime, *, is_urgent: bool
) -> bool:
    last = ledger.last_asked(day)
    if ledger.is_open(day):
        if is_urgent:
            return True
        if age == 1 and ledger.has_rows(day - ONE_DAY):
            return _is_over(_HALF_HOUR, last, now)
        return _is_over(_TWO_HOURS if age <= RECENT_DAYS else ONE_DAY, last, now)
    if ledger.is_estimated(day) or (
        age <= RECENT_DAYS and _is_metered_now(ledger, day)
    ):
        return is_urgent or _is_over(ONE_DAY, last, now)
    return last is None or abs(now - last) >= _AUDIT_EVERY


def _is_metered_now(ledger: SiteLedger, day: date) -> bool:
    """Whether a day lacks a register that was given up, and that has come since."""
    given_up = {
        line.series.channel
        for line in ledger.lines_of(day)
        if line.cause == NEVER_METERED
    }
    return not given_up.isdisjoint(ledger.channels_with_rows())


def _is_yesterday_unsure(ledger: SiteLedger, now: datetime) -> bool:
    yesterday = nem_date_at(now) - ONE_DAY
    return (
        _nem_hour(now) < _YESTERDAY_CLOSES_AT_HOUR
        or ledger.is_open(yesterday)
        or yesterday not in ledger.asked
    )


def _needs_backfill(ledger: SiteLedger, day: date) -> bool:
    return not ledger.is_known(day) or any(
        line.recheck or (line.needs_reading and not _is_final(line))
        for line in ledger.lines_of(day)
    )


def _is_marked(ledger: SiteLedger, day: date) -> bool:
    return any(line.recheck for line in ledger.lines_of(day))


def _is_final(line: LedgerDay) -> bool:
    """Whether a day is estimated for good: asked for when upstream had dropped it."""
    if line.state is not DayState.ESTIMATED or line.series.kind is not Kind.USAGE:
        return False
    dropped_at = nem_day_start(line.day) + USAGE_DEPTH_DAYS * ONE_DAY
    return line.checked_at >= dropped_at


def _is_over(pace: timedelta, last: datetime | None, now: datetime) -> bool:
    """Whether another half hour, hour, two hours or NEM day has begun since."""
    if last is None:
        return True
    return _span_number(last, pace) != _span_number(now, pace)


def _span_number(at: datetime, pace: timedelta) -> int:
    return (at - _EPOCH + _NEM_OFFSET) // pace


def _nem_hour(now: datetime) -> int:
    return now.astimezone(NEM_TIME).hour


def _days_from(first: date, last: date) -> Iterator[date]:
    return (first + n * ONE_DAY for n in range((last - first).days + 1))
