"""KAMO's rows: hourly loads, substation readings, and the envelope of an answer."""

from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.kamo_models import LoadPoint, SubstationReading

from .json_text import apply_extra, difference, dumps
from .reading_flags import (
    INT_FACTOR,
    INT_LOAD,
    INT_REACTIVE,
    NO_FACTOR,
    NO_REACTIVE,
    QUALITY,
    QUALITY_NOW,
    flags_of,
)
from .scale import E1, E4, scaled

type ReadingColumns = tuple[int, int, int, int, str | None]
"""load_e1, reactive_e1, power_factor_e4, flags, extra."""


def encode_load(load_kw: float, sent: JsonValue) -> tuple[int, str | None]:
    """Return ``load_e1`` and, unless that gives back what was sent, its JSON text."""
    stored = scaled(load_kw, E1)
    decoded = decode_load(stored, None)
    exact = type(decoded) is type(sent) and decoded == sent
    return stored, None if exact else dumps(sent)


def decode_load(load_e1: int, extra: str | None) -> JsonValue:
    """Return the number as sent: KAMO writes whole kW as ``77096.0``."""
    return load_e1 / E1 if extra is None else loads(extra)


def encode_point(point: LoadPoint) -> tuple[int, str | None]:
    """Return ``load_e1`` and ``extra`` of one hour."""
    return encode_load(point.load_kw, point.raw)


def encode_reading(reading: SubstationReading) -> ReadingColumns:
    """Return the columns of a reading."""
    columns: ReadingColumns = (
        scaled(reading.load_kw, E1),
        scaled(reading.reactive_kvar or 0.0, E1),
        scaled(reading.power_factor or 0.0, E4),
        flags_of(reading),
        None,
    )
    extra = difference(decode_reading(reading.name, columns), reading.raw)
    return columns if extra is None else (*columns[:-1], extra)


def decode_reading(name: str, columns: ReadingColumns) -> JsonObject:
    """Return the JSON object that upstream sent for a reading of ``name``."""
    load, reactive, factor, flags, extra = columns
    decoded: JsonObject = {
        "name": name,
        "kw": load // E1 if flags & INT_LOAD else load / E1,
        "kvar": reactive // E1 if flags & INT_REACTIVE else reactive / E1,
        "pf": factor // E4 if flags & INT_FACTOR else factor / E4,
    }
    if flags & NO_REACTIVE:
        decoded["kvar"] = None
    if flags & NO_FACTOR:
        decoded["pf"] = None
    quality, quality_now = QUALITY[flags], QUALITY_NOW[flags]
    if quality is not None:
        decoded["quality"] = quality
    if quality_now is not None:
        decoded["qualityNow"] = quality_now
    return apply_extra(decoded, extra)
