"""Every reading of an area's substations, for exports."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial

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
from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

_HOUR_S, _MINUTE_S = 3600, 60
_FETCHES_PER_HOUR = 12
_EXTRA = 6

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
SELECT r.hour * 60 + r.minute, p.name, r.load_e1, r.reactive_e1, r.power_factor_e4,
  r.flags, r.extra
FROM calendar c CROSS JOIN substation p CROSS JOIN substation_reading r
WHERE p.area_id = :area AND (p.name = :name OR :is_all = 1)
  AND r.hour = c.hour AND r.item = p.item
  AND r.hour * 60 + r.minute >= :first AND r.hour * 60 + r.minute < :end
ORDER BY 1, 2
""",
    ("first_hour", "last_hour", "area", "name", "is_all", "first", "end"),
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
    found = _NEXT_HOUR.first(connection, at // _HOUR_S, area_id)
    return None if found is None else found[0] * _HOUR_S


def _rows(
    connection: Reader, first: int, end: int, wanted: tuple[int, str, int]
) -> ReadingRows | None:
    found = _READINGS.all(
        connection,
        first // _HOUR_S,
        (end - 1) // _HOUR_S,
        *wanted,
        -(-first // _MINUTE_S),
        -(-end // _MINUTE_S),
    )
    if not found:
        return None
    minutes, names, *numbers, flags, extras = zip(*found, strict=True)
    if extras.count(None) != len(extras) or max(flags) >= NO_REACTIVE:
        numbers = [*zip(*map(_exact_numbers, found), strict=True)]
    load_e1, reactive_e1, power_factor_e4 = numbers
    return ReadingRows(
        minutes,
        names,
        load_e1,
        reactive_e1,
        power_factor_e4,
        list(map(QUALITY.__getitem__, flags)),
        list(map(QUALITY_NOW.__getitem__, flags)),
    )


def _exact_numbers(row: Row) -> tuple[Number | None, ...]:
    if row[_EXTRA] is not None:
        sent = decode_reading(row[1], (row[2], row[3], row[4], row[5], row[6]))
        values = (sent.get(field) for field in ("kw", "kvar", "pf"))
        return tuple(None if value is None else dumps(value) for value in values)
    load, reactive, factor, flags = row[2:6]
    return (
        load,
        None if flags & NO_REACTIVE else reactive,
        None if flags & NO_FACTOR else factor,
    )
