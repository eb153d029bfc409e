"""Looking after the substations of the areas that a run has read."""

from collections.abc import Iterable, Mapping, Sequence

from energy_logger_server.collect.shared import Shared
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.batch import Part, SubstationsRead
from energy_logger_server.domain.events import SubstationNotice
from energy_logger_server.domain.substation_health.faults import HealthRules
from energy_logger_server.domain.substation_health.watch import FaultChanges, check
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.substation_faults import open_faults
from energy_logger_server.store.kamo.substation_health import LookedAt, area_readings
from energy_logger_server.store.records import KnownArea

_NOTHING = FaultChanges({}, ())

type _Look = tuple[FaultChanges, LookedAt | None]
"""What changes, and what the next look need not read again."""


class SubstationWatcher:
    """Says once what begins to be wrong, and once that it is over.

    What was said is in the store: a restart says nothing again.
    """

    def __init__(self, shared: Shared, settings: Settings) -> None:
        """Look at nothing yet.

        Args:
            shared: What all collectors use.
            settings: Say whether to look, and from when on something is wrong.
        """
        self._store = shared.store
        self._clock = shared.clock
        self._publisher = shared.publisher
        self._settings = settings
        self._looked_at: dict[int, LookedAt] = {}
        self._closed_by: Settings | None = None

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next look on."""
        self._settings = settings

    async def run(self, parts: Iterable[Part], areas: Iterable[KnownArea]) -> None:
        """Look at the areas whose substations were just read.

        Raises:
            StoreUnavailable: If the store does not answer, or cannot write.
        """
        settings = self._settings
        areas = [*areas]
        unwatched = [
            one
            for one in areas
            if not settings.watches_substations(one.area_id, one.abbreviation)
        ]
        if settings is not self._closed_by:
            await self._close(unwatched)
            self._closed_by = settings if areas else None
        tables = [part.table for part in parts if isinstance(part, SubstationsRead)]
        read = {table.area_id for table in tables}
        # a run that is under way reads what the settings before it said
        wanted = [one for one in areas if one.area_id in read and one not in unwatched]
        looks = await self._store.read(
            _look_at_all,
            [area.area_id for area in wanted],
            settings.health_rules,
            self._looked_at,
        )
        for area, (changes, looked_at) in zip(wanted, looks, strict=True):
            if looked_at is not None:
                self._looked_at[area.area_id] = looked_at
            if changes.begun or changes.ended:
                await self._say(area, changes)

    async def _close(self, unwatched: Iterable[KnownArea]) -> None:
        """End what nobody looks for any more: nothing would ever end it."""
        for area in unwatched:
            self._looked_at.pop(area.area_id, None)
            still_open = await self._store.read(open_faults, area.area_id)
            if still_open:
                await self._say(area, FaultChanges({}, [*still_open]))

    async def _say(self, area: KnownArea, changes: FaultChanges) -> None:
        now = self._clock.now()
        await self._store.save_fault_changes(area.area_id, changes)
        for subject, holding in changes.begun.items():
            self._publisher.publish_substation_notice(
                SubstationNotice(
                    area.area_id, area.name, subject, now, value=holding.value
                )
            )
        for subject in changes.ended:
            self._publisher.publish_substation_notice(
                SubstationNotice(area.area_id, area.name, subject, now, is_over=True)
            )


def _look_at_all(
    connection: Reader,
    area_ids: Iterable[int],
    rules: HealthRules,
    known: Mapping[int, LookedAt],
) -> Sequence[_Look]:
    return [_look(connection, one, rules, known.get(one)) for one in area_ids]


def _look(
    connection: Reader, area_id: int, rules: HealthRules, known: LookedAt | None
) -> _Look:
    found = area_readings(connection, area_id, rules, known)
    if found is None:
        return _NOTHING, known
    readings, looked_at = found
    return check(readings, open_faults(connection, area_id), rules), looked_at
