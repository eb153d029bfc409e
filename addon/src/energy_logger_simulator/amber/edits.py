"""Faults that edit Amber's records."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any

from energy_logger_simulator.faults.edits import GENERAL_EDITS, Edit, records_of
from energy_logger_simulator.faults.fault import Fault, FaultAction

type Records = list[dict[str, Any]]

_TIMES = ("startTime", "endTime", "nemTime")
_OFFSET = re.compile(r"(Z|\+10:00)$")
_CONTROLLED_LOAD = "controlledLoad"
_HALF_HOUR = 6

_DEFAULT_FIELDS = {
    FaultAction.MISSING: ("status", "nemTime"),
    FaultAction.NAN: ("intervalLength", "renewables"),
    FaultAction.NEW_ENUM: ("status", "descriptor"),
}
"""Of a site, and of an interval."""


def site_edits(today: date) -> Mapping[FaultAction, Edit]:
    """Return the edits of ``/sites``.

    Args:
        today: NEM date; a site that closes did so yesterday unless stated otherwise.
    """

    def closed(payload: Any, fault: Fault) -> Any:
        for site in _owned(payload, fault):
            length = site.pop("intervalLength")
            site["status"] = "closed"
            site["closedOn"] = _closed_on(fault, today)
            site["intervalLength"] = length
        return payload

    return {
        **_with_default_fields(0),
        FaultAction.NEW_CHANNEL: _new_channel_of_site,
        FaultAction.CLOSED_SITE: closed,
        FaultAction.SITE_VANISHES: _without_site,
    }


def renewable_edits(_today: date) -> Mapping[FaultAction, Edit]:
    """Return the edits of any intervals, such as renewables."""
    return {
        **_with_default_fields(1),
        FaultAction.NAIVE_TIME: _naive_time,
        FaultAction.FRACTION_TIME: _fraction_time,
        FaultAction.SHORT_DAY: _short_day,
    }


def price_edits(today: date) -> Mapping[FaultAction, Edit]:
    """Return the edits of prices and current prices; ``today`` is of no matter."""
    return {
        **renewable_edits(today),
        FaultAction.NULL_TARIFF: _null_tariff,
        FaultAction.STUCK_CURRENT: _stuck_current,
        FaultAction.MIXED_DURATION: _mixed_duration,
        FaultAction.NEW_CHANNEL: _new_channel,
        # a closed site's prices go on
        FaultAction.CLOSED_SITE: lambda payload, _fault: payload,
    }


def usage_edits(today: date) -> Mapping[FaultAction, Edit]:
    """Return the edits of usage; ``today`` as for `site_edits`."""

    def closed(payload: Any, fault: Fault) -> Any:
        closed_on = _closed_on(fault, today)
        return [record for record in payload if record["date"] < closed_on]

    return {**price_edits(today), FaultAction.CLOSED_SITE: closed}


def _with_default_fields(kind: int) -> Mapping[FaultAction, Edit]:
    return {
        action: _with_default_field(GENERAL_EDITS[action], fields[kind])
        for action, fields in _DEFAULT_FIELDS.items()
    }


def _with_default_field(edit: Edit, field: str) -> Edit:
    def edited(payload: Any, fault: Fault) -> Any:
        options = {"field": field, **fault.options}
        return edit(payload, replace(fault, options=options))

    return edited


def _closed_on(fault: Fault, today: date) -> str:
    yesterday = today - timedelta(days=1)
    return str(fault.options.get("closed_on", yesterday.isoformat()))


def _owned(payload: Any, fault: Fault) -> Records:
    return [
        site for site in records_of(payload) if fault.owner in (None, site.get("id"))
    ]


def _without_site(payload: Any, fault: Fault) -> Any:
    gone = _owned(payload, fault)
    return [site for site in payload if site not in gone]


def _new_channel_of_site(payload: Any, fault: Fault) -> Any:
    channel = {"identifier": _identifier(fault), "type": _CONTROLLED_LOAD}
    for site in _owned(payload, fault):
        site["channels"].append({**channel, "tariff": "A180"})
    return payload


def _identifier(fault: Fault) -> str:
    return str(fault.options.get("identifier", "E3"))


def _new_channel(payload: Any, fault: Fault) -> Any:
    """Copy the general channel; prices are listed by type, so one is enough there."""
    blocks = _by_channel(payload)
    has_one = any(block[0]["channelType"] == _CONTROLLED_LOAD for block in blocks)
    if not blocks or (has_one and "channelIdentifier" not in blocks[0][0]):
        return payload
    added = {"channelType": _CONTROLLED_LOAD}
    if "channelIdentifier" in blocks[0][0]:
        added["channelIdentifier"] = _identifier(fault)
    copy = [{**record, **added} for record in blocks[0]]
    return [record for block in (blocks[0], copy, *blocks[1:]) for record in block]


def _null_tariff(payload: Any, _fault: Fault) -> Any:
    for record in records_of(payload):
        if "tariffInformation" in record:
            record["tariffInformation"] = None
    return payload


def _naive_time(payload: Any, _fault: Fault) -> Any:
    return _with_times(payload, lambda text: _OFFSET.sub("", text))


def _fraction_time(payload: Any, _fault: Fault) -> Any:
    return _with_times(payload, lambda text: _OFFSET.sub(r".000\1", text))


def _with_times(payload: Any, rewrite: Callable[[str], str]) -> Any:
    for record in records_of(payload):
        for name in _TIMES:
            record[name] = rewrite(record[name])
    return payload


def _stuck_current(payload: Any, fault: Fault) -> Any:
    behind = timedelta(minutes=float(fault.options.get("minutes", 60)))
    for record in records_of(payload):
        if record["type"] == "CurrentInterval":
            for name in _TIMES:
                record[name] = _moved(record[name], -behind)
            record.update(fault.options.get("fields", {}))
    return payload


def _moved(text: str, by: timedelta) -> str:
    moved = (datetime.fromisoformat(text) + by).isoformat()
    return moved.replace("+00:00", "Z")


def _short_day(payload: Any, fault: Fault) -> Any:
    index = int(fault.options.get("index", 0))
    return [
        record
        for block in _by_channel(payload)
        for record in block
        if record is not block[index]
    ]


def _mixed_duration(payload: Any, fault: Fault) -> Any:
    """Make half hours of one date's fives; by default of the first in the answer."""
    mixed = fault.options.get("date", payload[0]["date"] if payload else "")
    kept: Records = []
    for block in _by_channel(payload):
        fives = [r for r in block if r["date"] == mixed and r["duration"] == 5]  # noqa: PLR2004 -- minutes
        merged = [_half_hour(group) for group in batched(fives, _HALF_HOUR)]
        rest = [record for record in block if record not in fives]
        kept.extend(sorted(rest + merged, key=lambda record: record["endTime"]))
    return kept


def _half_hour(fives: Iterable[dict[str, Any]]) -> dict[str, Any]:
    group = list(fives)
    merged = {**group[-1], "duration": 30, "startTime": group[0]["startTime"]}
    for name in ("perKwh", "spotPerKwh", "renewables"):
        merged[name] = round(sum(five[name] for five in group) / len(group), 5)
    for name, digits in (("kwh", 3), ("cost", 4)):
        if name in merged:
            merged[name] = round(sum(five[name] for five in group), digits)
    return merged


def _by_channel(payload: Any) -> list[Records]:
    """Return the blocks of an answer in their order."""
    blocks: dict[tuple[Any, Any], Records] = {}
    for record in records_of(payload):
        key = record.get("channelType"), record.get("channelIdentifier")
        blocks.setdefault(key, []).append(record)
    return list(blocks.values())
