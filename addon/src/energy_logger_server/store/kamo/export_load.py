"""Every hourly load of an area, for exports."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.codec.kamo import decode_load
from energy_logger_server.store.db.export_blocks import (
    ROWS_OF_A_BLOCK,
    Blocks,
    Number,
    read_blocks,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

_HOUR_S = 3600

_NEXT_AT = Query(
    "SELECT at FROM load WHERE at >= :at AND area_id = :area ORDER BY at LIMIT 1",
    ("at", "area"),
)
_LOADS = Query(
    "SELECT at, load_e1, is_settled, extra FROM load"
    " WHERE at >= :first AND at < :end AND area_id = :area ORDER BY at",
    ("first", "end", "area"),
)


@dataclass(frozen=True, slots=True)
class LoadRows:
    """Hourly loads by column, ascending in time.

    Attributes:
        hours_at: Instants that upstream's labels name, epoch seconds.
        load_e1: kW times 10.
        is_settled: False while the hour is running.
    """

    hours_at: Sequence[int]
    load_e1: Sequence[Number]
    is_settled: Sequence[bool]


def export_loads(
    read: ReadTransaction, area_id: int, span: tuple[int, int]
) -> Generator[LoadRows]:
    """Yield the hours of a span, first instant and the one past the last."""

    def next_at(connection: Reader, at: int) -> int | None:
        found: int | None = _NEXT_AT.value(connection, at, area_id)
        return found

    def rows(connection: Reader, first: int, end: int) -> LoadRows | None:
        found = _LOADS.all(connection, first, end, area_id)
        if not found:
            return None
        hours_at, loads, is_settled, extras = zip(*found, strict=True)
        return LoadRows(
            hours_at, exact_loads(loads, extras), list(map(bool, is_settled))
        )

    blocks = Blocks(next_at, rows, ROWS_OF_A_BLOCK * _HOUR_S)
    yield from read_blocks(read, blocks, span)


def exact_loads(
    stored: Sequence[int], extras: Sequence[str | None]
) -> Sequence[Number]:
    """Return loads, with the digits that only ``extra`` holds."""
    if extras.count(None) == len(extras):
        return stored
    return [
        load_e1 if extra is None else dumps(decode_load(load_e1, extra))
        for load_e1, extra in zip(stored, extras, strict=True)
    ]
