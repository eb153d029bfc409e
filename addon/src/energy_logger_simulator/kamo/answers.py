"""What KAMO answers, as JSON: live or recorded.

Shapes, key order and number formats are those of the recording.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, override

import orjson

from .areas import simulated_areas
from .config import KamoConfig, KamoMode
from .load import CENTRAL, HOUR_S, STEP_S, forecast_load_kw, shown_load_kw
from .recording import recorded_area_list, recorded_grids, recorded_tables
from .substations import substation_figures


class KamoAnswers(Protocol):
    """Bodies (JSON) of KAMO's three endpoints; None where it has no such page."""

    def area_list(self) -> bytes:
        """Answer ``/area``."""
        ...

    def grid(self, area_id: int) -> bytes | None:
        """Answer ``/areagrid/{id}``."""
        ...

    def table(self, area_id: int) -> bytes | None:
        """Answer ``/arealoadtable/{id}``."""
        ...


def kamo_answers(config: KamoConfig, now: Callable[[], datetime]) -> KamoAnswers:
    """Return the answers that a configuration asks for."""
    if config.mode is KamoMode.RECORDED:
        return _RecordedAnswers()
    return _LiveAnswers(config, now)


@lru_cache(maxsize=512)
def hour_label(hour_s: int) -> str:
    """Return an hour (epoch second) as KAMO writes it: ``MM/DD/YYYY H:00``, Central.

    It has no offset, so that the hour repeated in autumn has its label twice, and no
    leading zero on the hour.
    """
    local = datetime.fromtimestamp(hour_s, CENTRAL)
    return f"{local:%m/%d/%Y} {local.hour}:{local:%M}"


class _LiveAnswers(KamoAnswers):
    """Made up for the present; each is made once for a step of three minutes."""

    def __init__(self, config: KamoConfig, now: Callable[[], datetime]) -> None:
        self._config = config
        self._now = now
        self._kept: dict[tuple[str, int], tuple[int, bytes]] = {}

    @override
    def area_list(self) -> bytes:
        return _json(
            [
                {
                    "id": area.id,
                    "name": area.name,
                    "abrev": area.abbreviation,
                    "selected": False,
                }
                for area in simulated_areas().values()
            ]
        )

    @override
    def grid(self, area_id: int) -> bytes | None:
        return self._kept_or_made("grid", area_id, self._grid)

    @override
    def table(self, area_id: int) -> bytes | None:
        return self._kept_or_made("table", area_id, self._table)

    def _kept_or_made(
        self, page: str, area_id: int, make: Callable[[int, int], dict[str, Any]]
    ) -> bytes | None:
        if area_id not in simulated_areas():
            return None
        step = int(self._now().timestamp()) // STEP_S
        made_at, body = self._kept.get((page, area_id), (None, b""))
        if made_at != step:
            body = _json(make(area_id, step * STEP_S))
            self._kept[page, area_id] = (step, body)
        return body

    def _grid(self, area_id: int, now_s: int) -> dict[str, Any]:
        config = self._config
        running_s = now_s // HOUR_S * HOUR_S
        first_s = running_s - (config.look_back_hours - 1) * HOUR_S
        last_s = running_s + config.forecast_hours * HOUR_S
        hours = range(first_s, last_s + 1, HOUR_S)
        actual = [
            self._shown_kw(area_id, hour_s, now_s)
            for hour_s in hours
            if hour_s <= now_s
        ]
        series = [{"data": actual, "label": "Actual"}]
        if config.forecast_hours:
            forecast = [
                forecast_load_kw(config.seed, area_id, hour_s, now_s)
                for hour_s in hours
            ]
            series.append({"data": forecast, "label": config.forecast_label})
        labels = [hour_label(hour_s) for hour_s in hours]
        return {"Id": area_id, "chartLineData": series, "lineChartLabels": labels}

    def _shown_kw(self, area_id: int, hour_s: int, now_s: int) -> float:
        config = self._config
        known = None
        if config.known_load_kw is not None and hour_s + HOUR_S <= now_s:
            known = config.known_load_kw(area_id, hour_s)
        if known is not None:
            return known
        return shown_load_kw(config.seed, area_id, hour_s, now_s)

    def _table(self, area_id: int, now_s: int) -> dict[str, Any]:
        rows = [
            figures.row()
            for figures in substation_figures(self._config.seed, area_id, now_s)
        ]
        return {"Id": area_id, "areaLoadData": rows}


class _RecordedAnswers(KamoAnswers):
    """The recording, whatever the time; areas without one have no page."""

    @override
    def area_list(self) -> bytes:
        return _json(recorded_area_list())

    @override
    def grid(self, area_id: int) -> bytes | None:
        return _json_of(recorded_grids().get(area_id))

    @override
    def table(self, area_id: int) -> bytes | None:
        return _json_of(recorded_tables().get(area_id))


def _json(payload: object) -> bytes:
    return orjson.dumps(payload)


def _json_of(payload: dict[str, Any] | None) -> bytes | None:
    return None if payload is None else _json(payload)
