"""KAMO's areas: known from the store, their list read daily and when in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.kamo_models import Area
from energy_logger_server.api.models import Answer
from energy_logger_server.collect.listing import (
    ListingPlan,
    ListingState,
    assess_listing,
    report_partial,
    report_readable,
)
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.collect.shared import Shared
from energy_logger_server.domain.collecting.area_choice import AreaChoice
from energy_logger_server.domain.collecting.batch import AreasRead, Part
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.errors import ListIncomplete
from energy_logger_server.store.records import KnownArea

AREA_LIST = "area"
"""Name of the list in the run log."""

_TITLE = "KAMO's list of areas"
_EMPTY = (
    f"{_TITLE} is empty, which is not believed: it is asked for again in "
    "minutes, and what is known of the areas stays."
)


@dataclass(frozen=True, slots=True)
class _Reading:
    at: datetime
    is_suspicious: bool


class AreaDirectory:
    """Reads the list of areas; the run that asked for it stores it."""

    def __init__(self, client: KamoClient, shared: Shared) -> None:
        """Nothing was read yet."""
        self._client = client
        self._store = shared.store
        self._clock = shared.clock
        self._plan = ListingPlan(shared.clock, central_date_at)
        self._unstored: _Reading | None = None

    def is_due(self) -> bool:
        """Whether the list should be read: first, once a Central day, or in doubt."""
        return self._plan.is_due()

    async def read(self, run: ActiveRun, subject: str) -> Part:
        """Return the list for the store; ``record`` is due once that has it.

        Raises:
            SourceError: As the client does.
            ListIncomplete: If it is empty.
        """
        # one that a former run could not store is none of this run's
        self._unstored = None
        answer = await run.ask(subject, self._client.fetch_areas())
        read_at = self._clock.now()
        known = await self._store.areas()
        listing = self._assess(run, answer, known)
        is_renamed = _is_renamed(known, answer)
        self._unstored = _Reading(read_at, listing.is_suspicious or is_renamed)
        if listing.is_empty:
            self.record()
            raise ListIncomplete(_EMPTY)
        run.succeed(subject, () if listing.is_partial else answer.rejected)
        return AreasRead(answer)

    def record(self) -> None:
        """Note that the store has the list that was read last, if any was."""
        reading, self._unstored = self._unstored, None
        if reading is not None:
            self._plan.record(reading.at, is_suspicious=reading.is_suspicious)

    def _assess(
        self, run: ActiveRun, answer: Answer[Area], areas: Sequence[KnownArea]
    ) -> ListingState:
        """Say what the list lacks; what that does to the areas is for the store."""
        known = {str(area.area_id): area for area in areas}
        listing = assess_listing(
            {key: area.missing for key, area in known.items()},
            answer,
            {str(area.id) for area in answer.records},
        )
        code = ProblemCode.LIST_INCOMPLETE
        if listing.is_empty:
            run.problems.begin(code, _EMPTY)
            return listing
        if listing.is_partial:
            report_partial(run, AREA_LIST, _TITLE, answer)
            return listing
        report_readable(run, _TITLE)
        if listing.missing:
            names = ", ".join(known[key].abbreviation for key in listing.missing)
            message = (
                f"KAMO's list of areas lacks {names}: what is known is kept until that "
                "was so for days."
            )
            run.remark(AREA_LIST, code, message)
            run.problems.begin(code, message)
        else:
            run.problems.end(code, "the list of areas is whole again")
        return listing


def _is_renamed(known: Sequence[KnownArea], answer: Answer[Area]) -> bool:
    """Whether an area lacks the abbreviation that it had, which may be a slip.

    The setting chooses by it.
    """
    before = {area.area_id: area.abbreviation for area in known}
    return any(
        (abbreviation := before.get(area.id)) and area.abbreviation != abbreviation
        for area in answer.records
    )


def areas_listed(parts: Sequence[Part]) -> tuple[KnownArea, ...]:
    """Return the areas of a list that is about to be stored."""
    return tuple(
        KnownArea(area.id, area.name, area.abbreviation, area.is_aggregate)
        for part in parts
        if isinstance(part, AreasRead)
        for area in part.answer.records
    )


def report_unknown_areas(
    run: ActiveRun, choice: AreaChoice, areas: Sequence[KnownArea]
) -> None:
    """Say once which names in the setting no area has: typing errors.

    Not while one may be of an area that could not be read.
    """
    if not areas or run.problems.is_present(ProblemCode.LIST_UNREADABLE):
        return
    names = choice.unknown_names([(area.area_id, area.abbreviation) for area in areas])
    if not names:
        run.problems.end(ProblemCode.UNKNOWN_AREA, "every area chosen exists")
        return
    message = (
        f"KAMO_SUBSTATION_AREAS names {', '.join(names)}, which no area is called: "
        "see /api/cooperatives for numbers and abbreviations."
    )
    if run.problems.begin(ProblemCode.UNKNOWN_AREA, message):
        run.remark("substations", ProblemCode.UNKNOWN_AREA, message)
