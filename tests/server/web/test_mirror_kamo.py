"""``/mirror/kamo/api``: what KAMO sent comes out, with as many hours as wanted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.kamo_parse import parse_area_grid
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store.codec.json_text import is_same
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_substation_table,
)
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from tests.server.store.material import area, areas_read, grid_of, table_of
from tests.server.web.answers import recording
from tests.server.web.conftest import Api

HOUR = timedelta(hours=1)
NOW = RECORDED_AT
NOW_HOUR = datetime(2026, 1, 4, 9, tzinfo=UTC)
"""The hour that is running; 03:00 Central."""
AUTUMN = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""06:00 Central; the hour from 01:00 came twice."""
SPRING = datetime(2026, 3, 8, 12, tzinfo=UTC)
"""07:00 Central; the hour from 02:00 was skipped."""

BASE = "/mirror/kamo/api"
GRID = f"{BASE}/areagrid/1"
TABLE = f"{BASE}/arealoadtable/1"


def lines_of(
    hours: list[datetime], actual: list[Any], **forecasts: list[Any]
) -> JsonObject:
    """Return an answer of ``/areagrid/1``."""
    lines: list[JsonValue] = [{"data": actual, "label": "Actual"}]
    lines += [{"data": data, "label": label} for label, data in forecasts.items()]
    labels: list[JsonValue] = [central_label(hour) for hour in hours]
    return {"Id": 1, "chartLineData": lines, "lineChartLabels": labels}


def grid_read(raw: JsonObject, at: datetime = NOW) -> Part:
    return grid_of(raw, 1, at=at)


def hours_to(last: datetime, count: int) -> list[datetime]:
    return [last - HOUR * number for number in reversed(range(count))]


@pytest.fixture
async def kamo(api: Api) -> Api:
    """A server that collects KAMO every five minutes and knows area 1."""
    api.collecting.set_up(Source.KAMO)
    await api.collector.run(areas_read([area(1), area(18)], at=NOW))
    return api


async def test_the_recording_comes_out_as_it_was_recorded(api: Api):
    api.collecting.set_up(Source.KAMO)
    await api.collector.run(*recording())

    assert await api.get(f"{BASE}/area", key=None) == recorded_area_list()
    for area_id, grid in recorded_grids().items():
        assert is_same(await api.get(f"{BASE}/areagrid/{area_id}", key=None), grid)
    for area_id, table in recorded_tables().items():
        back = await api.get(f"{BASE}/arealoadtable/{area_id}", key=None)
        assert is_same(back, table)


@pytest.mark.parametrize("path", [f"{BASE}/area", GRID, TABLE])
async def test_an_answer_tells_when_it_left_kamo(api: Api, path: str):
    api.collecting.set_up(Source.KAMO)
    await api.collector.run(*recording())

    answer = await api.ask(path, key=None)

    assert answer.headers["Last-Modified"] == "Sun, 04 Jan 2026 09:09:00 GMT"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_unknown_fields_and_the_order_of_rows_stay(kamo: Api):
    rows: list[JsonValue] = [
        {"name": "Zeta", "kw": 1, "kvar": 0, "pf": 0, "new": [1.0, None]},
        {"name": "Alpha", "kw": 1.5, "kvar": -0.5, "pf": -1, "quality": None},
    ]
    table: JsonObject = {"note": True, "Id": 1, "areaLoadData": rows}
    await kamo.collector.run(table_of(table, 1, at=NOW))

    assert is_same(await kamo.get(TABLE), table)


async def test_of_two_answers_the_last_one_comes_out_whatever_its_minute(
    kamo: Api,
):
    first: JsonObject = {"name": "Alpha", "kw": 1, "kvar": 0, "pf": 0}
    second: JsonObject = {"name": "Beta", "kw": 2, "kvar": 0, "pf": 0}
    await kamo.collector.run(table_of({"Id": 1, "areaLoadData": [first]}, 1, at=NOW))
    # a clock that was set back
    newer: JsonObject = {"Id": 1, "areaLoadData": [second]}
    await kamo.collector.run(table_of(newer, 1, at=NOW - timedelta(minutes=3)))

    assert await kamo.get(TABLE) == newer


# hours=


