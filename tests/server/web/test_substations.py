"""``/api/substations``: current snapshot, history, names, figures."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_simulator.kamo.recording import RECORDED_AT, recorded_tables
from tests.server.web.answers import areas, recording, table
from tests.server.web.conftest import Api

MINUTE = timedelta(minutes=1)
PLAIN = (100.0, -20.0, -0.98)


async def store_fetches(api: Api, first: datetime, count: int, minutes: int) -> None:
    """Store fetches of area 1 whose loads count up from 0."""
    await api.collector.run(areas())
    for number in range(count):
        rows = {"North": (number, 0.0, 1.0), "South": (0.0, 0.0, 0.0)}
        at = first + number * minutes * MINUTE
        await api.collector.run(table(1, at, rows))


async def test_the_current_snapshot_is_the_recorded_one(api: Api):
    await api.collector.run(*recording())

    answer = await api.get("/api/substations/current/1")

    rows = {row["substation_name"]: row for row in answer["substations"]}
    assert answer["snapshot_time"] == "2026-01-04T03:09:00-06:00"
    assert len(rows) == 28
    assert rows["Battlefield"] == {
        "substation_name": "Battlefield",
        "kw": 5182.0,
        "kvar": -3025.0,
        "pf": -0.86,
        "quality": False,
        "quality_now": False,
    }


async def test_every_recorded_reading_comes_back_as_recorded(api: Api):
    await api.collector.run(*recording())

    served = {
        area_id: (await api.get(f"/api/substations/current/{area_id}"))["substations"]
        for area_id in recorded_tables()
    }

    assert sum(map(len, served.values())) == 164
    for area_id, body in recorded_tables().items():
        recorded = {
            row["name"]: (row["kw"], row["kvar"], row["pf"], row["quality"])
            for row in body["areaLoadData"]
        }
        assert recorded == {
            row["substation_name"]: (row["kw"], row["kvar"], row["pf"], row["quality"])
            for row in served[area_id]
        }


@pytest.mark.parametrize(
    ("area_id", "factor"), [(1, 0.98), (2, 0.999), (5, 0.998)], ids=str
)
async def test_the_power_factor_of_an_area_is_no_average_of_signed_ones(
    api: Api, area_id: int, factor: float
):
    await api.collector.run(*recording())

    answer = await api.get(f"/api/substations/current/{area_id}")

    assert answer["total"]["pf"] == pytest.approx(factor, abs=0.001)


async def test_the_current_snapshot_is_the_latest_fetch_of_that_area(api: Api):
    await store_fetches(api, RECORDED_AT, 2, 5)
    await api.collector.run(
        table(2, RECORDED_AT + 60 * MINUTE, {"Elsewhere": PLAIN}),
        table(1, RECORDED_AT + 10 * MINUTE, {"South": PLAIN}),
    )

    answer = await api.get("/api/substations/current/ozec")

    assert answer["snapshot_time"] == "2026-01-04T03:19:00-06:00"
    assert [row["substation_name"] for row in answer["substations"]] == ["South"]


async def test_a_reading_with_more_digits_than_columns_hold_is_served_whole(api: Api):
    precise = {"North": (100.123, -20.456, -0.98123)}
    await api.collector.run(areas(), table(1, RECORDED_AT, precise))

    answer = await api.get("/api/substations/current/1")

    [row] = answer["substations"]
    assert (row["kw"], row["kvar"], row["pf"]) == precise["North"]


@pytest.mark.parametrize(
    ("area", "sentence"),
    [
        ("1", "no substations of Ozark Electric Cooperative have been collected yet"),
        ("20", "KAMO is a sum of areas and has no substations of its own"),
    ],
)
async def test_an_area_without_substations_says_why(api: Api, area: str, sentence: str):
    await api.collector.run(areas())

    status, error = await api.error(f"/api/substations/current/{area}")

    assert (status, error["code"], error["message"]) == (404, "no_data", sentence)
    assert (await api.get(f"/api/substations/list/{area}"))["substations"] == []
    assert (await api.get(f"/api/substations/history/{area}"))["snapshots"] == []


async def test_a_snapshot_of_a_history_has_each_name_under_both_keys(api: Api):
    await api.collector.run(areas(), table(1, RECORDED_AT, {"North": PLAIN}))

    assert await api.get("/api/substations/history/1") == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "snapshots": [
            {
                "snapshot_time": "2026-01-04T03:09:00-06:00",
                "substations": [
                    {
                        "name": "North",
                        "substation_name": "North",
                        "kw": 100.0,
                        "kvar": -20.0,
                        "pf": -0.98,
                        "quality": False,
                        "quality_now": True,
                    }
                ],
            }
        ],
        "count": 1,
        "truncated": False,
    }


async def test_a_cut_history_holds_the_newest_snapshots_and_leads_on(api: Api):
    await store_fetches(api, RECORDED_AT, 5, 30)

    pages = await api.pages("/api/substations/history/1?limit=2")

    assert [
        [shot["substations"][0]["kw"] for shot in page["snapshots"]] for page in pages
    ] == [[4.0, 3.0], [2.0, 1.0], [0.0]]
    assert [page["truncated"] for page in pages] == [True, True, False]


async def test_a_history_can_be_of_one_substation_and_stays_so_on_its_pages(api: Api):
    await store_fetches(api, RECORDED_AT, 3, 5)

    pages = await api.pages("/api/substations/history/1?limit=2&substation=North")

    assert [
        [row["name"] for shot in page["snapshots"] for row in shot["substations"]]
        for page in pages
    ] == [["North", "North"], ["North"]]


async def test_a_history_keeps_to_its_span_and_its_area(api: Api):
    await store_fetches(api, RECORDED_AT, 20, 5)
    await api.collector.run(table(2, RECORDED_AT + 5 * MINUTE, {"North": PLAIN}))

    answer = await api.get(
        "/api/substations/history/1?start=2026-01-04T03:14&end=2026-01-04T09:24Z"
    )

    assert [shot["snapshot_time"][11:16] for shot in answer["snapshots"]] == [
        "03:24",
        "03:19",
        "03:14",
    ]


async def test_the_minutes_of_the_repeated_autumn_hour_are_all_there(api: Api):
    await store_fetches(api, datetime(2026, 11, 1, 6, 5, tzinfo=UTC), 5, 30)

    answer = await api.get("/api/substations/history/1?start=2026-11-01")

    assert [shot["snapshot_time"][11:] for shot in answer["snapshots"]] == [
        "02:05:00-06:00",
        "01:35:00-06:00",
        "01:05:00-06:00",
        "01:35:00-05:00",
        "01:05:00-05:00",
    ]


async def test_a_history_without_further_fetches_ends_quietly(api: Api):
    await store_fetches(api, RECORDED_AT, 1, 5)

    answer = await api.get("/api/substations/history/1?start=2030-01-01")

    assert (answer["count"], answer["truncated"]) == (0, False)


async def test_the_list_names_every_substation_that_ever_was(api: Api):
    await store_fetches(api, RECORDED_AT, 1, 5)
    await api.collector.run(table(1, RECORDED_AT + MINUTE, {"East & <West>": PLAIN}))

    assert await api.get("/api/substations/list/1") == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "substations": ["East & <West>", "North", "South"],
        "count": 3,
    }


@pytest.mark.parametrize(
    ("hours", "count", "low"),
    [(1, 7, 302), (2, 13, 296), (24, 145, 164), (48, 289, 20), (100, 309, 0)],
)
async def test_figures_cover_days_hours_and_minutes(
    api: Api, hours: int, count: int, low: int
):
    # one reading every ten minutes, the newest at 03:09, which is now
    first = RECORDED_AT - 308 * 10 * MINUTE
    rows = [
        table(1, first + number * 10 * MINUTE, {"North": (number, -number, -0.7)})
        for number in range(309)
    ]
    await api.collector.run(areas(), *rows)

    assert await api.get(f"/api/substations/stats/1/North?hours={hours}") == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "substation_name": "North",
        "period_hours": hours,
        "snapshot_count": count,
        "min_kw": float(low),
        "max_kw": 308.0,
        "avg_kw": (low + 308) / 2,
        "avg_pf": 0.7071,
    }


async def test_figures_hold_the_last_hour_of_a_server_that_was_off_for_days(api: Api):
    await store_fetches(api, RECORDED_AT, 30, 10)
    api.clock.advance(4 * 86_400)

    stats = await api.get("/api/substations/stats/1/North?hours=200")

    assert (stats["snapshot_count"], stats["min_kw"], stats["max_kw"]) == (30, 0, 29)
    assert (await api.get("/api/status"))["database_stats"][
        "total_substation_records"
    ] == 60


async def test_signed_power_factors_are_never_averaged(api: Api):
    leading = {"North": (100.0, -10.0, -0.995)}
    lagging = {"North": (100.0, 10.0, 0.995)}
    await api.collector.run(
        areas(), table(1, RECORDED_AT, leading), table(1, RECORDED_AT - MINUTE, lagging)
    )

    stats = await api.get("/api/substations/stats/1/North")

    assert stats["avg_pf"] == 1.0


async def test_a_substation_without_power_has_no_power_factor_but_zero_load(api: Api):
    await store_fetches(api, RECORDED_AT, 1, 5)

    stats = await api.get("/api/substations/stats/1/South")

    assert (stats["min_kw"], stats["avg_kw"], stats["avg_pf"]) == (0.0, 0.0, None)


@pytest.mark.parametrize(
    "path",
    [
        "/api/substations/stats/1/Nowhere",
        "/api/substations/stats/2/North",
        "/api/substations/history/1?substation=Nowhere",
    ],
)
async def test_an_unknown_substation_is_named_as_unknown(api: Api, path: str):
    await store_fetches(api, RECORDED_AT, 1, 5)

    status, error = await api.error(path)

    assert (status, error["code"]) == (404, "unknown_substation")
    assert error["parameter"] == "substation"


async def test_a_substation_that_was_not_read_lately_says_so(api: Api):
    await store_fetches(api, RECORDED_AT - timedelta(hours=30), 1, 5)

    status, error = await api.error("/api/substations/stats/1/North")

    assert (status, error["code"]) == (404, "no_data")
    assert error["message"] == "North was not read in the last 24 hours"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("limit=3001", "limit"), ("hours=-5", "hours"), ("substation=", "substation")],
)
async def test_an_unusable_parameter_is_named(api: Api, query: str, parameter: str):
    status, error = await api.error(f"/api/substations/history/1?{query}")

    assert (status, error["parameter"]) == (400, parameter)


async def test_a_name_with_a_slash_can_stand_in_a_path(api: Api):
    await api.collector.run(areas(), table(1, RECORDED_AT, {"A/B 69 kV": PLAIN}))

    stats = await api.get("/api/substations/stats/1/A%2FB%2069%20kV")

    assert stats["substation_name"] == "A/B 69 kV"


async def test_a_history_as_csv_holds_the_lines_of_the_export(api: Api):
    await api.collector.run(*recording())
    later = RECORDED_AT + timedelta(minutes=5)
    await api.collector.run(table(1, later, {'A, "b"': (0.0, -2.5, 0.5)}))

    history = await api.ask("/api/substations/history/1?format=csv")
    export = await api.ask("/api/export/substations/1")

    head, *lines = (await history.text()).split("\r\n")
    assert lines[0] == '2026-01-04T03:14:00-06:00,"A, ""b""",0.0,-2.5,0.5,false,true'
    export_head, *export_lines = (await export.text()).split("\r\n")
    assert head == export_head
    assert sorted(lines) == sorted(export_lines)


async def test_current_readings_and_names_can_be_had_as_tables(api: Api):
    await api.collector.run(areas(), table(1, RECORDED_AT, {"North": (1.0, 2.0, 0.5)}))

    current = await api.ask("/api/substations/current/1?format=ndjson")
    listed = await api.ask("/api/substations/list/1?format=csv")

    assert await current.text() == (
        '{"snapshot_time":"2026-01-04T03:09:00-06:00","substation_name":"North",'
        '"kw":1.0,"kvar":2.0,"pf":0.5,"quality":false,"quality_now":true}\n'
    )
    assert await listed.text() == (
        "area_id,area_name,substation_name\r\n1,Ozark Electric Cooperative,North\r\n"
    )
