"""``/api/substations/health``: what is wrong with an area's substations; public."""

from datetime import timedelta
from typing import TypedDict

import voluptuous as vol
from aiohttp import web

from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.load.power_factor import power_factor_of_sums
from energy_logger_server.domain.substation_health.faults import HealthRules
from energy_logger_server.domain.substation_health.reactive import kvar_needed
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.readings import Reading
from energy_logger_server.store.kamo.substation_faults import (
    KnownFault,
    faults_since,
)
from energy_logger_server.store.kamo.substations import Snapshot, newest_snapshot
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.fields import (
    AreaAnswer,
    area_fields,
    central_text,
    maybe_rounded,
)
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.datasets.substation_health import (
    FaultAnswer,
    fault_fields,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.answer_types import Time, field_names
from energy_logger_server.web.http.checks import WholeNumber
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

_FACTOR_DIGITS = 4
_KVAR_DIGITS = 1
_QUERY = vol.Schema(
    {
        vol.Optional(
            "days",
            default="7",
            description="For how long what is over stays in the list.",
        ): WholeNumber(0, 3650),
        **FORMAT,
    }
)


class ReactiveAnswer(TypedDict):
    """A substation's reactive power at its newest reading."""

    substation_name: str
    load_kw: float
    lagging_kvar: float | None
    """Drawn, as by motors; 0 if it is leading; null if upstream does not say."""
    leading_kvar: float | None
    """Given back, as by capacitors; 0 if it is lagging; null likewise."""
    power_factor: float | None
    """0 to 1; null without any power."""
    kvar_to_target: float | None
    """What capacitors must give for the power factor aimed at; below 0 if they give too
    much; null if upstream does not say."""


class SubstationHealthAnswer(AreaAnswer):
    """What is wrong with an area's substations."""

    is_watched: bool
    """Whether faults are looked for: SUBSTATION_HEALTH is on, and the area is one of
    KAMO_SUBSTATION_AREAS."""
    target_power_factor: float
    """0 to 1."""
    read_at: Time | None
    """When the substations were read last; null before."""
    data: list[FaultAnswer]
    """Faults that hold or ended in the days asked for, the newest first."""
    substations: list[ReactiveAnswer]
    """By name."""


def substation_health_operations() -> tuple[Operation, ...]:
    """Return the operations on the health of substations."""
    return (
        Operation(
            path="/api/substations/health/{area}",
            handler=_health,
            summary="List what is wrong with an area's substations, and their "
            "reactive power.",
            group=Group.SUBSTATIONS,
            query=_QUERY,
            answer=Answer(
                description="Faults, and reactive power.",
                schema=SubstationHealthAnswer,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
        ),
    )


async def _health(request: web.Request) -> web.Response:
    query = query_of(request)
    area = await find_area(request)
    deps = deps_of(request)
    since = deps.clock.now() - timedelta(days=query["days"])

    def read(connection: Reader) -> tuple[list[KnownFault], Snapshot | None]:
        return (
            faults_since(connection, area.area_id, since),
            newest_snapshot(connection, area.area_id),
        )

    faults, newest = await deps.store.read(read)
    whole = _answer(area, faults, newest, deps.settings)
    layout = Layout.of(query)
    body = rows_body(
        layout, whole=whole, rows=whole["data"], columns=field_names(FaultAnswer)
    )
    return rows_reply(layout, body)


def _answer(
    area: KnownArea,
    faults: list[KnownFault],
    newest: Snapshot | None,
    settings: Settings,
) -> SubstationHealthAnswer:
    rules = settings.health_rules
    return {
        **area_fields(area),
        "is_watched": settings.watches_substations(area.area_id, area.abbreviation),
        "target_power_factor": rules.power_factor,
        "read_at": None if newest is None else central_text(newest.read_at),
        "data": [
            fault_fields(one.subject, one.value, one.began_at, one.ended_at)
            for one in faults
        ],
        "substations": [
            _reactive(one, rules) for one in (newest.readings if newest else ())
        ],
    }


def _reactive(one: Reading, rules: HealthRules) -> ReactiveAnswer:
    kvar = one.reactive_kvar
    factor = None if kvar is None else power_factor_of_sums(one.load_kw, kvar)
    aim = rules.power_factor
    needed = None if kvar is None else kvar_needed(one.load_kw, kvar, aim)
    return {
        "substation_name": one.name,
        "load_kw": one.load_kw,
        "lagging_kvar": None if kvar is None else max(kvar, 0.0),
        "leading_kvar": None if kvar is None else max(-kvar, 0.0),
        "power_factor": maybe_rounded(factor, _FACTOR_DIGITS),
        "kvar_to_target": maybe_rounded(needed, _KVAR_DIGITS),
    }
