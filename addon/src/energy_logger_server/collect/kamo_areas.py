"""KAMO's areas: known from the store, their list read daily and when in doubt."""

from collections.abc import Sequence

from energy_logger_server.api.central import central_date_at
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.kamo_models import Area
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.area_choice import AreaChoice
from energy_logger_server.domain.batch import AreasRead, Part
from energy_logger_server.domain.problems import ProblemCode
from energy_logger_server.errors import ListIncomplete
from energy_logger_server.store.records import KnownArea

from .listing import ListingPlan, ListingVerdict, judge_listing
from .run_log import OpenRun
from .shared import Shared

AREA_LIST = "area"
"""Name of the list in the run log."""

_EMPTY = (
    "KAMO's list of areas is empty, which is not believed: it is asked for again in "
    "minutes, and what is known of the areas stays."
)


class AreaDirectory:
    """Reads the list of areas; the run that asked for it stores it."""

    def __init__(self, client: KamoClient, shared: Shared) -> None:
        """Nothing was read yet."""
        self._client = client
        self._store = shared.store
        self._plan = ListingPlan(shared.clock, central_date_at)

    def is_due(self) -> bool:
        """Whether the list should be read: first, once a Central day, or in doubt."""
        return self._plan.is_due()

    async def read(self, run: OpenRun, subject: str) -> Part:
        """Return the list for the store.

        Raises:
            SourceError: As the client does.
            ListIncomplete: If it is empty.
        """
        answer = await run.ask(subject, self._client.fetch_areas())
        verdict = await self._judge(run, answer)
        if verdict.is_empty:
            raise ListIncomplete(_EMPTY)
        run.succeed(subject, answer.rejected)
        return AreasRead(answer)

    async def _judge(self, run: OpenRun, answer: Answer[Area]) -> ListingVerdict:
        """Say what the list lacks; what that does to the areas is for the store."""
        known = {str(area.area_id): area for area in await self._store.areas()}
        verdict = judge_listing(
            {key: area.missing for key, area in known.items()},
            answer,
            {str(area.id) for area in answer.records},
        )
        self._plan.record(is_suspicious=verdict.is_suspicious)
        code = ProblemCode.LIST_INCOMPLETE
        if verdict.is_empty:
            run.problems.begin(code, _EMPTY)
        elif verdict.missing:
            names = ", ".join(known[key].abbreviation for key in verdict.missing)
            message = (
                f"KAMO's list of areas lacks {names}: what is known is kept until that "
                "was so for days."
            )
            run.remark(AREA_LIST, code, message)
            run.problems.begin(code, message)
        else:
            run.problems.end(code, "the list of areas is whole again")
        return verdict


def areas_listed(parts: Sequence[Part]) -> tuple[KnownArea, ...]:
    """Return the areas of a list that is about to be stored."""
    return tuple(
        KnownArea(area.id, area.name, area.abbreviation, area.is_aggregate)
        for part in parts
        if isinstance(part, AreasRead)
        for area in part.answer.records
    )


def tell_unknown_areas(
    run: OpenRun, choice: AreaChoice, areas: Sequence[KnownArea]
) -> None:
    """Say once which names in the setting no area has: typing errors."""
    if not areas:
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
