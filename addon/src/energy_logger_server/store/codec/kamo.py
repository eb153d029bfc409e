"""KAMO's hourly loads as columns, and back as they were sent."""

from energy_logger_server.api.exact_json import JsonValue, loads
from energy_logger_server.api.kamo_models import LoadPoint

from .json_text import dumps
from .scale import E1, scaled


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
