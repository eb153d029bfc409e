"""What collecting looks like from outside: for the status page, names no household."""

from dataclasses import dataclass
from datetime import datetime

from .problems import Problem
from .runs import Source


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """How long the runs of a source took since the program started.

    Attributes:
        count: Runs that ended.
        last_s: The last one, seconds; None when none has ended.
        p50_s: Their median.
        max_s: The longest.
    """

    count: int = 0
    last_s: float | None = None
    p50_s: float | None = None
    max_s: float | None = None


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source that this server is set up to collect.

    Attributes:
        source: Which.
        interval_minutes: Polling interval in force.
        is_started: Whether its client and its schedule are up.
        is_running: Whether a run is under way.
        next_tick_at: Instant (UTC) of the next tick; None before the schedule is up.
        refused_since: Instant (UTC) from which the utility has been refusing the key;
            None when it does not.
        ticks_skipped: Ticks since the start that fell into a run.
        cycle_times: Of its runs.
        problems: What is wrong with it at present.
        clock_difference_s: Seconds by which our clock is ahead of the source's; None
            when no answer of the last hour was dated.
    """

    source: Source
    interval_minutes: int
    is_started: bool
    is_running: bool
    next_tick_at: datetime | None
    refused_since: datetime | None
    ticks_skipped: int
    cycle_times: CycleTimes
    problems: tuple[Problem, ...] = ()
    clock_difference_s: float | None = None


@dataclass(frozen=True, slots=True)
class CallBudgetStatus:
    """One of the counters of calls that a token may make.

    Attributes:
        counter: Upstream's counter, ``site`` or ``price``.
        limit: Calls allowed in a window.
        remaining: Calls left in it.
        resets_at: End of the window (UTC); None when none is open.
        blocked_until: Instant (UTC) until which no call may be made, or None.
        calls_made: Calls since the program started.
    """

    counter: str
    limit: int
    remaining: int
    resets_at: datetime | None
    blocked_until: datetime | None
    calls_made: int


@dataclass(frozen=True, slots=True)
class CollectingStatus:
    """All sources, and the call budget where one has to be kept."""

    sources: tuple[SourceStatus, ...] = ()
    call_budget: tuple[CallBudgetStatus, ...] = ()
