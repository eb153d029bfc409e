"""Our own server's answers about an area's substations and its bill, as records; pure.

Fields are those of ``/api/substations/health`` and ``/api/determinants``
(docs/rest-api.md).
"""

from dataclasses import dataclass
from datetime import datetime

from .exact_json import JsonObject, JsonValue
from .fields import FieldError, number_or_none, required_text, text_or_none
from .server_fields import required_object, required_time


@dataclass(frozen=True, slots=True)
class SubstationFault:
    """Something that is wrong.

    Attributes:
        fault: Such as ``frozen``, or a text that is not known yet.
        substation: Name; None if it is of the whole area.
        kw: Load that it is about; None if it is about none.
        kvar: Reactive power likewise.
        began_at: Instant (UTC) at which it was found.
    """

    fault: str
    substation: str | None
    kw: float | None
    kvar: float | None
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Bill:
    """Figures of a billing year, kW; None while they are not known."""

    peak_kw: float | None = None
    base_kw: float | None = None
    billed_kw: float | None = None


@dataclass(frozen=True, slots=True)
class Determinants:
    """What an area's bill of the running year is made of.

    Attributes:
        so_far: If nothing more came.
        projected: If what is to come is as in the year before.
        to_enter_kw: By season: the load above which another day enters; None while any
            does.
    """

    so_far: Bill
    projected: Bill
    to_enter_kw: dict[str, float | None]


def read_faults(answer: JsonValue) -> tuple[SubstationFault, ...]:
    """Return the faults of an answer that are not over.

    Raises:
        FieldError: If it lacks what they cannot do without.
    """
    rows = required_object(answer).get("data")
    if not isinstance(rows, list):
        raise FieldError("data is not a list")
    return tuple(
        SubstationFault(
            fault=required_text(row, "fault"),
            substation=text_or_none(row.get("substation_name")),
            kw=number_or_none(row.get("kw")),
            kvar=number_or_none(row.get("kvar")),
            began_at=required_time(row, "began_at"),
        )
        for row in map(required_object, rows)
        if row.get("ended_at") is None
    )


def read_determinants(answer: JsonValue) -> Determinants:
    """Return an answer as a record.

    Raises:
        FieldError: If it lacks what it cannot do without.
    """
    row = required_object(answer)
    seasons = row.get("seasons")
    if not isinstance(seasons, list):
        raise FieldError("seasons is not a list")
    return Determinants(
        _bill(row, "so_far"),
        _bill(row, "projected"),
        {
            required_text(season, "season"): number_or_none(season.get("to_enter_kw"))
            for season in map(required_object, seasons)
        },
    )


def _bill(row: JsonObject, name: str) -> Bill:
    if row.get(name) is None:
        return Bill()
    fields = required_object(row[name])
    return Bill(
        number_or_none(fields.get("peak_kw")),
        number_or_none(fields.get("base_kw")),
        number_or_none(fields.get("billed_kw")),
    )
