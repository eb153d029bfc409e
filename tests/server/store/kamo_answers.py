"""Answers of KAMO as it sends them, and storing them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from energy_logger_server.api.central import central_label
from tests.server.store.material import (
    area,
    areas_read,
    grid_of,
    table_of,
    write,
)

AUTUMN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
"""Midnight Central of the day with 25 hours."""
SPRING = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
"""Midnight Central of the day with 23 hours."""
HOUR = timedelta(hours=1)


def grid(start, loads, *, forecast=(), area_id=1):
    labels = [
        central_label(start + HOUR * number)
        for number in range(max(len(loads), len(forecast)))
    ]
    lines = [{"data": list(loads), "label": "Actual"}]
    if forecast:
        lines.append({"data": list(forecast), "label": "Forecast"})
    return {"Id": area_id, "chartLineData": lines, "lineChartLabels": labels}


def station(name, kw=100.0, kvar=-10.0, pf=-0.99):
    return {
        "name": name,
        "kw": kw,
        "kvar": kvar,
        "pf": pf,
        "quality": False,
        "qualityNow": False,
    }


def table(*stations: dict[str, object]) -> Any:
    return {"Id": 1, "areaLoadData": [*stations]}


async def fill_grid(store, raw, at, area_id=1):
    return await write(
        store, areas_read([area(area_id)]), grid_of(raw, area_id, at=at), at=at
    )


async def fill_table(store, raw, at, *, interval_minutes=5):
    read = table_of(raw, 1, at=at, interval_minutes=interval_minutes)
    return await write(store, areas_read([area(1)]), read, at=at)
