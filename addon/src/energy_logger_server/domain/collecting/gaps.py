"""Gaps: days of a series that are over and not complete; whether they can be filled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from .ledger import DayState, Kind, SeriesKey

USAGE_DEPTH_DAYS = 90
"""How far back usage is looked at; what Amber documents to keep."""

LOAD_LOOK_BACK = timedelta(hours=12)
"""Hours of load in KAMO's answers (recorded answers): what is older cannot be had."""


class GapState(StrEnum):
    """The states of the ledger, but for ``complete``."""

    MISSING = DayState.MISSING.value
    PARTIAL = DayState.PARTIAL.value
    ESTIMATED = DayState.ESTIMATED.value
    UNAVAILABLE = DayState.UNAVAILABLE.value


class Obstacle(StrEnum):
    """Why reading a day again is pointless, as a sentence for the reader."""

    LOAD_IS_SHORT_LIVED = "KAMO publishes only the last 12 hours"
    READINGS_ARE_MOMENTARY = "KAMO publishes only the present readings of substations"
    NOT_SET_UP = "this server has no Amber token: set AMBER_API_KEY"
    SITE_IS_GONE = "the account no longer has this site"
    CHANNEL_IS_GONE = "the site no longer has this channel"
    USAGE_IS_DROPPED = "Amber keeps usage for about 90 days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One day of one series.

    Attributes:
        series: Whose day.
        day: NEM date (Amber) or Central date (KAMO).
        state: What is known of it.
        expected_minutes: Length of the day that can be covered.
        present_minutes: Minutes covered by rows.
        estimated_minutes: Of these, how many may still be revised.
        attempts: How often upstream was asked without a complete answer.
        checked_at: Instant (UTC) of the last answer; None if it was never asked for.
        cause: Why it is not complete, None when nobody knows.
        is_marked: Whether it is to be read again whatever its state.
    """

    series: SeriesKey
    day: date
    state: GapState
    expected_minutes: int
    present_minutes: int
    estimated_minutes: int
    attempts: int
    checked_at: datetime | None
    cause: str | None
    is_marked: bool

    @property
    def missing_minutes(self) -> int:
        """Minutes that no row covers."""
        return max(self.expected_minutes - self.present_minutes, 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be asked of upstream again.

    Attributes:
        series: Amber's series of the account's sites; None without a token.
        today: Present NEM date.
    """

    series: Collection[SeriesKey] | None
    today: date

    def obstacle(self, series: SeriesKey, day: date) -> Obstacle | None:
        """Return what stands against reading a day again, None if nothing does."""
        if series.kind is Kind.LOAD:
            return Obstacle.LOAD_IS_SHORT_LIVED
        if series.kind is Kind.SUBSTATIONS:
            return Obstacle.READINGS_ARE_MOMENTARY
        if self.series is None:
            return Obstacle.NOT_SET_UP
        if series not in self.series:
            owners = {one.owner for one in self.series}
            is_known = series.owner in owners
            return Obstacle.CHANNEL_IS_GONE if is_known else Obstacle.SITE_IS_GONE
        if series.kind is Kind.USAGE and (self.today - day).days > USAGE_DEPTH_DAYS:
            return Obstacle.USAGE_IS_DROPPED
        return None


def presumed_cause(
    state: GapState,
    *,
    attempts: int,
    checked_at: datetime | None,
    failure: tuple[datetime, str] | None,
) -> str | None:
    """Return why a day is not complete whose ledger line gives no cause.

    Args:
        state: What is known of it.
        attempts: How often upstream was asked without a complete answer.
        checked_at: Instant of the last answer, None if there was none.
        failure: Start and message of the run in which its series last failed.
    """
    if failure is not None and (checked_at is None or failure[0] > checked_at):
        return failure[1]
    if checked_at is None:
        return "it was not asked for yet"
    if state is GapState.ESTIMATED:
        return "some of its values are estimates so far"
    if attempts:
        return "upstream was asked, and did not have all of it"
    return None
