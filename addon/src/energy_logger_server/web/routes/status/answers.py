"""What the server says of itself."""

from typing import Annotated, Literal, TypedDict

from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.health import Health
from energy_logger_server.domain.notifications.alerts import AlertCode
from energy_logger_server.web.datasets.run_answers import ImportAnswer
from energy_logger_server.web.http.answer_types import Doc, Time

type Version = Annotated[str, Doc("Of the program.")]
type Started = Annotated[
    int, Doc("Runs that began, also those that could not be stored since the start.")
]
type SuccessRate = Annotated[
    float | None,
    Doc(
        "Per cent of the runs that ended; partial ones do not count as success; null "
        "without."
    ),
]


class HealthAnswer(TypedDict):
    """A sign of life."""

    status: Literal["healthy"]
    timestamp: Time
    """Now, UTC."""
    version: Version


class ReadyAnswer(TypedDict):
    """It can work."""

    status: Literal["ready"]


class InfoAnswer(TypedDict):
    """Which program, and which store."""

    version: Version
    schema_version: str
    """Of the store."""
    instance_id: str
    """The store's own random name."""


class OutcomesAnswer(TypedDict):
    """How many runs ended in each way."""

    success: int
    partial: int
    failed: int
    interrupted: int


class DayAnswer(TypedDict):
    """How the last 24 hours went."""

    status: Health
    """degraded: the last run was no success; unhealthy: most runs of the last 24 hours
    failed, or nothing can be stored."""
    imports_last_24h: Started
    success_rate_24h: SuccessRate
    outcomes_24h: OutcomesAnswer


class WeekAnswer(TypedDict):
    """How the last seven days went."""

    imports_last_7d: Started
    success_rate_7d: SuccessRate


class DatabaseAnswer(TypedDict):
    """How much is stored."""

    total_load_records: int
    """Hours of all areas."""
    total_substation_records: int
    """Readings."""
    total_cooperatives: int
    """Areas."""
    total_substations: int
    total_sites: int
    total_price_records: int
    """Settled prices."""
    total_usage_records: int
    database_size_mb: float
    """MiB."""
    oldest_record: Time | None
    """UTC."""
    newest_record: Time | None
    """UTC."""


class StorageAnswer(TypedDict):
    """Whether what is collected can be stored."""

    is_working: bool
    """Whether what is collected can be stored."""
    last_write_at: Time | None
    """Since the start; null before the first."""
    failing_since: Time | None
    problem: str | None
    """Why it fails."""
    next_attempt_at: Time | None
    """When the server tries again to open the store; null of one that is open, and
    while an attempt is under way."""
    checked_at: Time | None
    """When the store's file was last looked over since the start, and found whole; null
    before, and of PostgreSQL."""
    journal_mode: str | None
    """SQLite's; other than wal where the file system refuses that, and then readers and
    the writer wait for each other. Null of PostgreSQL."""


class ConfiguredAnswer(TypedDict):
    """Settings that the predecessor showed here."""

    notifications_enabled: bool
    poll_interval_minutes: int
    """Of KAMO."""


class ProblemAnswer(TypedDict):
    """What is wrong with a source, or with the backups."""

    code: ProblemCode
    message: str
    """A sentence for the reader."""
    since: Time
    """When it was noticed."""


class CycleSecondsAnswer(TypedDict):
    """How long runs took."""

    count: int
    last: float | None
    p50: float | None
    max: float | None


class SourceAnswer(TypedDict):
    """How collecting from a utility goes."""

    interval_minutes: int
    is_running: bool
    next_tick_at: Time | None
    refused_since: Time | None
    """Since when the utility refuses the key."""
    ticks_skipped: int
    """Since the start; a run was still under way."""
    cycle_seconds: CycleSecondsAnswer
    """How long runs took."""
    clock_difference_seconds: float | None
    """By which this machine's clock is ahead of the utility's; null when no answer of
    the last hour had a time."""
    problems: list[ProblemAnswer]
    """What is wrong at present."""


class CallBudgetAnswer(TypedDict):
    """Calls that a counter of Amber's allows."""

    limit: int
    """Calls allowed in a window."""
    remaining: int
    resets_at: Time | None
    blocked_until: Time | None
    calls_made: int
    """Since the start."""


class CollectingAnswer(TypedDict):
    """How collecting goes."""

    sources: dict[str, SourceAnswer]
    """Those that are set up."""
    call_budget: dict[str, CallBudgetAnswer]
    """Calls that Amber allows, by its counters."""


class AlertAnswer(TypedDict):
    """A condition that the owner has to know of."""

    code: AlertCode
    subject: str
    """A source's name, or empty."""
    message: str
    """A sentence for the reader."""
    since: Time


class NotificationServiceAnswer(TypedDict):
    """How a service that sends messages does."""

    service: str
    """Its kind, and a part of its address's hash."""
    last_sent_at: Time | None
    """When it last took a message about something wrong."""
    waiting: int
    """Conditions that it still has to send."""
    failing_since: Time | None
    problem: str | None
    """Why it fails."""


class DiskAnswer(TypedDict):
    """The disk of the store, as the last hour's look found it."""

    free_mb: float
    """MiB."""
    total_mb: float
    """MiB."""
    days_left: float | None
    """At today's growth of the store; null while that is not known, or without
    growth."""


class AlertsAnswer(TypedDict):
    """What the owner has to know of, and whether it was sent."""

    alerts: list[AlertAnswer]
    """What is wrong, as the last minute's look found it, oldest first."""
    notifications: list[NotificationServiceAnswer]
    disk: DiskAnswer | None
    """Null where the operating system does not say."""


class BackupStatusAnswer(TypedDict):
    """How backups stand."""

    newest_at: Time | None
    """Of the newest that was restored for a trial and was as it should be."""
    next_at: Time | None
    """When the next one is made by itself; null where none is."""
    problems: list[ProblemAnswer]
    """What is wrong at present."""


class UnopenedStatusAnswer(TypedDict):
    """What is known while the store is not open."""

    status: Literal[Health.UNHEALTHY]
    version: Version
    uptime_seconds: float
    storage: StorageAnswer
    alerts: list[AlertAnswer]
    """What the owner has to know of."""


class StoredAnswer(DayAnswer, WeekAnswer):
    """What follows from the store."""

    last_import: ImportAnswer | None
    """The newest run."""
    last_successful_import: Time | None
    """Its end."""
    database_stats: DatabaseAnswer


class StatusAnswer(StoredAnswer, ConfiguredAnswer, CollectingAnswer, AlertsAnswer):
    """How things are; names no household."""

    version: Version
    uptime_seconds: float
    storage: StorageAnswer
    """As the last writes showed."""
    backups: BackupStatusAnswer | None
    """null where their folder cannot be read."""
