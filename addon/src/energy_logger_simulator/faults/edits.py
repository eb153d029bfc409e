"""Faults that edit the records of a JSON answer, whatever utility it is from."""

from collections.abc import Callable, Mapping
from math import nan
from typing import Any

from energy_logger_simulator.keyed_hash import draw, shuffled_order

from .fault import Fault, FaultAction

type Edit = Callable[[Any, Fault], Any]
"""Takes the parsed normal answer, which it may change, and returns what to send."""


def records_of(payload: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, or the one object that an answer is."""
    if isinstance(payload, list):
        return [item for item in payload if isinstance(item, dict)]
    return [payload] if isinstance(payload, dict) else []


def chosen(payload: Any, fault: Fault) -> list[dict[str, Any]]:
    """Return the records that a fault's ``index`` or ``all`` option picks.

    Only those that have its field count.
    """
    records = [
        record
        for record in records_of(payload)
        for inside, name in [holder(record, fault.options["field"])]
        if name in inside
    ]
    if fault.options.get("all", False):
        return records
    index = int(fault.options.get("index", 0))
    return records[index:][:1]


def holder(record: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """Return the object that holds a dotted field, and the field's last name."""
    *outer, name = path.split(".")
    for step in outer:
        inner = record.get(step)
        if not isinstance(inner, dict):
            return {}, name
        record = inner
    return record, name


def _wrong_type(payload: Any, fault: Fault) -> Any:
    field = fault.options.get("field")
    if field is None:
        if payload:
            payload[int(fault.options.get("index", 0))] = None
        return payload
    for record in chosen(payload, fault):
        inside, name = holder(record, field)
        inside[name] = fault.options.get("value", str(inside[name]))
    return payload


def _missing(payload: Any, fault: Fault) -> Any:
    for record in chosen(payload, fault):
        inside, name = holder(record, fault.options["field"])
        del inside[name]
    return payload


def _nan(payload: Any, fault: Fault) -> Any:
    return _set(payload, fault, nan)


def _new_enum(payload: Any, fault: Fault) -> Any:
    return _set(payload, fault, fault.options.get("value", "unheardOf"))


def _set(payload: Any, fault: Fault, value: Any) -> Any:
    for record in chosen(payload, fault):
        inside, name = holder(record, fault.options["field"])
        inside[name] = value
    return payload


def _extra(payload: Any, _fault: Fault) -> Any:
    for record in records_of(payload):
        record["unheardOf"] = {"of": ["any", 1, None]}
    return payload


def _duplicate(payload: Any, fault: Fault) -> Any:
    index = int(fault.options.get("index", 0))
    payload[index:index] = payload[index:][:1]
    return payload


def _shuffle(payload: Any, _fault: Fault) -> Any:
    order = shuffled_order(draw(0, "shuffle"), len(payload))
    return [payload[index] for index in order]


def _absent(payload: Any, fault: Fault) -> Any:
    index = int(fault.options.get("index", 0))
    del payload[index : index + 1 or None]
    return payload


def _empty_list(_payload: Any, _fault: Fault) -> Any:
    return []


GENERAL_EDITS: Mapping[FaultAction, Edit] = {
    FaultAction.WRONG_TYPE: _wrong_type,
    FaultAction.MISSING: _missing,
    FaultAction.NAN: _nan,
    FaultAction.NEW_ENUM: _new_enum,
    FaultAction.EXTRA: _extra,
    FaultAction.DUPLICATE: _duplicate,
    FaultAction.SHUFFLE: _shuffle,
    FaultAction.ABSENT: _absent,
    FaultAction.EMPTY_LIST: _empty_list,
}
