"""Questions and answers of ``/api/gaps``."""

import voluptuous as vol

from energy_logger_server.domain.gaps import GapState, Obstacle
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.checks import (
    MAYBE_TEXT,
    MAYBE_TIME,
    OneOf,
    SomeText,
    WholeNumber,
)
from energy_logger_server.web.http.history_query import Cursor
from energy_logger_server.web.http.rows import FORMAT

_KINDS = [kind.value for kind in Kind]
_DAYS = "NEM date for prices and usage, Central date for loads and substations."

GAPS_QUERY = vol.Schema(
    {
        vol.Optional("kind"): OneOf(Kind),
        vol.Optional("owner", description="Only this site's id or area's number."): (
            SomeText()
        ),
        vol.Optional("state"): OneOf(GapState),
        vol.Optional("start", description=f"First day. {_DAYS}"): Day(),
        vol.Optional("end", description=f"Last day, included. {_DAYS}"): Day(),
        vol.Optional("limit", default="1000"): WholeNumber(1, 10_000),
        vol.Optional("cursor"): Cursor(2),
        **FORMAT,
    }
)

REPAIR = vol.Schema(
    {
        vol.Optional("kind", description="Only this kind."): OneOf(Kind),
        vol.Optional("owner", description="Only this site's id or area's number."): (
            vol.All(str, SomeText())
        ),
        vol.Optional("start", description=f"First day. {_DAYS}"): vol.All(str, Day()),
        vol.Optional("end", description=f"Last day, included. {_DAYS}"): vol.All(
            str, Day()
        ),
    }
)
"""An object without anything means every gap."""

_GAP = {
    vol.Required("kind"): vol.In(_KINDS),
    vol.Required("owner", description="Site id, or area number as text."): str,
    vol.Required(
        "channel", description="Prices: channel type; usage: register; KAMO: null."
    ): MAYBE_TEXT,
    vol.Required("day", description=_DAYS): Day(),
    vol.Required("state"): vol.In([state.value for state in GapState]),
    vol.Required("expected_minutes", description="Length of the day."): int,
    vol.Required("present_minutes"): int,
    vol.Required("missing_minutes"): int,
    vol.Required("estimated_minutes", description="Of those present."): int,
    vol.Required("cause", description="null when nobody knows."): MAYBE_TEXT,
    vol.Required("attempts", description="Answers that were not complete."): int,
    vol.Required("last_checked_at"): MAYBE_TIME,
    vol.Required("is_marked", description="Whether it will be read again."): bool,
    vol.Required("can_be_repaired"): bool,
    vol.Required("why_not"): MAYBE_TEXT,
}
GAP_COLUMNS = tuple(str(name) for name in _GAP)

GAPS = vol.Schema(
    {
        vol.Required("gaps", description="Newest days first."): [vol.Schema(_GAP)],
        vol.Required("count"): int,
        vol.Required("truncated"): bool,
    }
)

STARTED, QUEUED, NOT_NEEDED, NOT_SET_UP = (
    "started",
    "queued",
    "not_needed",
    "not_set_up",
)

REPAIRED = vol.Schema(
    {
        vol.Required("marked", description="Days of series to be read again."): int,
        vol.Required("not_repairable", description="The other gaps."): [
            vol.Schema(
                {
                    vol.Required("why_not"): vol.In([one.value for one in Obstacle]),
                    vol.Required("days"): int,
                }
            )
        ],
        vol.Required(
            "backfill",
            description="What reads them: a pass that has started, or one that begins "
            "when the pass under way has ended; not_needed when nothing was marked.",
        ): vol.In((STARTED, QUEUED, NOT_NEEDED, NOT_SET_UP)),
    }
)
