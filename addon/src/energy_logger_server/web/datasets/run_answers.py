"""What answers say of runs, under the predecessor's names."""

from typing import Annotated, TypedDict

from energy_logger_server.domain.collecting.runs import Outcome, Source, Trigger
from energy_logger_server.web.http.answer_types import Doc, Time, field_names

type Imported = Annotated[int, Doc("New or changed.")]
type Skipped = Annotated[int, Doc("There already.")]


class ImportAnswer(TypedDict):
    """A run; says nothing of a household."""

    id: int
    source: Source
    trigger: Trigger
    started_at: Time
    """UTC."""
    completed_at: Time | None
    """UTC; null while it runs."""
    status: Outcome
    """partial: something, not all, failed."""
    load_records_imported: Imported
    load_records_skipped: Skipped
    substation_records_imported: Imported
    substation_records_skipped: Skipped
    price_records_imported: Imported
    price_records_skipped: Skipped
    usage_records_imported: Imported
    usage_records_skipped: Skipped
    error_message: str | None
    """How many failed, by code."""
    duration_seconds: float | None


class FailureAnswer(TypedDict):
    """A series that could not be read; may name a site."""

    subject: str
    """Such as load/7."""
    code: str
    """Stable name of the problem."""
    message: str


class CountsAnswer(TypedDict):
    """Records of one kind that a run wrote, or had no need to."""

    new: int
    changed: int
    unchanged: int


class CountsByKindAnswer(TypedDict):
    """Records of every kind."""

    price: CountsAnswer
    usage: CountsAnswer
    load: CountsAnswer
    substation: CountsAnswer
    forecast: CountsAnswer


class RunAnswer(ImportAnswer):
    """A run with its counts and what failed; may name a site."""

    interval_minutes: int
    """Polling interval."""
    series_total: int
    """Set out to be read."""
    series_failed: int
    requests: int
    """Calls made upstream."""
    ticks_skipped: int
    rejected: int
    """Records kept as samples."""
    counts: CountsByKindAnswer
    """Records by kind."""
    failures: list[FailureAnswer]
    """One for each series that failed."""


class RunsAnswer(TypedDict):
    """A page of the log."""

    runs: list[RunAnswer]
    count: int
    truncated: bool
    """Whether older ones follow."""


class RemovedAnswer(TypedDict):
    """A run that is no longer in the log."""

    success: bool
    deleted_id: int


class NextImportAnswer(TypedDict):
    """When sources are read next."""

    next_import: Time | None
    """The soonest, UTC."""
    sources: dict[str, Time | None]
    """By source."""


class FailedImportAnswer(ImportAnswer):
    """A run and what failed; may name a site."""

    failures: list[FailureAnswer]


class TriggeredAnswer(TypedDict):
    """What runs that were asked for brought."""

    success: bool
    """Whether nothing failed."""
    load_imported: Imported
    load_skipped: Skipped
    substations_imported: Imported
    substations_skipped: Skipped
    prices_imported: Imported
    prices_skipped: Skipped
    usage_imported: Imported
    usage_skipped: Skipped
    duration_seconds: float
    error: str | None
    runs: list[FailedImportAnswer]


IMPORT_COLUMNS = field_names(ImportAnswer)

RUN_COLUMNS = field_names(RunAnswer)
"""Counts and failures are JSON in a cell."""
