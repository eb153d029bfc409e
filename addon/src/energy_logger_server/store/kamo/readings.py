"""One substation at one minute: its columns, what upstream sent, and what reads give.

Whatever writes, reads or exports readings goes by the fields of ``StoredReading``: a
new number of a substation is a column of the table and, here, a line in each form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from types import NoneType
from typing import Any, NamedTuple

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.fields import number_or_none, required_number
from energy_logger_server.api.kamo_models import SubstationReading
from energy_logger_server.store.codec.json_text import apply_extra, difference, dumps
from energy_logger_server.store.codec.reading_flags import (
    INT_FACTOR,
    INT_LOAD,
    INT_REACTIVE,
    LACKING,
    NO_FACTOR,
    NO_REACTIVE,
    QUALITY,
    QUALITY_NOW,
    flags_of,
)
from energy_logger_server.store.codec.scale import E1, E4, scaled_all
from energy_logger_server.store.db.export_blocks import Number
from energy_logger_server.store.db.query import fields_of

type ReadingColumns = tuple[int, int, int, int, str | None]
"""load_e1, reactive_e1, power_factor_e4, flags, extra: see ``COLUMN_NAMES``."""


type EncodedReadings = tuple[
    list[int], list[int], list[int], list[int], list[str | None]
]
"""The same columns, each with a value for each reading."""


class StoredReading(NamedTuple):
    """A row: the minute (epoch seconds // 60), the name, and ``ReadingColumns``."""

    minute: int
    name: str
    load_e1: int
    reactive_e1: int
    power_factor_e4: int
    flags: int
    extra: str | None

    @property
    def columns(self) -> ReadingColumns:
        """What stands behind the key of the table."""
        return self[2:]


COLUMN_NAMES = fields_of(StoredReading)[2:]
"""The columns of the table behind its key, in table order."""

# what is no column of the table by that name
_ELSEWHERE = {"minute": "r.hour * 60 + r.minute AS minute", "name": "p.name"}

READING_SQL = ", ".join(
    _ELSEWHERE.get(field, f"r.{field}") for field in fields_of(StoredReading)
)
"""What to SELECT for it from ``substation_reading r`` and ``substation p``."""


class ReadingRows(NamedTuple):
    """Rows by column, ascending in time and then by name.

    Attributes:
        minute: When they were read, epoch seconds // 60.
        name: Of the substations.
        load_e1: kW times 10.
        reactive_e1: kVAR times 10; None where it is unknown.
        power_factor_e4: Upstream's signed factor times 10^4; None likewise.
        flags: As stored.
        extra: As stored.
    """

    minute: Sequence[int]
    name: Sequence[str]
    load_e1: Sequence[Number]
    reactive_e1: Sequence[Number | None]
    power_factor_e4: Sequence[Number | None]
    flags: Sequence[int]
    extra: Sequence[str | None]

    @property
    def quality(self) -> Sequence[bool | None]:
        """Upstream's flag; None where it was not sent."""
        return list(map(QUALITY.__getitem__, self.flags))

    @property
    def quality_now(self) -> Sequence[bool | None]:
        """Likewise."""
        return list(map(QUALITY_NOW.__getitem__, self.flags))


@dataclass(frozen=True, slots=True)
class Reading:
    """A substation in a snapshot; fields as in ``kamo_models.SubstationReading``."""

    name: str
    load_kw: float
    reactive_kvar: float | None
    power_factor: float | None
    quality: bool | None
    quality_now: bool | None


def encode_readings(readings: Sequence[SubstationReading]) -> EncodedReadings:
    """Return the columns of what upstream sent, each with a value for each reading."""
    sent = [reading.raw for reading in readings]
    loads = [one.load_kw for one in readings]
    reactives = [one.reactive_kvar or 0.0 for one in readings]
    factors = [one.power_factor or 0.0 for one in readings]
    kinds = list(
        zip(
            [one.quality for one in readings],
            [one.quality_now for one in readings],
            [type(one["kw"]) for one in sent],
            [type(one["kvar"]) for one in sent],
            [type(one["pf"]) for one in sent],
            map(len, sent),
            strict=True,
        )
    )
    # a few dozen at most, of hundreds of readings
    flags = {kind: _flags_of_kind(kind) for kind in set(kinds)}
    numbers = (
        scaled_all(loads, E1),
        scaled_all(reactives, E1),
        scaled_all(factors, E4),
        list(map(flags.__getitem__, kinds)),
    )
    if (
        all(map(_says_all, flags))
        and [number / E1 for number in numbers[0]] == loads
        and [number / E1 for number in numbers[1]] == reactives
        and [number / E4 for number in numbers[2]] == factors
    ):
        return (*numbers, [None] * len(sent))
    rows = zip(*numbers, repeat(None), strict=False)
    decoded = map(decode_reading, [one.name for one in readings], rows)
    return (*numbers, list(map(difference, decoded, sent)))


type _Kind = tuple[bool | None, bool | None, type, type, type, int]
"""Both quality flags, types of load, reactive power and factor, number of fields."""

_FIELDS = 6
_PLAIN_TYPES = frozenset({float, int, NoneType})
"""Of numbers that equal the float that was read, if that is in its column exactly."""


def _flags_of_kind(kind: _Kind) -> int:
    quality, quality_now, *types, _fields = kind
    return flags_of(quality, quality_now, types)


def _says_all(kind: _Kind) -> bool:
    """Return whether a reading is no more than its numbers and flags.

    A field more than those that are known hides in none of them; of a flag that is no
    boolean only its being there is left.
    """
    quality, quality_now, *types, fields = kind
    flags_sent = (quality, quality_now)
    return fields == _FIELDS - flags_sent.count(None) and _PLAIN_TYPES.issuperset(types)


def decode_reading(name: str, columns: ReadingColumns) -> JsonObject:
    """Return the JSON object that upstream sent for a reading of ``name``."""
    load, reactive, factor, flags, extra = columns
    decoded: JsonObject = {
        "name": name,
        "kw": load // E1 if flags & INT_LOAD else load / E1,
        "kvar": reactive // E1 if flags & INT_REACTIVE else reactive / E1,
        "pf": factor // E4 if flags & INT_FACTOR else factor / E4,
        "quality": QUALITY[flags],
        "qualityNow": QUALITY_NOW[flags],
    }
    if flags & LACKING:
        if flags & NO_REACTIVE:
            decoded["kvar"] = None
        if flags & NO_FACTOR:
            decoded["pf"] = None
        for name_of_flag in ("quality", "qualityNow"):
            if decoded[name_of_flag] is None:
                del decoded[name_of_flag]
    return decoded if extra is None else apply_extra(decoded, extra)


def reading_of(row: StoredReading) -> Reading:
    """Return the numbers of a row in their units; exact ones where it has ``extra``."""
    _minute, name, load_e1, reactive_e1, factor_e4, flags, extra = row
    load = load_e1 / E1
    reactive = None if flags & NO_REACTIVE else reactive_e1 / E1
    factor = None if flags & NO_FACTOR else factor_e4 / E4
    if extra is not None:
        sent = decode_reading(row.name, row.columns)
        load = required_number(sent, "kw")
        reactive, factor = (number_or_none(sent.get(field)) for field in ("kvar", "pf"))
    return Reading(name, load, reactive, factor, QUALITY[flags], QUALITY_NOW[flags])


def exact_rows(rows: ReadingRows) -> ReadingRows:
    """Return rows with None where a number is unknown, and the text of odd numbers.

    Args:
        rows: As stored.
    """
    if rows.extra.count(None) == len(rows.extra) and max(rows.flags) < NO_REACTIVE:
        return rows
    # as stored, so of whole numbers still
    columns: Iterator[Any] = zip(*rows[2:], strict=True)
    load_e1, reactive_e1, factor_e4 = zip(
        *map(_exact_numbers, rows.name, columns), strict=True
    )
    return rows._replace(
        load_e1=load_e1, reactive_e1=reactive_e1, power_factor_e4=factor_e4
    )


def _exact_numbers(name: str, columns: ReadingColumns) -> tuple[Number | None, ...]:
    load_e1, reactive_e1, factor_e4, flags, extra = columns
    if extra is not None:
        sent = decode_reading(name, columns)
        values = (sent.get(field) for field in ("kw", "kvar", "pf"))
        return tuple(None if value is None else dumps(value) for value in values)
    return (
        load_e1,
        None if flags & NO_REACTIVE else reactive_e1,
        None if flags & NO_FACTOR else factor_e4,
    )
