"""What became of a predecessor's rows."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

_MOST_EXAMPLES = 5


class Rows(StrEnum):
    """What the rows are."""

    LOAD = "hours of load"
    SUBSTATION = "substation readings"
    PRICE = "prices"
    USAGE = "usage intervals"


class Fate(StrEnum):
    """What becomes of a row.

    ``stored``: there already, in this store or in the same file. ``repeated_hour``: its
    time is in the hour that autumn repeats, so it could be either. ``no_such_hour``: in
    the one that spring skips. ``no_clock``: its time says no offset, and nothing says
    the clock. ``estimate``: a price that was not final.
    """

    ADOPTED = "adopted"
    STORED = "there already"
    REPEATED_HOUR = "in the repeated hour"
    NO_SUCH_HOUR = "in the skipped hour"
    NO_CLOCK = "without a clock"
    ESTIMATE = "not final"
    UNREADABLE = "unreadable"


@dataclass(slots=True)
class Report:
    """Counts of rows by what they are and what became of them.

    Attributes:
        counts: By both.
        provisional: Of the adopted loads, those that were read before their hour was
            over.
        shifted: Of the adopted intervals, those whose label was Sydney's time.
        examples: Some rows that were not adopted, a sentence each.
    """

    counts: Counter[tuple[Rows, Fate]] = field(default_factory=Counter)
    provisional: int = 0
    shifted: int = 0
    examples: dict[Fate, list[str]] = field(default_factory=dict)

    def add(self, rows: Rows, fate: Fate, example: str = "", count: int = 1) -> None:
        """Count rows; keep the first few examples."""
        self.counts[rows, fate] += count
        kept = self.examples.setdefault(fate, [])
        if example and len(kept) < _MOST_EXAMPLES:
            kept.append(example)

    def found(self, rows: Rows) -> int:
        """Return how many rows there were."""
        return sum(count for (kind, _), count in self.counts.items() if kind == rows)

    @property
    def adopted(self) -> int:
        """How many rows of any kind were, or would be, adopted."""
        return sum(
            count for (_, fate), count in self.counts.items() if fate is Fate.ADOPTED
        )
