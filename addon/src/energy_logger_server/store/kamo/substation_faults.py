"""Notices of substations: those that are open, and those that were."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.substation_health.faults import (
    VALUE_FAULTS,
    Fault,
    Holding,
    Subject,
)
from energy_logger_server.domain.substation_health.watch import FaultChanges
from energy_logger_server.store.codec.scale import E1, scaled_if_known
from energy_logger_server.store.db.query import Query, insert_into
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.schema.substation_health import SUBSTATION_FAULT


class KnownFault(NamedTuple):
    """A notice.

    Attributes:
        area_id: KAMO's number.
        subject: What it is of.
        value: See ``Holding``.
        began_at: Instant (UTC) of the look that found it.
        ended_at: Of the one that did not any more; None while it is open.
    """

    area_id: int
    subject: Subject
    value: float | None
    began_at: datetime
    ended_at: datetime | None


class _Row(NamedTuple):
    area_id: int
    name: str | None
    fault: str
    value_e1: int | None
    began_at: int
    ended_at: int | None


_COLUMNS = (
    "SELECT t.area_id AS area_id, p.name AS name, t.fault AS fault,"
    " t.value_e1 AS value_e1, t.began_at AS began_at, t.ended_at AS ended_at"
    " FROM substation_fault t LEFT JOIN substation p ON p.id = t.substation_id"
)
_SINCE = Query(
    f"{_COLUMNS} WHERE t.area_id = :area"
    " AND (t.ended_at IS NULL OR t.ended_at >= :since)"
    " ORDER BY t.began_at DESC, t.id DESC",
    ("area", "since"),
    row=_Row,
)
_OPEN = Query(f"{_COLUMNS} WHERE t.area_id = :area AND t.ended_at IS NULL"
    " ORDER BY t.id",
    ("area",), row=_Row)  # fmt: skip
_COUNTS = Query(
    "SELECT fault, count(*) FROM substation_fault WHERE ended_at IS NULL GROUP BY fault"
)
_LAST_ENDED = Query(
    "SELECT max(ended_at) FROM substation_fault WHERE area_id = :area"
    f" AND fault IN ({', '.join(f"'{one}'" for one in sorted(VALUE_FAULTS))})",
    ("area",),
)
_SUBSTATION_ID = Query(
    "SELECT id FROM substation WHERE area_id = :area AND name = :name",
    ("area", "name"),
)
_BEGIN = insert_into(
    SUBSTATION_FAULT,
    ("area_id", "substation_id", "fault", "began_at", "value_e1"),
)
_END = Query(
    "UPDATE substation_fault SET ended_at = :at WHERE area_id = :area"
    " AND fault = :fault AND ended_at IS NULL"
    " AND COALESCE(substation_id, 0) = :substation",
    ("at", "area", "fault", "substation"),
)


def faults_since(connection: Reader, area_id: int, since: datetime) -> list[KnownFault]:
    """Return an area's notices that are open, or ended since; the newest first."""
    rows = _SINCE.all(connection, area_id, int(since.timestamp()))
    return [_known(row) for row in rows]


def open_faults(connection: Reader, area_id: int) -> Mapping[Subject, KnownFault]:
    """Return the notices of an area that are open."""
    known = map(_known, _OPEN.all(connection, area_id))
    return {one.subject: one for one in known}


def open_fault_counts(connection: Reader) -> Mapping[Fault, int]:
    """Return how many notices of each kind are open."""
    counts = dict.fromkeys(Fault, 0)
    counts |= {Fault(fault): number for fault, number in _COUNTS.all(connection)}
    return counts


def troubled_until(connection: Reader, area_id: int) -> int | None:
    """Return when an area's substations last had wrong values, epoch seconds."""
    at: int | None = _LAST_ENDED.value(connection, area_id)
    return at


def save_fault_changes(
    connection: Connection, area_id: int, changes: FaultChanges, now: datetime
) -> None:
    """Keep which notices begin and end.

    Args:
        connection: The writer's.
        area_id: KAMO's number.
        changes: What changed.
        now: Instant (UTC) of the look.
    """
    at = int(now.timestamp())
    for subject in changes.ended:
        number = _substation_id(connection, area_id, subject)
        _END.run(connection, at, area_id, subject.fault.value, number or 0)
    _BEGIN.run_many(
        connection,
        [
            (
                area_id,
                _substation_id(connection, area_id, subject),
                subject.fault.value,
                at,
                _value_e1(holding),
            )
            for subject, holding in changes.begun.items()
        ],
    )


def _substation_id(connection: Reader, area_id: int, subject: Subject) -> int | None:
    if subject.name is None:
        return None
    number: int | None = _SUBSTATION_ID.value(connection, area_id, subject.name)
    return number


def _value_e1(holding: Holding) -> int | None:
    return scaled_if_known(
        None if holding.value is None else round(holding.value, 1), E1
    )


def _known(row: _Row) -> KnownFault:
    return KnownFault(
        row.area_id,
        Subject(Fault(row.fault), row.name),
        None if row.value_e1 is None else row.value_e1 / E1,
        _instant(row.began_at),
        None if row.ended_at is None else _instant(row.ended_at),
    )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
