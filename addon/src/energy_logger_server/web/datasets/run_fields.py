"""Runs as answers show them, under the predecessor's names."""

from collections.abc import Sequence

from energy_logger_server.domain.runs import (
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    WriteCounts,
)

from .fields import Fields, utc_text

IMPORT_COLUMNS = (
    "id",
    "source",
    "trigger",
    "started_at",
    "completed_at",
    "status",
    "load_records_imported",
    "load_records_skipped",
    "substation_records_imported",
    "substation_records_skipped",
    "price_records_imported",
    "price_records_skipped",
    "usage_records_imported",
    "usage_records_skipped",
    "error_message",
    "duration_seconds",
)
"""Names of ``run_fields``, in their order."""

RUN_COLUMNS = (
    *IMPORT_COLUMNS,
    "interval_minutes",
    "series_total",
    "series_failed",
    "requests",
    "ticks_skipped",
    "rejected",
    "counts",
    "failures",
)
"""Names of ``full_run_fields``; counts and failures are JSON in a cell."""


def run_fields(run: RunRecord) -> Fields:
    """Return a run; says nothing of a household.

    ``imported`` counts what was new or changed, ``skipped`` what was there already.
    """
    end = run.end
    counts = WriteCounts() if end is None else end.counts
    return {
        "id": run.id,
        "source": run.source.value,
        "trigger": run.trigger.value,
        "started_at": utc_text(run.started_at),
        "completed_at": None if end is None else utc_text(end.finished_at),
        "status": (Outcome.RUNNING if end is None else end.outcome).value,
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


def full_run_fields(run: RunRecord) -> Fields:
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
            kind: {"new": one.new, "changed": one.changed, "unchanged": one.unchanged}
            for kind, one in (
                ("price", counts.price),
                ("usage", counts.usage),
                ("load", counts.load),
                ("substation", counts.substation),
                ("forecast", counts.forecast),
            )
        },
        "failures": failure_fields(run),
    }


def trigger_fields(runs: Sequence[RunRecord]) -> Fields:
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
        "runs": [{**run_fields(run), "failures": failure_fields(run)} for run in runs],
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


def failure_fields(run: RunRecord) -> list[Fields]:
    """Return what failed in a run; may name a site."""
    return [
        {"subject": one.subject, "code": one.code, "message": one.message}
        for one in (run.end.failures if run.end else ())
    ]


def _imported(counts: KindCounts) -> int:
    return counts.new + counts.changed
