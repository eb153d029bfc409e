"""``/api/load/months`` and ``/api/load/headroom``: months of KAMO's areas."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.web.routes.load_months import load_month_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.answers import areas, grid, hourly_loads
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

MONTHS = "/api/load/months/OZEC"
HEADROOM = "/api/load/headroom/OZEC"
SHAPES = {one.path: one.answer.schema for one in load_month_operations()}
FIRST = datetime(2025, 11, 1, 5, tzinfo=UTC)
"""00:00 Central on the first of a month with the autumn night."""
NOVEMBER_HOURS = 30 * 24 + 1


async def months(api: Api, query: str = "") -> list[Any]:
    """Return the months of an area, whose shape has been looked at."""
    answer = await api.get(f"{MONTHS}{query}", key=None)
    require_shape(answer, SHAPES["/api/load/months/{area}"])
    found: list[Any] = answer["data"]
    return found


async def store_november(
    api: Api, area_id: int, peak_at: datetime, peak: float
) -> None:
    """Store a month of 100 kW but for its peak, and an hour of the next one."""
    loads = hourly_loads(*[100.0] * (NOVEMBER_HOURS + 1), first=FIRST)
    loads[peak_at] = peak
    await api.collector.run(areas(), grid(area_id, loads))


async def test_a_month_has_its_peak_and_its_share_in_the_systems(api: Api):
    own, system = FIRST + timedelta(days=3), FIRST + timedelta(days=5)
    await store_november(api, 1, own, 400.0)
    await store_november(api, 20, system, 9000.0)

    december, november = await months(api)

    assert november == {
        "month": "2025-11",
        "peak_kw": 400.0,
        "peak_at": "2025-11-03T23:00:00-06:00",
        "mean_kw": 100.42,
        "load_factor": 0.251,
        "system_peak_at": "2025-11-05T23:00:00-06:00",
        "coincident_kw": 100.0,
        "hours": NOVEMBER_HOURS,
        "is_complete": True,
    }
    assert (december["month"], december["hours"]) == ("2025-12", 1)
    assert not december["is_complete"]


async def test_a_month_that_lacks_an_hour_is_not_complete(api: Api):
    loads = hourly_loads(*[100.0] * (NOVEMBER_HOURS - 1), first=FIRST)
    await api.collector.run(areas(), grid(1, loads))

    [november] = await months(api)

    assert not november["is_complete"]


async def test_a_systems_peak_that_is_not_known_is_null(api: Api):
    await store_november(api, 1, FIRST, 400.0)

    november = (await months(api))[1]

    assert (november["system_peak_at"], november["coincident_kw"]) == (None, None)


async def test_an_hour_of_the_area_that_is_not_known_is_null(api: Api):
    peak_at = FIRST + timedelta(days=5)
    loads = hourly_loads(*[100.0] * 24, first=FIRST)
    await api.collector.run(areas(), grid(1, loads))
    await store_november(api, 20, peak_at, 9000.0)

    [november] = await months(api)

    assert november["system_peak_at"] == "2025-11-05T23:00:00-06:00"
    assert november["coincident_kw"] is None


@pytest.mark.parametrize(("query", "count"), [("?months=1", 0), ("?months=3", 2)])
async def test_months_go_back_from_the_present_one(api: Api, query: str, count: int):
    await store_november(api, 1, FIRST, 400.0)

    assert len(await months(api, query)) == count


async def test_the_newest_load_stands_beside_the_months_peak(api: Api):
    first = RECORDED_AT.replace(minute=0) - timedelta(hours=3)
    await api.collector.run(areas(), grid(1, hourly_loads(40, 80, 60, first=first)))

    answer = await api.get(HEADROOM, key=None)

    require_shape(answer, SHAPES["/api/load/headroom/{area}"])
    assert answer == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "load_kw": 60.0,
        "timestamp": "2026-01-04T02:00:00-06:00",
        "month": "2026-01",
        "peak_kw": 80.0,
        "peak_at": "2026-01-04T01:00:00-06:00",
        "headroom_kw": 20.0,
        "load_share_of_peak": 0.75,
    }


async def test_a_month_begins_at_midnight_in_central_time(api: Api):
    midnight = datetime(2026, 1, 1, 6, tzinfo=UTC)
    loads = hourly_loads(90, 50, first=midnight - timedelta(hours=1))
    await api.collector.run(areas(), grid(1, loads))

    answer = await api.get(HEADROOM, key=None)

    assert (answer["month"], answer["peak_kw"]) == ("2026-01", 50.0)


async def test_without_any_load_there_is_nothing_to_show(api: Api):
    await api.collector.run(areas())

    assert await months(api) == []
    status, error = await api.error(HEADROOM)
    assert (status, error["code"]) == (404, "no_data")
