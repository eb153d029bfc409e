"""Runs as answers show them, under the predecessor's names."""

from collections.abc import Sequence

from energy_logger_server.domain.collecting.runs import (
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    WriteCounts,
)

from .fields import utc_text
from .run_answers import (
    CountsAnswer,
    FailedImportAnswer,
    FailureAnswer,
    ImportAnswer,
    RunAnswer,
    TriggeredAnswer,
)


def run_fields(run: RunRecord) -> ImportAnswer:
    """Return a run; says nothing of a household.

    ``imported`` counts what was new or changed, ``skipped`` what was there already.
    """
    end = run.end
    counts = WriteCounts() if end is None else end.counts
    return {
        "id": run.id,
        "source": run.source,
        "trigger": run.trigger,
        "started_at": utc_text(run.started_at),
        "completed_at": None if end is None else utc_text(end.finished_at),
        "status": Outcome.RUNNING if end is None else end.outcome,
        "load_records_imported": _imported(counts.load),
        "load_records_skipped": counts.load.unchanged,
        "substation_records_imported": _imported(counts.substation),
        "substation_records_skipped": counts.substation.unchanged,
        "price_records_imported": _imported(counts.price),
        "price_records_skipped": counts.price.unchanged,
        "usage_records_imported": _imported(counts.usage),
        "usage_records_skipped": counts.usage.unchanged,
        "error_message": None if end is None else failure_message(end),
        "duration_seconds": run.duration_s,
    }


def full_run_fields(run: RunRecord) -> RunAnswer:
    """Return a run with its counts and what failed; may name a site."""
    end = run.end
    counts = WriteCounts() if end is None else end.counts
    return {
        **run_fields(run),
        "interval_minutes": run.interval_minutes,
        "series_total": 0 if end is None else end.series_total,
        "series_failed": 0 if end is None else len(end.failures),
        "requests": 0 if end is None else end.requests,
        "ticks_skipped": 0 if end is None else end.ticks_skipped,
        "rejected": counts.rejected,
        "counts": {
            "price": _counts(counts.price),
            "usage": _counts(counts.usage),
            "load": _counts(counts.load),
            "substation": _counts(counts.substation),
            "forecast": _counts(counts.forecast),
        },
        "failures": _failures(run),
    }


def failed_run_fields(run: RunRecord) -> FailedImportAnswer:
    """Return a run with what failed; may name a site."""
    return {**run_fields(run), "failures": _failures(run)}


def trigger_fields(runs: Sequence[RunRecord]) -> TriggeredAnswer:
    """Return what runs that were asked for brought; for whoever has the key."""
    ends = [run.end for run in runs if run.end is not None]
    counts = sum((end.counts for end in ends), WriteCounts())
    messages = [message for end in ends if (message := failure_message(end))]
    return {
        "success": all(end.outcome is Outcome.SUCCESS for end in ends),
        "load_imported": _imported(counts.load),
        "load_skipped": counts.load.unchanged,
        "substations_imported": _imported(counts.substation),
        "substations_skipped": counts.substation.unchanged,
        "prices_imported": _imported(counts.price),
        "prices_skipped": counts.price.unchanged,
        "usage_imported": _imported(counts.usage),
        "usage_skipped": counts.usage.unchanged,
        "duration_seconds": sum(run.duration_s or 0.0 for run in runs),
        "error": "; ".join(messages) or None,
        "runs": [failed_run_fields(run) for run in runs],
    }


def failure_message(end: RunEnd) -> str | None:
    """Return what failed, by number and code; None when nothing did.

    Subjects and upstream's words stay out: they may name a site.
    """
    if end.outcome is Outcome.INTERRUPTED:
        return "the server stopped before the run ended"
    if not end.failures:
        return None
    codes = ", ".join(sorted({failure.code for failure in end.failures}))
    return f"{len(end.failures)} of {end.series_total} series failed: {codes}"


def _failures(run: RunRecord) -> list[FailureAnswer]:
    return [
        {"subject": one.subject, "code": one.code, "message": one.message}
        for one in (run.end.failures if run.end else ())
    ]


def _counts(counts: KindCounts) -> CountsAnswer:
    return {
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
    }


def _imported(counts: KindCounts) -> int:
    return counts.new + counts.changed
