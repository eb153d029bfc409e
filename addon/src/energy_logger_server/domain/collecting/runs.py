"""One attempt of one collector: what started it, how it ended, what it brought."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Trigger(StrEnum):
    """What started a run; ``start``: the program did."""

    START = "start"
    TICK = "tick"
    MANUAL = "manual"
    BACKFILL = "backfill"


class Outcome(StrEnum):
    """How a run ended; ``partial`` means that something, not all, failed."""

    RUNNING = "running"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Source(StrEnum):
    """An upstream."""

    AMBER = "amber"
    KAMO = "kamo"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one series got nothing in a run.

    Attributes:
        subject: What failed, as ``kind/owner`` or ``kind/owner/channel``, such as
            ``load/7`` or ``usage/01ABC``.
        code: Stable code of the error, see ``api.errors``.
        message: A sentence for the reader; holds no secret.
    """

    subject: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Records of one kind in a run.

    Attributes:
        new: Not there before.
        changed: There with another value; settled ones went to the revisions.
        unchanged: There already, nothing written.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "KindCounts") -> "KindCounts":
        """Return the sum of both."""
        return KindCounts(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True)
class WriteCounts:
    """Records that a write or a run brought, by kind.

    ``forecast`` counts provisional rows of both sources; ``rejected`` the records
    that could not be read and are kept as samples.
    """

    price: KindCounts = field(default_factory=KindCounts)
    usage: KindCounts = field(default_factory=KindCounts)
    load: KindCounts = field(default_factory=KindCounts)
    substation: KindCounts = field(default_factory=KindCounts)
    forecast: KindCounts = field(default_factory=KindCounts)
    rejected: int = 0

    def __add__(self, other: "WriteCounts") -> "WriteCounts":
        """Return the sum of both."""
        return WriteCounts(
            self.price + other.price,
            self.usage + other.usage,
            self.load + other.load,
            self.substation + other.substation,
            self.forecast + other.forecast,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The closing entry of a run.

    Attributes:
        finished_at: Instant (UTC).
        outcome: Never ``running``.
        series_total: Series that the run set out to read.
        failures: One for each series that failed; the others succeeded.
        counts: What was written.
        requests: Calls made upstream.
        ticks_skipped: Ticks that fell into the time of the run before.
    """

    finished_at: datetime
    outcome: Outcome
    series_total: int
    failures: tuple[Failure, ...] = ()
    counts: WriteCounts = field(default_factory=WriteCounts)
    requests: int = 0
    ticks_skipped: int = 0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the run log has it.

    Attributes:
        id: Number in the log, ascending.
        source: ``amber`` or ``kamo``.
        trigger: What started it.
        interval_minutes: Polling interval in force.
        started_at: Instant (UTC).
        end: None while it runs.
    """

    id: int
    source: Source
    trigger: Trigger
    interval_minutes: int
    started_at: datetime
    end: RunEnd | None

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end, None while it runs."""
        if self.end is None:
            return None
        return (self.end.finished_at - self.started_at).total_seconds()
