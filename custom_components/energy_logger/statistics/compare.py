"""What Home Assistant has of a statistic against what its source says; pure.

A sum is always that of the hour before plus what the hour adds. So from the first hour
on that differs, every sum has to be written anew; the bars of the other hours stay what
they are. An hour that only Home Assistant has keeps what it adds, unless it must not be
there: then it adds nothing any more, since a single hour cannot be deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isnan
from typing import NamedTuple, Self

from .hours import DIGITS, Mean

TOLERANCE = 1e-9
"""In the statistic's unit: numbers that are no further apart are the same."""


class Flaw(StrEnum):
    """What is wrong with an hour of Home Assistant's."""

    MISSING = "missing"
    DIFFERENT = "different"
    EXTRA = "extra"


class Difference(NamedTuple):
    """An hour that is not what its source says.

    Attributes:
        hour: Its start, UTC.
        flaw: What is wrong.
        recorded: What Home Assistant has: what the hour adds, or its mean; None when it
            has none.
        source: What it should have; None when there should be none.
    """

    hour: datetime
    flaw: Flaw
    recorded: float | None
    source: float | None


class SumRow(NamedTuple):
    """An hour of a statistic with a sum.

    Attributes:
        state: What the hour adds; not a number where Home Assistant does not know.
        sum: Of all hours up to it.
    """

    state: float
    sum: float


@dataclass(slots=True)
class Tally:
    """Where the comparison of a statistic with a sum is.

    A flaw may or may not be in the sums behind it; neither is another flaw. So the
    difference between a recorded sum and the right one is remembered: as it was before
    the last flaws, as it is since, and what hours that are missing would have added.

    Attributes:
        sum: Of all hours so far, as it should be.
        recorded: Of the hour before, as Home Assistant has it.
        sound: By how much its sum was off at the last hour without a flaw.
        last: By how much it was off at the last hour.
        missing: What the hours add that were missing since the last one without a flaw.
    """

    sum: float
    recorded: float
    sound: float = 0.0
    last: float = 0.0
    missing: float = 0.0

    @classmethod
    def behind(cls, recorded_sum: float) -> Self:
        """Return that of a comparison which trusts all that is recorded so far."""
        return cls(recorded_sum, recorded_sum)

    def after(self, amount: float) -> SumRow:
        """Return the row of the next hour."""
        return SumRow(amount, round(self.sum + amount, DIGITS))

    def added_by(self, row: SumRow) -> float:
        """Return what the next hour adds to Home Assistant's own sum."""
        return round(row.sum - self.recorded, DIGITS)

    def allows(self, shift: float) -> bool:
        """Return whether a sum may be off by this much without another flaw."""
        return any(
            _is_same(shift, known - missing)
            for known in (self.sound, self.last)
            for missing in (0.0, self.missing)
        )

    def move(self, old: SumRow | None, new: SumRow, *, is_flawed: bool) -> None:
        """Go on behind an hour.

        Args:
            old: As Home Assistant has it.
            new: As it should be.
            is_flawed: Whether something is wrong with it.
        """
        self.sum = new.sum
        if old is None:
            self.missing = round(self.missing + new.state, DIGITS)
            return
        self.recorded = old.sum
        self.last = _shift(old, new)
        if not is_flawed:
            self.sound, self.missing = self.last, 0.0


@dataclass(frozen=True, slots=True)
class Comparison[Row]:
    """What came of comparing a page of one statistic.

    Attributes:
        rows: What has to be written, by hour.
        differences: What is wrong, in order.
        checked: How many hours there are.
    """

    rows: Mapping[datetime, Row]
    differences: tuple[Difference, ...]
    checked: int


def compare_sums(
    tally: Tally,
    amounts: Mapping[datetime, float],
    recorded: Mapping[datetime, SumRow],
    *,
    drop_extra: bool,
) -> Comparison[SumRow]:
    """Compare the hours of a page, and move the tally behind it.

    Args:
        tally: Of the hours before.
        amounts: What each hour adds, by its source.
        recorded: What Home Assistant has.
        drop_extra: Whether an hour that the source does not have must add nothing.
    """
    rows: dict[datetime, SumRow] = {}
    differences: list[Difference] = []
    hours = sorted(amounts.keys() | recorded.keys())
    for hour in hours:
        old, amount = recorded.get(hour), amounts.get(hour)
        if old is not None and amount is None and not drop_extra:
            amount = tally.added_by(old) if isnan(old.state) else old.state
        new = tally.after(amount or 0.0)
        if (flaw := _flaw(tally, old, new, amount)) is not None:
            added = None if old is None else tally.added_by(old)
            differences.append(Difference(hour, flaw, added, amount))
        if old is None or not (
            _is_same(old.state, new.state) and _is_same(old.sum, new.sum)
        ):
            rows[hour] = new
        tally.move(old, new, is_flawed=flaw is not None)
    return Comparison(rows, tuple(differences), len(hours))


def compare_means(
    means: Mapping[datetime, Mean], recorded: Mapping[datetime, Mean]
) -> Comparison[Mean]:
    """Compare the hours of a page of a statistic without a sum.

    An hour that only Home Assistant has is reported; nothing can be written for it.

    Args:
        means: By its source.
        recorded: What Home Assistant has.
    """
    rows: dict[datetime, Mean] = {}
    differences: list[Difference] = []
    hours = sorted(means.keys() | recorded.keys())
    for hour in hours:
        old, new = recorded.get(hour), means.get(hour)
        if new is None:
            flaw = Flaw.EXTRA
        elif old is None:
            flaw = Flaw.MISSING
        elif not all(map(_is_same, old, new)):
            flaw = Flaw.DIFFERENT
        else:
            continue
        differences.append(Difference(hour, flaw, old and old.mean, new and new.mean))
        if new is not None:
            rows[hour] = new
    return Comparison(rows, tuple(differences), len(hours))


def _flaw(
    tally: Tally, old: SumRow | None, new: SumRow, amount: float | None
) -> Flaw | None:
    """Return what is wrong with an hour.

    Args:
        tally: Of the hours before.
        old: What Home Assistant has.
        new: What it should have.
        amount: What the hour adds, by its source; None when it is not there.
    """
    if old is None:
        return Flaw.MISSING
    is_in_line = tally.allows(_shift(old, new))
    if amount is None:
        return None if is_in_line else Flaw.EXTRA
    is_right = is_in_line and _is_same(old.state, amount)
    return None if is_right else Flaw.DIFFERENT


def _shift(old: SumRow, new: SumRow) -> float:
    return round(old.sum - new.sum, DIGITS)


def _is_same(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE
