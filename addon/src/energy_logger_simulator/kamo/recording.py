"""The packaged recording of what KAMO really answered."""

import gzip
import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

RECORDED_AT = datetime(2026, 1, 4, 9, 9, tzinfo=UTC)
"""When the answers were recorded: 03:09 Central."""

_RECORDING = "kamo-recorded-2026-01-04.json.gz"


def recorded_area_list() -> list[dict[str, Any]]:
    """Return the answer of ``/area``: 17 cooperatives and 3 aggregates."""
    areas: list[dict[str, Any]] = _recording()["area"]
    return areas


def recorded_grids() -> dict[int, dict[str, Any]]:
    """Return the answers of ``/areagrid/{id}`` by area; there are 1 to 9."""
    return _by_area("areagrid")


def recorded_tables() -> dict[int, dict[str, Any]]:
    """Return the answers of ``/arealoadtable/{id}`` by area; there are 1 to 9."""
    return _by_area("arealoadtable")


def _by_area(endpoint: str) -> dict[int, dict[str, Any]]:
    return {int(area_id): body for area_id, body in _recording()[endpoint].items()}


@cache
def _recording() -> dict[str, Any]:
    packed = resources.files("energy_logger_simulator") / "resources" / _RECORDING
    recording: dict[str, Any] = json.loads(gzip.decompress(packed.read_bytes()))
    return recording
