"""Columns of many substation readings at once: the short way for a cycle.

As with intervals, what is written as recorded answers write it is checked column by
column; any odd reading sends all of them the long way, to the same result.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from energy_logger_server.api.kamo_models import SubstationReading

from .columns import Columns, columns_of, exact_decimals, is_all
from .kamo import encode_reading
from .reading_flags import flags_of_truths
from .scale import E1, E4

_FIELDS = ("name", "kw", "kvar", "pf", "quality", "qualityNow")

type _Columns = tuple[Sequence[Any], ...]


def encode_readings(readings: Sequence[SubstationReading]) -> _Columns:
    """Return the columns of ``encode_reading`` for readings, at least one."""
    columns = columns_of([reading.raw for reading in readings], _FIELDS)
    block = None if columns is None else _block(columns)
    if block is None:
        return tuple(zip(*map(encode_reading, readings), strict=True))
    return block


def _block(columns: Columns) -> _Columns | None:
    loads = exact_decimals(columns["kw"], E1)
    reactives = exact_decimals(columns["kvar"], E1)
    factors = exact_decimals(columns["pf"], E4)
    qualities, qualities_now = columns["quality"], columns["qualityNow"]
    if (
        loads is None
        or reactives is None
        or factors is None
        or not is_all(columns["name"], str)
        or not is_all((*qualities, *qualities_now), bool)
    ):
        return None
    flags = flags_of_truths(qualities, qualities_now)
    return loads, reactives, factors, flags, list(repeat(None, len(flags)))
