"""Readings of an area's substations: their columns, snapshots and figures."""

from dataclasses import replace
from itertools import repeat
from operator import attrgetter
from typing import Any

from energy_logger_server.domain.load.power_factor import power_factor_of_sums
from energy_logger_server.store.kamo.readings import Reading, ReadingRows
from energy_logger_server.store.kamo.substations import Snapshot, SubstationSummary

from .columns import (
    FLAG,
    MINUTE,
    TEXT,
    UNKNOWN,
    Cell,
    Column,
    Columns,
    all_fields_of,
    cells_of,
    kamo_number,
    names_of,
)
from .fields import KW_DIGITS, Fields, central_text, rounded

_FACTOR_DIGITS = 4

SNAPSHOT_TIME: Column[Snapshot, ReadingRows] = Column(
    name="snapshot_time",
    kind=MINUTE,
    text="The minute of the fetch.",
    value=lambda taken: central_text(taken.read_at),
    stored=lambda rows: rows.minute,
)
_NAME: Column[Reading, ReadingRows] = Column(
    name="substation_name",
    kind=TEXT,
    value=attrgetter("name"),
    stored=lambda rows: rows.name,
)
POWER: Columns[Reading, ReadingRows] = (
    Column(
        name="kw",
        kind=kamo_number(1),
        unit="kW",
        text="Load, kW.",
        value=attrgetter("load_kw"),
        stored=lambda rows: rows.load_e1,
    ),
    Column(
        name="kvar",
        kind=kamo_number(1),
        unit="kVAR",
        text=f"Reactive power, kVAR, KAMO's sign; {UNKNOWN}",
        is_nullable=True,
        value=attrgetter("reactive_kvar"),
        stored=lambda rows: rows.reactive_e1,
    ),
)
"""What adds up over the substations of an area."""

READING: Columns[Reading, ReadingRows] = (
    _NAME,
    *POWER,
    Column(
        name="pf",
        kind=kamo_number(4),
        text=f"Power factor with the sign of kVAR; {UNKNOWN}",
        is_nullable=True,
        value=attrgetter("power_factor"),
        stored=lambda rows: rows.power_factor_e4,
    ),
    Column(
        name="quality",
        kind=FLAG,
        text="KAMO's flag.",
        is_nullable=True,
        value=attrgetter("quality"),
        stored=lambda rows: rows.quality,
    ),
    Column(
        name="quality_now",
        kind=FLAG,
        text="KAMO's flag.",
        is_nullable=True,
        value=attrgetter("quality_now"),
        stored=lambda rows: rows.quality_now,
    ),
)
"""What a snapshot says of each substation."""

_HISTORY_READING = (replace(_NAME, name="name"), *READING)

SUBSTATIONS: Columns[Any, ReadingRows] = (SNAPSHOT_TIME, *READING)
"""Those of an export; the first ones are the predecessor's, in its order."""


def snapshot(taken: Snapshot) -> Fields:
    """Return the substations of an area at one moment, and all of them together."""
    load = sum(reading.load_kw for reading in taken.readings)
    reactive = _total_kvar(taken)
    return {
        SNAPSHOT_TIME.name: SNAPSHOT_TIME.value(taken),
        "substations": all_fields_of(READING, taken.readings),
        "total": {
            "kw": rounded(load, KW_DIGITS),
            "kvar": None if reactive is None else rounded(reactive, KW_DIGITS),
            "pf": None
            if reactive is None
            else _factor(power_factor_of_sums(load, reactive)),
        },
    }


def _total_kvar(taken: Snapshot) -> float | None:
    """Return the sum; None where one is unknown, for without it it is no total."""
    known = [
        reading.reactive_kvar
        for reading in taken.readings
        if reading.reactive_kvar is not None
    ]
    return sum(known) if len(known) == len(taken.readings) else None


def history_snapshot(taken: Snapshot) -> Fields:
    """Return one snapshot of a history; each row has its name under both keys.

    The predecessor said ``name`` here and ``substation_name`` everywhere else.
    """
    return {
        SNAPSHOT_TIME.name: SNAPSHOT_TIME.value(taken),
        "substations": all_fields_of(_HISTORY_READING, taken.readings),
    }


def reading_cells(taken: Snapshot) -> list[tuple[Cell, ...]]:
    """Return the readings of a snapshot in the order of ``SUBSTATIONS``."""
    at = SNAPSHOT_TIME.value(taken)
    return [(at, *cells) for cells in cells_of(READING, taken.readings)]


def reading_rows(taken: Snapshot) -> list[Fields]:
    """Return the readings of a snapshot, each with its time."""
    names = names_of(SUBSTATIONS)
    return [*map(dict, map(zip, repeat(names), reading_cells(taken)))]


def substation_summary(summary: SubstationSummary) -> Fields:
    """Return the figures of one substation over a span."""
    return {
        "snapshot_count": summary.readings,
        "min_kw": summary.min_kw,
        "max_kw": summary.max_kw,
        "avg_kw": rounded(summary.mean_kw, KW_DIGITS),
        "avg_pf": _factor(summary.power_factor),
    }


def _factor(factor: float | None) -> float | None:
    return None if factor is None else rounded(factor, _FACTOR_DIGITS)
