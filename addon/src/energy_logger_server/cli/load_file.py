"""Hourly demand from a file: CSV with the columns that the EIA's cleaned data have."""

import csv
import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.errors import ConfigurationError, PlaceUnusable

_ENDS = "hour_ending_utc"
_DEMAND = "demand_mw"
_FORECAST = "forecast_mw"
_SCREENING = "screening"
_GOOD = "OKAY"
_HOUR_S = 3600
_MOST_HOURS = 50 * 8784
_PACKED = b"\x1f\x8b"


def load_from(path: Path) -> LoadHistory:
    """Return the hours of a CSV file, packed by gzip or not.

    ``hour_ending_utc`` and ``demand_mw`` (MW) must be there; ``forecast_mw`` and
    ``screening`` may. An hour that the screening did not pass has no load: its value
    was made from what came later.

    Raises:
        PlaceUnusable: If the file cannot be read.
        ConfigurationError: If it is no such file; names the line.
    """
    try:
        with path.open("rb") as head:
            is_packed = head.read(2) == _PACKED
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if is_packed
            else path.open(encoding="utf-8")
        ) as lines:
            return _history(path, csv.DictReader(lines))
    except (EOFError, UnicodeDecodeError, gzip.BadGzipFile, csv.Error) as err:
        raise _unusable(path, f"it is damaged or no CSV: {err}") from err
    except OSError as err:
        raise PlaceUnusable("cannot read", path, err, setting="--from") from err


def _history(path: Path, rows: "csv.DictReader[str]") -> LoadHistory:
    missing = {_ENDS, _DEMAND} - {*(rows.fieldnames or ())}
    if missing:
        raise _unusable(path, f"it lacks the column {' and '.join(sorted(missing))}")
    loads: dict[int, float | None] = {}
    forecasts: dict[int, float | None] = {}
    for row in rows:
        line = rows.line_num
        begins = _hour(path, line, row[_ENDS]) - 1
        if begins in loads:
            raise _unusable(path, f"line {line} has the hour of an earlier line")
        is_good = (row.get(_SCREENING) or _GOOD) == _GOOD
        loads[begins] = _kilowatts(path, line, row, _DEMAND) if is_good else None
        forecasts[begins] = _kilowatts(path, line, row, _FORECAST)
    if not loads:
        raise _unusable(path, "it has no hours")
    if max(loads) - min(loads) > _MOST_HOURS:
        raise _unusable(path, "its first and last hour are more than 50 years apart")
    return LoadHistory.of(loads, forecasts)


def _hour(path: Path, line: int, text: str | None) -> int:
    """Return an instant in UTC as epoch seconds // 3600."""
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError as err:
        raise _unusable(path, f"line {line}: {_ENDS} is no time: {text!r}") from err
    seconds = instant.replace(tzinfo=instant.tzinfo or UTC).timestamp()
    if seconds % _HOUR_S:
        raise _unusable(path, f"line {line}: {_ENDS} is no full hour: {text!r}")
    return int(seconds) // _HOUR_S


def _kilowatts(
    path: Path, line: int, row: Mapping[str, str | None], column: str
) -> float | None:
    text = row.get(column)
    if not text:
        return None
    try:
        megawatts = float(text)
    except ValueError as err:
        raise _unusable(path, f"line {line}: {column} is no number: {text!r}") from err
    if not isfinite(megawatts):
        raise _unusable(path, f"line {line}: {column} is no number: {text!r}")
    return megawatts * 1000


def _unusable(path: Path, problem: str) -> ConfigurationError:
    return ConfigurationError([f"--from {path}: {problem}"])