async def test_older_hours_are_put_before_the_answer(kamo: Api):
    old_hours, hours = hours_to(NOW_HOUR - 3 * HOUR, 3), hours_to(NOW_HOUR, 2)
    ahead = [*hours, NOW_HOUR + HOUR]
    await kamo.collector.run(
        grid_read(lines_of(old_hours, [1.0, 2, 3.5], Forecast=[1.5, 2.5, None])),
        grid_read(lines_of(ahead, [5.0, 6.0], Forecast=[5, 6.5, 7.5])),
    )

    answer = await kamo.get(f"{GRID}?hours=24")

    # the hour between that nobody has read is there without numbers
    assert is_same(
        answer,
        lines_of(
            [*hours_to(NOW_HOUR, 6), NOW_HOUR + HOUR],
            [1.0, 2, 3.5, None, 5.0, 6.0],
            Forecast=[1.5, 2.5, None, None, 5, 6.5, 7.5],
        ),
    )
    parsed = parse_area_grid(answer, 1)
    assert not parsed.rejected
    assert [point.load_kw for point in parsed.series[0].points] == [1, 2, 3.5, 5, 6]


@pytest.mark.parametrize(
    ("asked", "first"), [(3, 3), (4, 3), (5, 2), (7, 0), (876_000, 0)]
)
async def test_hours_count_back_from_now(kamo: Api, asked: int, first: int):
    hours = hours_to(NOW_HOUR, 7)
    loads = [float(number) for number in range(7)]
    await kamo.collector.run(
        grid_read(lines_of(hours[:4], loads[:4])),
        grid_read(lines_of(hours[3:], loads[3:])),
    )

    answer = await kamo.get(f"{GRID}?hours={asked}")

    assert answer == lines_of(hours[first:], loads[first:])


async def test_an_answer_never_gets_shorter_than_kamos_own(kamo: Api):
    sent = lines_of(hours_to(NOW_HOUR, 12), [1.0] * 12)
    await kamo.collector.run(grid_read(sent))

    assert await kamo.get(f"{GRID}?hours=1") == sent


@pytest.mark.parametrize(
    ("morning", "labels"),
    [
        (AUTUMN, ["0:00", "1:00", "1:00", "2:00", "3:00"]),
        (SPRING, ["0:00", "1:00", "3:00", "4:00", "5:00"]),
    ],
    ids=["the hour that comes twice", "the hour that is skipped"],
)
@pytest.mark.parametrize("split", range(1, 8))
async def test_labels_name_every_hour_of_a_changeover_night_once(
    kamo: Api, morning: datetime, labels: list[str], split: int
):
    hours = hours_to(morning, 8)
    loads = [float(number) for number in range(8)]
    read_at = morning + timedelta(minutes=9)
    kamo.clock.set(read_at)
    await kamo.collector.run(
        grid_read(lines_of(hours[:split], loads[:split]), read_at),
        grid_read(lines_of(hours[split:], loads[split:]), read_at),
    )

    for back in range(1, 10):
        answer = await kamo.get(f"{GRID}?hours={back}")
        points = parse_area_grid(answer, 1).series[0].points
        count = max(back, 8 - split)
        assert [point.hour_at for point in points] == hours[-count:]
        assert [point.load_kw for point in points] == loads[-count:]
    texts = (await kamo.get(f"{GRID}?hours=9"))["lineChartLabels"]
    midnight = next(n for n, text in enumerate(texts) if text.endswith(" 0:00"))
    assert [text.split()[1] for text in texts[midnight : midnight + 5]] == labels


async def test_lines_that_are_no_numbers_stay_as_they_are(kamo: Api):
    await kamo.collector.run(grid_read(lines_of([NOW_HOUR - HOUR], [1.0])))
    odd = lines_of([NOW_HOUR], [2.0])
    lines = odd["chartLineData"]
    assert isinstance(lines, list)
    lines += ["no line", {"label": "Weather", "data": "cloudy"}, {"data": [7]}]
    await kamo.collector.run(grid_read(odd))

    answer = await kamo.get(f"{GRID}?hours=2")

    assert answer["chartLineData"] == [
        {"label": "Actual", "data": [1.0, 2.0]},
        "no line",
        {"label": "Weather", "data": "cloudy"},
        {"data": [None, 7]},
    ]


