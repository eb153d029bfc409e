"""Shapes of runs in answers, under the predecessor's names."""

import voluptuous as vol

from energy_logger_server.domain.runs import Outcome, Source, Trigger
from energy_logger_server.web.http.checks import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    TIME,
)

_NEW = "New or changed."
_SKIPPED = "There already."


def _counts(kind: str) -> dict[vol.Marker, object]:
    return {
        vol.Required(f"{kind}_records_imported", description=_NEW): int,
        vol.Required(f"{kind}_records_skipped", description=_SKIPPED): int,
    }


_IMPORT = {
    vol.Required("id"): int,
    vol.Required("source"): vol.In([one.value for one in Source]),
    vol.Required("trigger"): vol.In([one.value for one in Trigger]),
    vol.Required("started_at", description="UTC."): TIME,
    vol.Required("completed_at", description="UTC; null while it runs."): MAYBE_TIME,
    vol.Required("status", description="partial: something, not all, failed."): vol.In(
        [one.value for one in Outcome]
    ),
    **_counts("load"),
    **_counts("substation"),
    **_counts("price"),
    **_counts("usage"),
    vol.Required("error_message", description="How many failed, by code."): MAYBE_TEXT,
    vol.Required("duration_seconds"): MAYBE_NUMBER,
}
IMPORT = vol.Schema(_IMPORT)

IMPORTS = vol.Schema([IMPORT])

_FAILURES = vol.Schema(
    [
        {
            vol.Required("subject", description="Such as load/7."): str,
            vol.Required("code", description="Stable name of the problem."): str,
            vol.Required("message"): str,
        }
    ]
)
_KIND = vol.Schema(
    {
        vol.Required("new"): int,
        vol.Required("changed"): int,
        vol.Required("unchanged"): int,
    }
)
RUN = vol.Schema(
    {
        **_IMPORT,
        vol.Required("interval_minutes", description="Polling interval."): int,
        vol.Required("series_total", description="Set out to be read."): int,
        vol.Required("series_failed"): int,
        vol.Required("requests", description="Calls made upstream."): int,
        vol.Required("ticks_skipped"): int,
        vol.Required("rejected", description="Records kept as samples."): int,
        vol.Required("counts", description="Records by kind."): {
            vol.Required(kind): _KIND
            for kind in ("price", "usage", "load", "substation", "forecast")
        },
        vol.Required("failures", description="One for each series that failed."): (
            _FAILURES
        ),
    }
)
RUNS = vol.Schema(
    {
        vol.Required("runs"): [RUN],
        vol.Required("count"): int,
        vol.Required("truncated", description="Whether older ones follow."): bool,
    }
)

REMOVED = vol.Schema({vol.Required("success"): bool, vol.Required("deleted_id"): int})

NEXT_IMPORT = vol.Schema(
    {
        vol.Required("next_import", description="The soonest, UTC."): MAYBE_TIME,
        vol.Required("sources", description="By source."): {str: MAYBE_TIME},
    }
)

_TRIGGERED = {
    vol.Required(f"{kind}_{what}", description=words): int
    for kind in ("load", "substations", "prices", "usage")
    for what, words in (("imported", _NEW), ("skipped", _SKIPPED))
}
TRIGGERED = vol.Schema(
    {
        vol.Required("success", description="Whether nothing failed."): bool,
        **_TRIGGERED,
        vol.Required("duration_seconds"): NUMBER,
        vol.Required("error"): MAYBE_TEXT,
        vol.Required("runs"): [{**_IMPORT, vol.Required("failures"): _FAILURES}],
    }
)
