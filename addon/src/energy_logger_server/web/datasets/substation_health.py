"""What is wrong with substations, as streams and answers show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from energy_logger_server.domain.events import SubstationNotice
from energy_logger_server.domain.substation_health.faults import Fault, Subject
from energy_logger_server.web.http.answer_types import Time

from .fields import central_text, rounded

_DIGITS = 1
_LOADS = frozenset({Fault.FROZEN, Fault.SUM_DIFFERS, Fault.SPIKE})


class FaultAnswer(TypedDict):
    """Something that is or was wrong."""

    fault: Fault
    substation_name: str | None
    """Null if it is of the whole area."""
    kw: float | None
    """Of `frozen` the load that did not change, of `spike` the load, of `sum_differs`
    what the substations had more than the area, kW; else null."""
    kvar: float | None
    """Of `lagging` and `leading` what would have to be compensated, kVAR; else null."""
    began_at: Time
    """When it was found."""
    ended_at: Time | None
    """When it was found to be over; null while it holds."""


def fault_fields(
    subject: Subject,
    value: float | None,
    began_at: datetime,
    ended_at: datetime | None,
) -> FaultAnswer:
    """Return a fault; ``kw`` and ``kvar`` are what ``Holding`` says."""
    shown = None if value is None else rounded(value, _DIGITS)
    return {
        "fault": subject.fault,
        "substation_name": subject.name,
        "kw": shown if subject.fault in _LOADS else None,
        "kvar": None if subject.fault in _LOADS else shown,
        "began_at": central_text(began_at),
        "ended_at": None if ended_at is None else central_text(ended_at),
    }


def substation_notice_fields(notice: SubstationNotice) -> Mapping[str, Any]:
    """Return the fields of a notice."""
    subject = notice.subject
    value = None if notice.value is None else rounded(notice.value, _DIGITS)
    return {
        "area_id": notice.area_id,
        "area_name": notice.area_name,
        "fault": subject.fault.value,
        "substation_name": subject.name,
        "notice": "ended" if notice.is_over else "began",
        "kw": value if subject.fault in _LOADS else None,
        "kvar": None if subject.fault in _LOADS else value,
        "at": central_text(notice.at),
    }
