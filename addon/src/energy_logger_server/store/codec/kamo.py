"""KAMO's rows: hourly loads, substation readings, and the envelope of an answer."""

from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.models import LoadPoint, SubstationReading

from .json_text import apply_extra, difference, dumps
from .scale import E1, E4, scaled

QUALITY, QUALITY_NOW = 1, 2
_NO_QUALITY, _NO_QUALITY_NOW = 4, 8
_INT_LOAD, _INT_REACTIVE, _INT_FACTOR = 16, 32, 64

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
    """Return the columns of a reading.

    The flags hold both quality flags, and which numbers were sent as integers: either
    style of writing whole numbers costs nothing.
    """
    raw = reading.raw
    flags = (
        _flag(reading.quality, QUALITY, _NO_QUALITY)
        | _flag(reading.quality_now, QUALITY_NOW, _NO_QUALITY_NOW)
        | (_INT_LOAD if type(raw.get("kw")) is int else 0)
        | (_INT_REACTIVE if type(raw.get("kvar")) is int else 0)
        | (_INT_FACTOR if type(raw.get("pf")) is int else 0)
    )
    columns: ReadingColumns = (
        scaled(reading.load_kw, E1),
        scaled(reading.reactive_kvar, E1),
        scaled(reading.power_factor, E4),
        flags,
        None,
    )
    return (*columns[:4], difference(decode_reading(reading.name, columns), raw))


def decode_reading(name: str, columns: ReadingColumns) -> JsonObject:
    """Return the JSON object that upstream sent for a reading of ``name``."""
    load, reactive, factor, flags, extra = columns
    decoded: JsonObject = {
        "name": name,
        "kw": load // E1 if flags & _INT_LOAD else load / E1,
        "kvar": reactive // E1 if flags & _INT_REACTIVE else reactive / E1,
        "pf": factor // E4 if flags & _INT_FACTOR else factor / E4,
    }
    if not flags & _NO_QUALITY:
        decoded["quality"] = bool(flags & QUALITY)
    if not flags & _NO_QUALITY_NOW:
        decoded["qualityNow"] = bool(flags & QUALITY_NOW)
    return apply_extra(decoded, extra)


def _flag(value: bool | None, is_set: int, is_absent: int) -> int:  # noqa: FBT001 - a value, not a switch
    if value is None:
        return is_absent
    return is_set if value else 0