@pytest.mark.parametrize("labels", [None, [], ["soon"]], ids=["null", "none", "odd"])
async def test_an_answer_without_hours_stays_as_it_is(kamo: Api, labels: Any):
    await kamo.collector.run(grid_read(lines_of([NOW_HOUR - HOUR], [1.0])))
    sent = {**lines_of([], [None]), "lineChartLabels": labels}
    await kamo.collector.run(grid_read(sent))

    assert await kamo.get(f"{GRID}?hours=24") == sent


# Freshness and errors


@pytest.mark.parametrize("path", [GRID, f"{GRID}?hours=48", TABLE])
@pytest.mark.parametrize(("age_s", "status"), [(600, 200), (601, 503)])
async def test_present_values_are_there_until_two_ticks_went_without_them(
    kamo: Api, path: str, age_s: int, status: int
):
    table: JsonObject = {"Id": 1, "areaLoadData": []}
    await kamo.collector.run(
        grid_read(lines_of([NOW_HOUR], [1.0])), table_of(table, 1, at=NOW)
    )
    kamo.clock.advance(age_s)

    answer = await kamo.ask(path)

    assert answer.status == status
    assert ("Retry-After" in answer.headers) is (status == 503)


async def test_the_list_of_areas_does_not_grow_stale(kamo: Api):
    kamo.clock.advance(3 * 86_400)

    assert [one["id"] for one in await kamo.get(f"{BASE}/area")] == [1, 18]


@pytest.mark.parametrize("path", [f"{BASE}/area", GRID, TABLE])
async def test_before_the_first_answer_nothing_is_said_to_be_unknown_or_empty(
    api: Api, path: str
):
    api.collecting.set_up(Source.KAMO)

    status, error = await api.error(path)

    assert (status, error["code"]) == (503, "not_collected")


@pytest.mark.parametrize("path", [GRID, TABLE])
async def test_an_area_that_was_never_read_is_not_collected(kamo: Api, path: str):
    status, error = await kamo.error(path)

    assert (status, error["code"]) == (503, "not_collected")


@pytest.mark.parametrize("page", ["areagrid", "arealoadtable"])
@pytest.mark.parametrize("name", ["99", "nobody"])
async def test_an_unknown_area_is_404_by_name(kamo: Api, page: str, name: str):
    status, error = await kamo.error(f"{BASE}/{page}/{name}")

    assert (status, error["code"]) == (404, "unknown_area")
    assert name in error["message"]


async def test_an_aggregate_has_no_substations(kamo: Api):
    status, error = await kamo.error(f"{BASE}/arealoadtable/18")

    assert (status, error["code"]) == (404, "no_data")


@pytest.mark.parametrize("hours", ["0", "many", "876001"])
async def test_hours_that_cannot_be_meant_are_refused(kamo: Api, hours: str):
    status, error = await kamo.error(f"{GRID}?hours={hours}")

    assert (status, error["parameter"]) == (400, "hours")


async def test_an_area_that_was_never_read_has_no_answer_to_give_back(kamo: Api):
    assert await kamo.store.read(original_area_grid, 1) is None
    assert await kamo.store.read(original_substation_table, 1) is None


async def choose_areas(kamo: Api, choice: str) -> None:
    """Save the setting that says whose substations are collected."""
    await kamo.get(
        "/api/settings/KAMO_SUBSTATION_AREAS", method="PUT", json={"value": choice}
    )


@pytest.mark.parametrize("was_collected", [False, True])
async def test_substations_that_are_not_collected_are_reported_with_the_reason(
    kamo: Api, was_collected: bool
):
    if was_collected:
        await kamo.collector.run(*recording())
    await choose_areas(kamo, "2,CEC")

    status, error = await kamo.error(TABLE, key=None)

    assert (status, error["code"]) == (404, "no_data")
    assert "not collected" in error["message"]
    assert "KAMO_SUBSTATION_AREAS is 2,cec" in error["message"]


async def test_substations_that_are_collected_are_only_waited_for(kamo: Api):
    await choose_areas(kamo, "1")

    answer = await kamo.ask(TABLE, key=None)

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) == 300


@pytest.mark.parametrize("listed", [[area(1)], []], ids=["one", "none"])
async def test_areas_that_one_list_lacked_are_still_reported(
    kamo: Api, listed: list[JsonObject]
):
    before = await kamo.get(f"{BASE}/area", key=None)

    await kamo.collector.run(areas_read(listed, at=NOW))

    assert await kamo.get(f"{BASE}/area", key=None) == before
    assert len(before) == 2
