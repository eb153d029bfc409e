"""KAMO's answers without the numbers that stand in rows, and back again."""

from collections.abc import Callable, Mapping
from functools import partial

from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.kamo_models import AreaGrid, LoadSeries, SubstationTable

from .json_text import dumps

_ROWS = "$rows"
"""Stands for a list: its length, and by position what no row holds."""


def stored_lines(grid: AreaGrid) -> tuple[LoadSeries, ...]:
    """Return the lines that get rows: the first measured one, each forecast once.

    What else an answer may hold stays in its envelope as it is.
    """
    lines: dict[str, LoadSeries] = {}
    for line in grid.series:
        if not line.is_actual or not any(one.is_actual for one in lines.values()):
            lines.setdefault(line.label, line)
    return tuple(lines.values())


def grid_envelope(grid: AreaGrid) -> str:
    """Return an area grid's JSON with every stored number left out."""
    by_label = {
        line.label: {point.position for point in line.points}
        for line in stored_lines(grid)
    }
    lines = grid.raw.get("chartLineData")
    if not isinstance(lines, list):
        return dumps(grid.raw)
    seen: set[str] = set()
    hollow: list[JsonValue] = []
    for line in lines:
        label = line.get("label") if isinstance(line, dict) else None
        if (
            not isinstance(line, dict)
            or not isinstance(label, str)
            or label not in by_label
            or label in seen
        ):
            hollow.append(line)
            continue
        seen.add(label)
        hollow.append({**line, "data": _hollow(line["data"], by_label[label])})
    return dumps({**grid.raw, "chartLineData": hollow})


def table_envelope(table: SubstationTable) -> str:
    """Return a substation table's JSON with every stored row left out.

    The names stay, in upstream's order.
    """
    rows = table.raw.get("areaLoadData")
    if not isinstance(rows, list):
        return dumps(table.raw)
    names: list[JsonValue] = [reading.name for reading in table.readings]
    kept: JsonObject = {}
    if len(names) != len(rows):
        # some could not be read
        by_position = {reading.position: reading.name for reading in table.readings}
        names = [by_position.get(position) for position in range(len(rows))]
        kept = {
            str(position): row
            for position, row in enumerate(rows)
            if position not in by_position
        }
    hollow: JsonObject = {_ROWS: len(rows), "names": names, "kept": kept}
    return dumps({**table.raw, "areaLoadData": hollow})


def fill_grid(envelope: str, number_at: Callable[[str, int], JsonValue]) -> JsonObject:
    """Return the area grid as it was sent.

    Args:
        envelope: From ``grid_envelope``.
        number_at: Gives the number of a line (by label) at a position of the labels.
    """
    answer = _object(envelope)
    lines = answer.get("chartLineData")
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and _is_hollow(line.get("data")):
            label = str(line["label"])
            line["data"] = _filled(line["data"], partial(number_at, label))
    return answer


def fill_table(envelope: str, rows: Mapping[str, JsonObject]) -> JsonObject:
    """Return the substation table as it was sent, from its rows by name."""
    answer = _object(envelope)
    hollow = answer.get("areaLoadData")
    if isinstance(hollow, dict) and _is_hollow(hollow):
        names = hollow.get("names")
        listed = names if isinstance(names, list) else []
        answer["areaLoadData"] = _filled(
            hollow, lambda position: rows[str(listed[position])]
        )
    return answer


def _hollow(numbers: JsonValue, stored: set[int]) -> JsonValue:
    listed = numbers if isinstance(numbers, list) else []
    kept = {
        str(position): number
        for position, number in enumerate(listed)
        if position not in stored
    }
    return {_ROWS: len(listed), "kept": kept}


def _is_hollow(value: JsonValue) -> bool:
    return isinstance(value, dict) and _ROWS in value


def _filled(hollow: JsonValue, at: Callable[[int], JsonValue]) -> list[JsonValue]:
    if not isinstance(hollow, dict):
        return []
    length, kept = hollow.get(_ROWS), hollow.get("kept")
    spared = kept if isinstance(kept, dict) else {}
    return [
        spared[str(position)] if str(position) in spared else at(position)
        for position in range(length if isinstance(length, int) else 0)
    ]


def _object(envelope: str) -> JsonObject:
    parsed = loads(envelope)
    return parsed if isinstance(parsed, dict) else {}
