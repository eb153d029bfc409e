"""Questions and answers of ``/api/gaps``."""

from typing import Annotated, Literal, TypedDict

import voluptuous as vol

from energy_logger_server.domain.collecting.gaps import GapState, Obstacle
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.web.datasets.nem_dates import Day
from energy_logger_server.web.http.answer_types import Date, Doc, Time, field_names
from energy_logger_server.web.http.checks import OneOf, SomeText, WholeNumber
from energy_logger_server.web.http.page_cursor import CURSOR, ListOrder, is_count
from energy_logger_server.web.http.rows import FORMAT

_DAYS = "NEM date for prices and usage, Central date for loads and substations."

GAPS_ORDER = ListOrder("gaps", (is_count, is_count))
"""Day numbers, newest first, then series."""

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
        vol.Optional("cursor"): CURSOR,
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

type SeriesDay = Annotated[Date, Doc(_DAYS)]


class GapAnswer(TypedDict):
    """A day of a series that is over and not complete."""

    kind: Kind
    owner: str
    """Site id, or area number as text."""
    channel: str | None
    """Prices: channel type; usage: register; KAMO: null."""
    day: SeriesDay
    state: GapState
    expected_minutes: int
    """Length of the day."""
    present_minutes: int
    missing_minutes: int
    estimated_minutes: int
    """Of those present."""
    cause: str | None
    """null when nobody knows."""
    attempts: int
    """Answers that were not complete."""
    last_checked_at: Time | None
    is_marked: bool
    """Whether it will be read again."""
    can_be_repaired: bool
    why_not: str | None


GAP_COLUMNS = field_names(GapAnswer)


class GapsAnswer(TypedDict):
    """A page of gaps."""

    gaps: list[GapAnswer]
    """Newest days first."""
    count: int
    truncated: bool


class NotRepairableAnswer(TypedDict):
    """How many days cannot be repaired for one reason."""

    why_not: Obstacle
    days: int


type WhatReads = Literal["started", "queued", "not_needed", "not_set_up"]


class RepairedAnswer(TypedDict):
    """What will be read again."""

    marked: int
    """Days of series to be read again."""
    not_repairable: list[NotRepairableAnswer]
    """The other gaps."""
    backfill: WhatReads
    """What reads them: a pass that has started, or one that begins when the pass under
    way has ended; not_needed when nothing was marked."""
