"""Runs as answers show them, under the predecessor's names."""

from collections.abc import Sequence

from energy_logger_server.domain.runs import (
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    WriteCounts,
)

from .wire import Fields, utc_text


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
        "runs": [{**run_fields(run), "failures": _failures(run)} for run in runs],
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


def _imported(counts: KindCounts) -> int:
    return counts.new + counts.changed


def _failures(run: RunRecord) -> list[Fields]:
    return [
        {"subject": one.subject, "code": one.code, "message": one.message}
        for one in (run.end.failures if run.end else ())
    ]
