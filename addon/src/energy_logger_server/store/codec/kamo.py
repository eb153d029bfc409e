"""KAMO's rows: hourly loads, substation readings, and the envelope of an answer."""

from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.models import LoadPoint, SubstationReading

from .json_text import apply_extra, difference, dumps
from .scale import E1, E4, scaled

_QUALITY, _QUALITY_NOW = 1, 2
_NO_QUALITY, _NO_QUALITY_NOW = 4, 8
_INT_LOAD, _INT_REACTIVE, _INT_FACTOR = 16, 32, 64

_USUAL_FIELDS = ("name", "kw", "kvar", "pf", "quality", "qualityNow")
_USUAL_TYPES = (str, float, float, float, bool, bool)
_USUAL_LIMIT = 10**9

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
    usual = _encode_usual(reading)
    if usual is not None:
        return usual
    flags = (
        _flag(reading.quality, _QUALITY, _NO_QUALITY)
        | _flag(reading.quality_now, _QUALITY_NOW, _NO_QUALITY_NOW)
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
        decoded["quality"] = bool(flags & _QUALITY)
    if not flags & _NO_QUALITY_NOW:
        decoded["qualityNow"] = bool(flags & _QUALITY_NOW)
    return apply_extra(decoded, extra)


def _flag(value: bool | None, is_set: int, is_absent: int) -> int:
    if value is None:
        return is_absent
    return is_set if value else 0


def _encode_usual(reading: SubstationReading) -> ReadingColumns | None:
    """Return the columns of a reading that is written as all recorded ones are.

    The six known fields, numbers with a decimal point and of few digits: then nothing
    is missed. Hundreds of readings arrive every few minutes, hence the short cut.
    """
    raw = reading.raw
    load_kw, reactive_kvar = reading.load_kw, reading.reactive_kvar
    if (
        len(raw) != len(_USUAL_TYPES)
        or tuple(map(type, raw.values())) != _USUAL_TYPES
        or tuple(raw) != _USUAL_FIELDS
        or not -_USUAL_LIMIT < load_kw < _USUAL_LIMIT
        or not -_USUAL_LIMIT < reactive_kvar < _USUAL_LIMIT
        or not -_USUAL_LIMIT < reading.power_factor < _USUAL_LIMIT
    ):
        return None
    load_e1, reactive_e1 = round(load_kw * E1), round(reactive_kvar * E1)
    factor_e4 = round(reading.power_factor * E4)
    if (
        load_e1 / E1 != load_kw
        or reactive_e1 / E1 != reactive_kvar
        or factor_e4 / E4 != reading.power_factor
    ):
        return None
    flags = (_QUALITY if reading.quality else 0) | (
        _QUALITY_NOW if reading.quality_now else 0
    )
    return (load_e1, reactive_e1, factor_e4, flags, None)
