"""``/api/peaks/watch``, and what streams say of the peak watch."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.events import PeakNotice
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.watch import (
    AnnouncedHour,
    NoticeKind,
    WatchState,
)
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.routes.peak_watch import peak_watch_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.answers import HOUR, areas, grid, hourly_loads
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

PATH = "/api/peaks/watch"
[OPERATION] = peak_watch_operations()
SEVEN = int(datetime(2026, 1, 4, 13, tzinfo=UTC).timestamp()) // 3600
"""07:00 CST."""
JANUARY = day_number(RECORDED_AT.date().replace(day=1))


async def watch(api: Api, *announced: AnnouncedHour, is_shown: bool = True) -> Any:
    """Store a watch of KAMO; return what is answered of it."""
    saved = SavedWatch(WatchState(SEVEN + 1, announced), is_shown, is_shown)
    await api.collector.run(
        areas(), grid(20, hourly_loads(900, 950, first=RECORDED_AT - 5 * HOUR))
    )
    await api.store.save_peak_watch(20, saved)
    await set_area(api, "KAMO")
    answer = await api.get(PATH)
    require_shape(answer, OPERATION.answer.schema)
    return answer


async def set_area(api: Api, name: str) -> None:
    """Have an area watched."""
    path = "/api/settings/PEAK_WATCH_AREA"
    await api.get(path, method="PUT", json={"value": name})


async def test_the_watch_tells_its_hours_and_what_is_left(api: Api):
    answer = await watch(
        api,
        AnnouncedHour(SEVEN - 800, JANUARY - 31, SEVEN - 802, 0.4),
        AnnouncedHour(SEVEN - 1, JANUARY, SEVEN - 3, None, withdrawn_at=SEVEN - 2),
        AnnouncedHour(SEVEN, JANUARY, SEVEN - 2, 0.2346),
    )

    assert (answer["area_name"], answer["lead_hours"]) == ("KAMO", 2)
    assert (answer["budget_hours"], answer["hours_left"]) == (20, 18)
    assert answer["looked_to"] == "2026-01-04T08:00:00-06:00"
    assert answer["peak_kw"] == 950.0
    withdrawn, stands = answer["announced"]
    assert withdrawn["withdrawn_at"] == "2026-01-04T05:00:00-06:00"
    assert (withdrawn["likelihood"], withdrawn["probability_percent"]) == (
        "possible",
        None,
    )
    assert stands == {
        "starts_at": "2026-01-04T07:00:00-06:00",
        "ends_at": "2026-01-04T08:00:00-06:00",
        "announced_at": "2026-01-04T05:00:00-06:00",
        "withdrawn_at": None,
        "likelihood": "likely",
        "probability_percent": 23.5,
    }


async def test_a_probability_that_is_not_honest_is_a_word_only(api: Api):
    answer = await watch(
        api, AnnouncedHour(SEVEN, JANUARY, SEVEN - 2, 0.2346), is_shown=False
    )

    [only] = answer["announced"]
    assert (only["likelihood"], only["probability_percent"]) == ("likely", None)


async def test_without_an_area_there_is_no_watch(api: Api):
    status, error = await api.error(PATH)
    await set_area(api, "nowhere")
    _status, unknown = await api.error(PATH)

    assert status == 404
    assert status in OPERATION.all_errors
    assert "PEAK_WATCH_AREA is not set" in error["message"]
    assert "PEAK_WATCH_AREA names no area of KAMO: nowhere" in unknown["message"]


async def test_a_watch_that_has_not_looked_yet_is_empty(api: Api):
    await api.collector.run(areas())
    await set_area(api, "OZEC")

    answer = await api.get(PATH)

    require_shape(answer, OPERATION.answer.schema)
    assert (answer["looked_to"], answer["peak_kw"], answer["peak_at"]) == (None,) * 3
    assert answer["announced"] == []


@pytest.mark.parametrize(("notice", "percent"), [(0.0456, 4.6), (None, None)])
def test_a_stream_tells_the_hour_with_its_probability(notice, percent):
    event = PeakNotice(
        20,
        "KAMO",
        NoticeKind.ANNOUNCED,
        SEVEN * 3600,
        notice,
        is_probability_shown=True,
    )

    assert event_fields(event) == {
        "area_id": 20,
        "area_name": "KAMO",
        "notice": "announced",
        "starts_at": "2026-01-04T07:00:00-06:00",
        "ends_at": "2026-01-04T08:00:00-06:00",
        "likelihood": "possible",
        "probability_percent": percent,
    }
    all_clear = event_fields(replace(event, notice=NoticeKind.ALL_CLEAR))
    assert all_clear["likelihood"] is None
    hidden = event_fields(replace(event, is_probability_shown=False))
    assert hidden["probability_percent"] is None
