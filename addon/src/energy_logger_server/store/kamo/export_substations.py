"""Every reading of an area's substations, for exports."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.codec.kamo import decode_reading
from energy_logger_server.store.codec.reading_flags import (
    NO_FACTOR,
    NO_REACTIVE,
    QUALITY,
    QUALITY_NOW,
)
from energy_logger_server.store.db.export_blocks import (
    ROWS_OF_A_BLOCK,
    Blocks,
    Number,
    read_blocks,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

_HOUR_S, _MINUTE_S = 3600, 60
_FETCHES_PER_HOUR = 12


class _Columns(NamedTuple):
    minute: list[int]
    name: list[str]
    load_e1: list[int]
    reactive_e1: list[int]
    power_factor_e4: list[int]
    flags: list[int]
    extra: list[str | None]


_COUNT = Query(
    "SELECT count(*) FROM substation"
    " WHERE area_id = :area AND (name = :name OR :is_all = 1)",
    ("area", "name", "is_all"),
)
_NEXT_HOUR = Query(
    "SELECT hour FROM substation_fetch WHERE hour >= :hour AND area_id = :area"
    " ORDER BY hour LIMIT 1",
    ("hour", "area"),
)
# hour by hour, then item by item: the rows' own order, in which they are found by key
_READINGS = Query(
    """
WITH RECURSIVE calendar(hour) AS (
  SELECT CAST(:first_hour AS BIGINT) UNION ALL
  SELECT hour + 1 FROM calendar WHERE hour < CAST(:last_hour AS BIGINT))
SELECT r.hour * 60 + r.minute AS minute, p.name, r.load_e1, r.reactive_e1,
  r.power_factor_e4, r.flags, r.extra
FROM calendar c CROSS JOIN substation p CROSS JOIN substation_reading r
WHERE p.area_id = :area AND (p.name = :name OR :is_all = 1)
  AND r.hour = c.hour AND r.item = p.item
  AND r.hour * 60 + r.minute >= :first AND r.hour * 60 + r.minute < :end
ORDER BY r.hour * 60 + r.minute, p.name
""",
    ("first_hour", "last_hour", "area", "name", "is_all", "first", "end"),
    row=_Columns,
)


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """Readings by column, ascending in time and then by name.

    Attributes:
        minutes: When they were read, epoch seconds // 60.
        names: Of the substations.
        load_e1: kW times 10.
        reactive_e1: kVAR times 10; None where it is unknown.
        power_factor_e4: Upstream's signed factor times 10^4; None likewise.
        quality: Upstream's flag; None where it was not sent.
        quality_now: Likewise.
    """

    minutes: Sequence[int]
    names: Sequence[str]
    load_e1: Sequence[Number]
    reactive_e1: Sequence[Number | None]
    power_factor_e4: Sequence[Number | None]
    quality: Sequence[bool | None]
    quality_now: Sequence[bool | None]


def export_readings(
    read: ReadTransaction, area_id: int, span: tuple[int, int], name: str | None = None
) -> Generator[ReadingRows]:
    """Yield the readings of a span, first instant and the one past the last.

    Args:
        read: The stream's.
        area_id: KAMO's number.
        span: Epoch seconds.
        name: The only substation wanted, if not all.
    """
    wanted = (area_id, name or "", int(name is None))
    [substations] = read(lambda connection: _COUNT.one(connection, *wanted))
    if not substations:
        return
    hours = max(1, ROWS_OF_A_BLOCK // (substations * _FETCHES_PER_HOUR))
    blocks = Blocks(
        partial(_next_at, area_id=area_id),
        partial(_rows, wanted=wanted),
        hours * _HOUR_S,
    )
    yield from read_blocks(read, blocks, span)


def _next_at(connection: Reader, at: int, area_id: int) -> int | None:
    hour: int | None = _NEXT_HOUR.value(connection, at // _HOUR_S, area_id)
    return None if hour is None else hour * _HOUR_S


def _rows(
    connection: Reader, first: int, end: int, wanted: tuple[int, str, int]
) -> ReadingRows | None:
    columns = _READINGS.columns(
        connection,
        first // _HOUR_S,
        (end - 1) // _HOUR_S,
        *wanted,
        -(-first // _MINUTE_S),
        -(-end // _MINUTE_S),
    )
    if columns is None:
        return None
    numbers: tuple[Sequence[Any], ...] = (
        columns.load_e1,
        columns.reactive_e1,
        columns.power_factor_e4,
    )
    flags, extras = columns.flags, columns.extra
    if extras.count(None) != len(extras) or max(flags) >= NO_REACTIVE:
        numbers = tuple(
            zip(
                *map(_exact_numbers, columns.name, *numbers, flags, extras), strict=True
            )
        )
    load_e1, reactive_e1, power_factor_e4 = numbers
    return ReadingRows(
        columns.minute,
        columns.name,
        load_e1,
        reactive_e1,
        power_factor_e4,
        list(map(QUALITY.__getitem__, flags)),
        list(map(QUALITY_NOW.__getitem__, flags)),
    )


def _exact_numbers(
    name: str,
    load_e1: int,
    reactive_e1: int,
    factor_e4: int,
    flags: int,
    extra: str | None,
) -> tuple[Number | None, ...]:
    if extra is not None:
        sent = decode_reading(name, (load_e1, reactive_e1, factor_e4, flags, extra))
        values = (sent.get(field) for field in ("kw", "kvar", "pf"))
        return tuple(None if value is None else dumps(value) for value in values)
    return (
        load_e1,
        None if flags & NO_REACTIVE else reactive_e1,
        None if flags & NO_FACTOR else factor_e4,
    )
