"""What the owner has to know of: derived from what collecting, store and disk say.

Nothing is decided here that is shown elsewhere: whether a source fails, a key is
refused or the store works is known already, and becomes an alert once it has lasted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.collecting.status import SourceStatus
from energy_logger_server.domain.health import StoreState
from energy_logger_server.domain.startup import StartupState

FAILURES_IN_A_ROW = 3
"""So many runs of a source that got nothing are no accident."""

_LASTING = timedelta(minutes=5)
"""A store that fails for a moment is not reported."""


class AlertCode(StrEnum):
    """Stable names; they cross the wire.

    ``source_failing``: so many runs in a row got nothing.
    ``key_refused``: the utility refuses the key.
    ``store_failing``: what is collected cannot be stored, or the store not be opened.
    ``store_damaged``: the store's file is damaged.
    ``disk_nearly_full``: the disk has room for a few days more.
    ``backup_failed``: the last backup could not be made.
    ``backup_overdue``: the last proven backup is older than it may be.
    """

    SOURCE_FAILING = "source_failing"
    KEY_REFUSED = "key_refused"
    STORE_FAILING = "store_failing"
    STORE_DAMAGED = "store_damaged"
    DISK_NEARLY_FULL = "disk_nearly_full"
    BACKUP_FAILED = "backup_failed"
    BACKUP_OVERDUE = "backup_overdue"


type AlertKey = tuple[AlertCode, str]
"""Which condition of what; at most one of each holds at a time."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A condition that holds.

    Attributes:
        code: Which.
        subject: Of what: a source's name, or empty.
        message: A sentence for the reader; names no household, no place, no secret.
        since: Instant (UTC) from which it has held.
    """

    code: AlertCode
    subject: str
    message: str
    since: datetime

    @property
    def key(self) -> AlertKey:
        """Which condition of what."""
        return self.code, self.subject


@dataclass(frozen=True, slots=True)
class Observation:
    """What holds now, as far as that can be known.

    Attributes:
        alerts: Conditions that hold.
        unknown: Those of which nothing can be said now: they stay as they were.
        withdrawn: Those that nobody is interested in any more: what was collected is
            switched off.
    """

    alerts: tuple[Alert, ...] = ()
    unknown: frozenset[AlertKey] = frozenset()
    withdrawn: frozenset[AlertKey] = frozenset()

    def __add__(self, other: "Observation") -> "Observation":
        """Return both together; they are about different conditions."""
        return Observation(
            self.alerts + other.alerts,
            self.unknown | other.unknown,
            self.withdrawn | other.withdrawn,
        )


@dataclass(frozen=True, slots=True)
class FailedRuns:
    """The newest runs of a source, as far back as all of them got nothing.

    Attributes:
        count: How many; 0 when the newest one got something.
        since: Instant (UTC) at which the oldest of them began; None without any.
    """

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What is known of a source.

    Attributes:
        status: How its collecting goes; None when it is switched off.
        failed: Its newest runs, but for those of backfill.
    """

    status: SourceStatus | None
    failed: FailedRuns = field(default_factory=FailedRuns)


def of_sources(sources: Mapping[Source, Collected]) -> Observation:
    """Return what holds of the sources.

    A key that is refused has its runs fail, too; it is reported once. Whether it still
    is, nobody knows between a start and the first answer.
    """
    found = Observation()
    for source, collected in sources.items():
        failing: AlertKey = (AlertCode.SOURCE_FAILING, source.value)
        refused: AlertKey = (AlertCode.KEY_REFUSED, source.value)
        status = collected.status
        if status is None:
            found += Observation(withdrawn=frozenset({failing, refused}))
        elif status.refused_since is not None:
            found += Observation(
                (
                    Alert(
                        *refused,
                        "The utility refuses the key.",
                        status.refused_since,
                    ),
                ),
                unknown=frozenset({failing}),
            )
        else:
            has_run = status.cycle_times.count > 0
            found += Observation(
                tuple(_failing(status, collected.failed)),
                unknown=frozenset() if has_run else frozenset({refused}),
            )
    return found


def _failing(status: SourceStatus, failed: FailedRuns) -> Iterable[Alert]:
    if failed.since is not None and failed.count >= FAILURES_IN_A_ROW:
        said = (
            one.message for one in status.problems if one.code is ProblemCode.FAILING
        )
        yield Alert(
            AlertCode.SOURCE_FAILING,
            status.source.value,
            next(said, "The last runs got nothing."),
            failed.since,
        )


def of_store(state: StoreState, now: datetime, *, has_run: bool) -> Observation:
    """Return what holds of a store that is open.

    Args:
        state: Whether it works.
        now: Instant (UTC).
        has_run: Whether a run has ended since the start. Before, nothing large was
            written: a disk that was full may still be.
    """
    since = state.failing_since
    if since is None or now - since < _LASTING:
        return Observation(unknown=_STORE if not has_run else frozenset())
    return _of_failing_store(
        f"What is collected cannot be stored: {state.cause}.",
        since,
        is_damaged=state.is_damaged,
    )


def of_startup(state: StartupState, now: datetime) -> Observation:
    """Return what holds of a store that is not open; of all else, nothing is known."""
    others = frozenset(
        (code, subject)
        for code in AlertCode
        for subject in ("", *Source)
        if (code, subject) not in _STORE
    )
    is_damaged = state.problem.code == AlertCode.STORE_DAMAGED
    is_lasting = is_damaged or now - state.since >= _LASTING
    if not state.failures or not is_lasting:
        return Observation(unknown=others | _STORE)
    store = _of_failing_store(
        f"The store cannot be opened: {state.problem.public_message}.",
        state.since,
        is_damaged=is_damaged,
    )
    return store + Observation(unknown=others)


_STORE: frozenset[AlertKey] = frozenset(
    {(AlertCode.STORE_FAILING, ""), (AlertCode.STORE_DAMAGED, "")}
)


def _of_failing_store(
    message: str, since: datetime, *, is_damaged: bool
) -> Observation:
    """Return the one of the two conditions that holds; the other is part of it."""
    code = AlertCode.STORE_DAMAGED if is_damaged else AlertCode.STORE_FAILING
    alert = Alert(code, "", message, since)
    return Observation((alert,), unknown=_STORE - {alert.key})
