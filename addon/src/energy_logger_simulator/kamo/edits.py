"""Faults that edit KAMO's answers, which are lists inside an object.

The general edits apply to the list: the rows of ``/arealoadtable``, the series of
``/areagrid``. Options of KAMO's own:

* ``whole`` (false): edit the object around the list instead;
* ``point``: on ``/areagrid``, edit this load of the series ``index`` (0);
* ``label_at``: on ``/areagrid``, edit this hour's label.
"""

from collections.abc import Mapping
from math import nan
from typing import Any

from energy_logger_simulator.faults.edits import GENERAL_EDITS, Edit
from energy_logger_simulator.faults.fault import Fault, FaultAction


def _within(name: str, edit: Edit) -> Edit:
    def edited(payload: Any, fault: Fault) -> Any:
        if fault.options.get("whole", False):
            return edit(payload, fault)
        payload[name] = edit(payload[name], fault)
        return payload

    return edited


def _edit_grid(general: Edit) -> Edit:
    in_series = _within("chartLineData", general)

    def edited(payload: Any, fault: Fault) -> Any:
        if "label_at" in fault.options:
            labels = payload["lineChartLabels"]
            _edit_item(labels, int(fault.options["label_at"]), fault)
        elif "point" in fault.options:
            series = payload["chartLineData"][int(fault.options.get("index", 0))]
            _edit_item(series["data"], int(fault.options["point"]), fault)
        else:
            return in_series(payload, fault)
        return payload

    return edited


def _edit_item(items: list[Any], index: int, fault: Fault) -> None:
    match fault.action:
        case FaultAction.WRONG_TYPE:
            items[index] = fault.options.get("value", f"about {items[index]}")
        case FaultAction.NAN:
            items[index] = nan
        case FaultAction.MISSING:
            del items[index]
        case FaultAction.DUPLICATE:
            items.insert(index, items[index])
        case _:
            raise ValueError(f"{fault.action} of one load or label is not a fault")


def _stuck_load(payload: Any, fault: Fault) -> Any:
    measured = payload["chartLineData"][0]["data"]
    del measured[payload["lineChartLabels"].index(fault.options["newest"]) + 1 :]
    return payload


GRID_EDITS: Mapping[FaultAction, Edit] = {
    **{action: _edit_grid(edit) for action, edit in GENERAL_EDITS.items()},
    FaultAction.STUCK_LOAD: _stuck_load,
}
TABLE_EDITS: Mapping[FaultAction, Edit] = {
    action: _within("areaLoadData", edit) for action, edit in GENERAL_EDITS.items()
}
