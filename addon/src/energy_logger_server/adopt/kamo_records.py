"""The KAMO logger's rows as the records that KAMO's client makes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.kamo_models import (
    AreaGrid,
    LoadPoint,
    LoadSeries,
    SubstationReading,
    SubstationTable,
)
from energy_logger_server.api.kamo_parse import parse_areas
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.batch import (
    Adopted,
    AreasRead,
    GridRead,
    SubstationsRead,
)
from energy_logger_server.store.predecessors.kamo_load_logger import (
    Cooperative,
    LoadRow,
    SnapshotRow,
)

from .values import flag_or_none, number_or_none, required_number

_ACTUAL = "Actual"


def areas_of(
    listed: Sequence[JsonObject], cooperatives: Iterable[Cooperative], now: datetime
) -> Adopted:
    """Return the list of areas with those that it lacks behind it.

    Args:
        listed: As KAMO sent them.
        cooperatives: The KAMO logger's.
        now: Instant (UTC) of the list.
    """
    known = {area["id"] for area in listed}
    more: list[JsonObject] = [
        {"id": number, "name": row.name, "abrev": row.abbreviation or ""}
        for row in cooperatives
        if (number := area_number(row.id)) is not None and number not in known
    ]
    records, rejected = parse_areas([*listed, *more])
    return Adopted(AreasRead(Answer(records, rejected, now)))


def area_number(area_id: int | str) -> int | None:
    """Return an area's number; None if it is none."""
    found = number_or_none(area_id)
    return int(found) if found is not None and found.is_integer() else None


def point_of(row: LoadRow, area_id: int, hour_at: datetime) -> LoadPoint:
    """Return an hour of load.

    Raises:
        Unreadable: If it has no load.
    """
    load_kw = required_number(row.load_kw, "load_kw")
    return LoadPoint(area_id, hour_at, load_kw, 0, raw=load_kw)


def grid_of(point: LoadPoint, fetched_at: datetime) -> Adopted:
    """Return an answer that holds one hour."""
    line = LoadSeries(_ACTUAL, (point,))
    return Adopted(GridRead(AreaGrid(point.area_id, (line,), (), fetched_at, raw={})))


def reading_of(row: SnapshotRow) -> SubstationReading:
    """Return a substation at a moment.

    Raises:
        Unreadable: If it has no load.
    """
    load_kw = required_number(row.kw, "kw")
    reactive, factor = number_or_none(row.kvar), number_or_none(row.pf)
    quality, quality_now = flag_or_none(row.quality), flag_or_none(row.quality_now)
    raw: JsonObject = {
        "name": row.substation_name,
        "kw": load_kw,
        "kvar": reactive,
        "pf": factor,
        "quality": quality,
        "qualityNow": quality_now,
    }
    return SubstationReading(
        name=row.substation_name,
        load_kw=load_kw,
        reactive_kvar=reactive,
        power_factor=factor,
        quality=quality,
        quality_now=quality_now,
        position=0,
        raw=raw,
    )


def table_of(
    area_id: int,
    readings: Sequence[SubstationReading],
    fetched_at: datetime,
    interval_minutes: int,
) -> Adopted:
    """Return an answer that holds an area's substations at a moment."""
    table = SubstationTable(area_id, tuple(readings), (), fetched_at, raw={})
    return Adopted(SubstationsRead(table, interval_minutes))
