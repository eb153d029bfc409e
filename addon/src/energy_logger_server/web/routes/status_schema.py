"""Shapes of what the server tells of itself."""

import voluptuous as vol

from energy_logger_server.domain.health import Health
from energy_logger_server.domain.problems import ProblemCode
from energy_logger_server.domain.runs import Outcome
from energy_logger_server.web.datasets.run_answers import ImportAnswer
from energy_logger_server.web.http.checks import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    TIME,
)

_COUNT = vol.Any(int, None)
_OUTCOMES = [one.value for one in Outcome if one is not Outcome.RUNNING]

HEALTH = vol.Schema(
    {
        vol.Required("status"): vol.In(["healthy"]),
        vol.Required("timestamp", description="Now, UTC."): TIME,
        vol.Required("version", description="Of the program."): str,
    }
)

READY = vol.Schema({vol.Required("status"): vol.In(["ready"])})

INFO = vol.Schema(
    {
        vol.Required("version", description="Of the program."): str,
        vol.Required("schema_version", description="Of the store."): str,
        vol.Required("instance_id", description="The store's own random name."): str,
    }
)

_DATABASE = vol.Schema(
    {
        vol.Required("total_load_records", description="Hours of all areas."): int,
        vol.Required("total_substation_records", description="Readings."): int,
        vol.Required("total_cooperatives", description="Areas."): int,
        vol.Required("total_substations"): int,
        vol.Required("total_sites"): int,
        vol.Required("total_price_records", description="Settled prices."): int,
        vol.Required("total_usage_records"): int,
        vol.Required("database_size_mb", description="MiB."): NUMBER,
        vol.Required("oldest_record", description="UTC."): MAYBE_TIME,
        vol.Required("newest_record", description="UTC."): MAYBE_TIME,
    }
)
_STORAGE = vol.Schema(
    {
        vol.Required(
            "is_working", description="Whether what is collected can be stored."
        ): bool,
        vol.Required(
            "last_write_at", description="Since the start; null before the first."
        ): MAYBE_TIME,
        vol.Required("failing_since"): MAYBE_TIME,
        vol.Required("problem", description="Why it fails."): MAYBE_TEXT,
        vol.Required(
            "journal_mode",
            description="SQLite's; other than wal where the file system refuses that, "
            "and then readers and the writer wait for each other. Null of PostgreSQL.",
        ): MAYBE_TEXT,
    }
)
_PROBLEM = vol.Schema(
    {
        vol.Required("code"): vol.In([one.value for one in ProblemCode]),
        vol.Required("message", description="A sentence for the reader."): str,
        vol.Required("since", description="When it was noticed."): TIME,
    }
)
_SOURCE = vol.Schema(
    {
        vol.Required("interval_minutes"): int,
        vol.Required("is_running"): bool,
        vol.Required("next_tick_at"): MAYBE_TIME,
        vol.Required(
            "refused_since", description="Since when the utility refuses the key."
        ): MAYBE_TIME,
        vol.Required(
            "ticks_skipped", description="Since the start; a run was still under way."
        ): int,
        vol.Required("cycle_seconds", description="How long runs took."): {
            vol.Required("count"): int,
            vol.Required("last"): MAYBE_NUMBER,
            vol.Required("p50"): MAYBE_NUMBER,
            vol.Required("max"): MAYBE_NUMBER,
        },
        vol.Required(
            "clock_difference_seconds",
            description="By which this machine's clock is ahead of the utility's; null "
            "when no answer of the last hour had a time.",
        ): MAYBE_NUMBER,
        vol.Required("problems", description="What is wrong at present."): [_PROBLEM],
    }
)
_BUDGET = vol.Schema(
    {
        vol.Required("limit", description="Calls allowed in a window."): int,
        vol.Required("remaining"): int,
        vol.Required("resets_at"): MAYBE_TIME,
        vol.Required("blocked_until"): MAYBE_TIME,
        vol.Required("calls_made", description="Since the start."): int,
    }
)
_BEGAN = "Runs that began, also those that could not be stored since the start."
_RATE = (
    "Per cent of the runs that ended; partial ones do not count as success; null "
    "without."
)

STATUS = vol.Schema(
    {
        vol.Required(
            "status",
            description="degraded: the last run was no success; unhealthy: most runs "
            "of the last 24 hours failed, or nothing can be stored.",
        ): vol.In([one.value for one in Health]),
        vol.Required("imports_last_24h", description=_BEGAN): int,
        vol.Required("success_rate_24h", description=_RATE): MAYBE_NUMBER,
        vol.Required("outcomes_24h"): {vol.Required(one): int for one in _OUTCOMES},
        vol.Required("imports_last_7d", description=_BEGAN): int,
        vol.Required("success_rate_7d", description=_RATE): MAYBE_NUMBER,
        vol.Required("version", description="Of the program."): str,
        vol.Required("uptime_seconds"): NUMBER,
        vol.Required("last_import", description="The newest run."): vol.Any(
            ImportAnswer, None
        ),
        vol.Required("last_successful_import", description="Its end."): MAYBE_TIME,
        vol.Required("database_stats"): _DATABASE,
        vol.Required("storage", description="As the last writes showed."): _STORAGE,
        vol.Required("notifications_enabled"): bool,
        vol.Required("poll_interval_minutes", description="Of KAMO."): int,
        vol.Required("sources", description="Those that are set up."): {str: _SOURCE},
        vol.Required(
            "call_budget", description="Calls that Amber allows, by its counters."
        ): {str: _BUDGET},
    }
)
