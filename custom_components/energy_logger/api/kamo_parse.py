"""KAMO's JSON as records; pure.

A null in a chart is an hour without a value: neither a point nor an error. A list that
is null counts as empty. Source: recorded answers; there is no description.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .central import instants_of_labels
from .exact_json import JsonObject, JsonValue
from .fields import (
    FieldError,
    count_or_none,
    flag_or_none,
    known_number,
    number_or_none,
    reject,
    required_number,
    required_text,
    sift,
    text_or_none,
)
from .kamo_models import Area, LoadPoint, LoadSeries, SubstationReading
from .models import RejectedRecord

_LARGEST_ID = 2**31 - 1


class AgreementError(ValueError):
    """An answer as a whole is not what was agreed; the text says why."""


@dataclass(frozen=True, slots=True)
class ParsedGrid:
    """What an ``/areagrid/{id}`` body holds, as in ``AreaGrid``."""

    series: tuple[LoadSeries, ...]
    rejected: tuple[RejectedRecord, ...]
    raw: JsonObject


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What an ``/arealoadtable/{id}`` body holds, as in ``SubstationTable``."""

    readings: tuple[SubstationReading, ...]
    rejected: tuple[RejectedRecord, ...]
    raw: JsonObject


def parse_areas(
    value: JsonValue,
) -> tuple[tuple[Area, ...], tuple[RejectedRecord, ...]]:
    """Return the areas, and the rejected; of two with one number the first counts.

    Raises:
        AgreementError: If the body is not a list.
    """
    if type(value) is not list:
        raise AgreementError("no list")
    seen: set[int] = set()

    def read(_position: int, row: JsonObject) -> Area:
        area_id = count_or_none(row.get("id"))
        if area_id is None or not 0 < area_id <= _LARGEST_ID:
            raise FieldError("id is not a usable number")
        if area_id in seen:
            raise FieldError("id is there already")
        name = required_text(row, "name")
        seen.add(area_id)
        return Area(area_id, name, text_or_none(row.get("abrev")) or "", raw=row)

    return sift(value, read)


def parse_area_grid(value: JsonValue, area_id: int) -> ParsedGrid:
    """Return the lines of an area's chart.

    A number without an hour, an unreadable number and the second value of one hour
    are rejected by themselves, under their position in the line.

    Raises:
        AgreementError: If the body is no chart of this area.
    """
    raw = _object_of_area(value, area_id)
    instants = _instants(_list(raw, "lineChartLabels"))
    points_lost: list[RejectedRecord] = []
    seen: set[str] = set()

    def read(_position: int, row: JsonObject) -> LoadSeries:
        label = required_text(row, "label")
        folded = label.strip().casefold()
        if folded in seen:
            raise FieldError("label is there already")
        try:
            values = _list(row, "data")
        except AgreementError as err:
            raise FieldError(str(err)) from None
        seen.add(folded)
        points, lost = _points(area_id, values, instants)
        points_lost.extend(
            RejectedRecord(each.position, f"{label[:60]}: {each.reason}", each.sample)
            for each in lost
        )
        return LoadSeries(label, points)

    series, lines_lost = sift(_list(raw, "chartLineData"), read)
    return ParsedGrid(series, (*lines_lost, *points_lost), raw)


def parse_substations(value: JsonValue, area_id: int) -> ParsedTable:
    """Return an area's substations; of two with one name the first counts.

    Raises:
        AgreementError: If the body is no table of this area.
    """
    raw = _object_of_area(value, area_id)
    seen: set[str] = set()

    def read(position: int, row: JsonObject) -> SubstationReading:
        name = required_text(row, "name")
        if name in seen:
            raise FieldError("name is there already")
        reading = SubstationReading(
            name=name,
            load_kw=required_number(row, "kw"),
            reactive_kvar=known_number(row, "kvar"),
            power_factor=known_number(row, "pf"),
            quality=flag_or_none(row.get("quality")),
            quality_now=flag_or_none(row.get("qualityNow")),
            position=position,
            raw=row,
        )
        seen.add(name)
        return reading

    readings, rejected = sift(_list(raw, "areaLoadData"), read)
    return ParsedTable(readings, rejected, raw)


def _object_of_area(value: JsonValue, area_id: int) -> JsonObject:
    if type(value) is not dict:
        raise AgreementError("no object")
    answered = value.get("Id")
    if count_or_none(answered) != area_id:
        raise AgreementError(f"Id is {str(answered)[:20]!r}, not {area_id}")
    return value


def _list(row: JsonObject, name: str) -> list[JsonValue]:
    value = row.get(name, False)
    if value is None:
        return []
    if type(value) is not list:
        raise AgreementError(f"{name} is not a list")
    return value


def _instants(labels: list[JsonValue]) -> list[datetime | None]:
    return instants_of_labels(text_or_none(label) or "" for label in labels)


def _points(
    area_id: int, values: list[JsonValue], instants: Sequence[datetime | None]
) -> tuple[tuple[LoadPoint, ...], tuple[RejectedRecord, ...]]:
    points: dict[datetime, LoadPoint] = {}
    rejected: list[RejectedRecord] = []
    for position, value in enumerate(values):
        if value is None:
            continue
        hour_at = instants[position] if position < len(instants) else None
        load_kw = number_or_none(value)
        if hour_at is None:
            rejected.append(reject(position, "no readable label", value))
        elif load_kw is None:
            rejected.append(reject(position, "no finite number", value))
        elif hour_at in points:
            rejected.append(reject(position, "hour is there already", value))
        else:
            points[hour_at] = LoadPoint(area_id, hour_at, load_kw, position, raw=value)
    return tuple(points.values()), tuple(rejected)
