"""``/api/export``: what it holds, in every format."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.prices import FORECASTS
from energy_logger_server.web.export.routes import export_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    grid_of,
    price,
    prices_read,
)
from tests.server.web.amber_answers import (
    day_of_usage,
    forecast,
    store,
    store_odd_prices,
)
from tests.server.web.answers import areas, as_written, grid, recording
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import Row, csv_export, read_csv
from tests.server.web.shapes import require_shape

HOUR = timedelta(hours=1)


async def json_export(api: Api, path: str) -> Any:
    return await api.get(f"/api/export/{path}")


def as_csv(row: dict[str, Any]) -> Row:
    """A row of JSON, its numbers as they are written, as CSV would have it."""
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def test_the_predecessors_columns_come_first(api: Api):
    await api.collector.run(*recording())

    loads = await api.ask("/api/export/load/OZEC")
    readings = await api.ask("/api/export/substations/1")

    assert (await loads.text()).startswith("timestamp,load_kw,is_settled\r\n2026-01-03")
    assert (await readings.text()).startswith(
        "snapshot_time,substation_name,kw,kvar,pf,quality,quality_now\r\n"
        "2026-01-04T03:09:00-06:00,Ash Grove,4031.0,-200.0,-1.0,false,false\r\n"
    )


async def test_an_export_holds_what_the_history_tells(api: Api):
    await api.collector.run(*recording())
    history = await api.get("/api/load/history/1?limit=10000")
    snapshots = await api.get("/api/substations/current/1")

    loads = await json_export(api, "load/1?format=json")
    readings = await json_export(api, "substations/1?format=json")

    assert loads["data"] == history["data"]
    assert loads["record_count"] == history["count"]
    assert list(loads) == [
        "area_id",
        "area_name",
        "exported_at",
        "data",
        "record_count",
    ]
    assert loads["exported_at"] == "2026-01-04T09:09:00+00:00"
    assert readings["data"] == [
        {"snapshot_time": snapshots["snapshot_time"], **row}
        for row in snapshots["substations"]
    ]


async def test_exports_of_amber_hold_what_the_histories_tell(api: Api):
    ends = ends_of_day(TODAY, 30)
    await store_odd_prices(api)
    await store(
        api,
        day_of_usage(YESTERDAY),
        prices_read([forecast(end, 30.25) for end in ends[3:6]]),
    )
    for kind in ("prices", "usage"):
        answer = await api.ask(f"/api/{kind}/history/{SITE_ID}?format=csv&limit=10000")
        exported = await csv_export(api, f"{kind}/{SITE_ID}")

        assert list(map(values_of, exported)) == list(
            map(values_of, read_csv(await answer.text()))
        )
        assert exported


def values_of(row: Row) -> dict[str, Any]:
    """Cells whose numbers count by value: exports have digits that floats lose."""
    return {name: _value(cell) for name, cell in row.items()}


def _value(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize(
    "path",
    [
        "load/1?",
        "substations/1?",
        f"prices/{SITE_ID}?",
        f"usage/{SITE_ID}?",
        f"costs/{SITE_ID}?",
        f"forecasts/{SITE_ID}?",
        f"forecasts/{SITE_ID}?archive=true&",
        "forecasts/1?archive=true&",
    ],
)
async def test_all_formats_hold_the_same(api: Api, path: str):
    await api.collector.run(*recording())
    await store_odd_prices(api)
    ends = ends_of_day(TODAY, 30)
    await store(
        api,
        day_of_usage(YESTERDAY),
        prices_read([forecast(end, 30.25) for end in ends[-3:]]),
    )
    await api.collector.run(
        expected_loads({datetime(2026, 1, 5, tzinfo=UTC): 99.125}, RECORDED_AT)
    )

    texts = {
        form: await (await api.ask(f"/api/export/{path}raw=true&format={form}")).text()
        for form in ("csv", "json", "ndjson")
    }

    of_json = as_written(texts["json"])
    of_csv = read_csv(texts["csv"])
    assert of_csv == list(map(as_csv, of_json["data"]))
    assert of_json["data"] == [
        as_written(line) for line in texts["ndjson"].splitlines()
    ]
    assert of_json["record_count"] == str(len(of_csv))
    assert of_csv
    assert texts["csv"].endswith("\r\n")
    assert texts["ndjson"].endswith("}\n")
    checked(path, json.loads(texts["json"]))


def checked(path: str, answer: Any) -> None:
    """Raise if an answer has not the shape that is told of it."""
    [shape] = [
        operation.answer.schema
        for operation in export_operations()
        if operation.path.split("/")[3] == path.split("/", maxsplit=1)[0]
    ]
    require_shape(answer, shape)


def expected_loads(loads: dict[datetime, float], at: datetime) -> Any:
    """KAMO's answer with a forecast and nothing measured."""
    raw = grid(1, loads, at=at).grid.raw
    line: Any = {"label": "Day ahead", "data": [*loads.values()]}
    return grid_of({**raw, "chartLineData": [line]}, 1, at=at)


async def test_texts_and_digits_come_out_as_they_came_in(api: Api):
    await store_odd_prices(api)

    rows = await csv_export(api, f"prices/{SITE_ID}")

    assert [row["price_cents_per_kwh"] for row in rows] == [
        "20",
        "-20.5",
        "12.345678901234567890",
        "0.00001",
    ]
    assert [row["price_aud_per_kwh"] for row in rows] == [
        "0.2",
        "0.205",
        "0.1234568",
        "0.0000001",
    ]
    assert rows[2]["channel_type"] == 'odd, "quoted"\r\n'
    # a spreadsheet might run it; a program asks for what was sent
    assert rows[2]["descriptor"] == "'=cmd()"
    raw = await csv_export(api, f"prices/{SITE_ID}?raw=true")
    assert raw[2]["descriptor"] == "=cmd()"
    assert rows[2]["spot_cents_per_kwh"] == ""
    assert rows[3]["renewables_percent"] == "102"
    assert rows[0]["starts_at"] == "2026-01-04T00:00:00+10:00"
    assert rows[0]["nem_time"] == rows[0]["ends_at"] == "2026-01-04T00:30:00+10:00"


async def test_forecasts_are_for_sites_and_for_areas(api: Api):
    ends = ends_of_day(TODAY, 30)
    api.clock.set(ends[1])
    await store(api, prices_read([forecast(end, 9.5) for end in ends[:4]]))
    hours = [
        api.clock.now().replace(minute=0) + number * HOUR for number in range(-1, 2)
    ]
    await api.collector.run(
        areas(), expected_loads(dict.fromkeys(hours, 5.5), api.clock.now())
    )

    prices = await csv_export(api, f"forecasts/{SITE_ID}")
    loads = await csv_export(api, "forecasts/ozec")
    past = await csv_export(api, "forecasts/1?start=2026-01-01")

    assert [row["ends_at"][11:16] for row in prices] == ["01:30", "02:00"]
    assert prices[0]["fetched_at"] == "2026-01-04T12:00:00+10:00"
    assert list(prices[0]) == [*names_of(FORECASTS)]
    assert [row["load_kw"] for row in loads] == ["5.5", "5.5"]
    assert loads[0]["series"] == "Day ahead"
    assert len(past) == 3


async def test_costs_are_days_and_days_go_back_from_yesterday(api: Api):
    api.clock.set(datetime(2026, 1, 4, 2, tzinfo=UTC))
    days = [YESTERDAY - timedelta(days=number) for number in range(3)]
    await store(api, *(day_of_usage(day) for day in days))

    rows = await csv_export(api, f"costs/{SITE_ID}?channel=B1")
    last = await csv_export(api, f"costs/{SITE_ID}?days=1")
    between = await csv_export(api, f"costs/{SITE_ID}?start=2026-01-02&end=2026-01-02")

    assert [row["date"] for row in rows] == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert rows[0] == {
        "date": "2026-01-01",
        "channel_identifier": "B1",
        "channel_type": "feedIn",
        "energy_kwh": "96",
        "cost_cents": "-240.0048",
        "cost_aud": "2.400048",
        "minutes": "1440",
        "estimated_minutes": "0",
        "unpriced_minutes": "0",
    }
    assert {row["date"] for row in last} == {"2026-01-03"}
    assert {row["date"] for row in between} == {"2026-01-02"}


async def test_columns_come_in_the_order_asked_for_and_each_once(api: Api):
    await api.collector.run(*recording())

    answer = await api.ask("/api/export/load/1?columns=load_kw,timestamp,load_kw")
    alone = await csv_export(api, "substations/1?columns=substation_name")
    objects = await json_export(api, "load/1?format=json&columns=is_settled")

    assert (await answer.text()).startswith(
        "load_kw,timestamp\r\n76864.0,2026-01-03T16"
    )
    assert alone[0] == {"substation_name": "Ash Grove"}
    assert objects["data"][-1] == {"is_settled": False}


async def test_a_record_of_one_empty_cell_is_a_record(api: Api):
    await store(api, prices_read([price(ends_of_day(TODAY, 30)[0])]))

    answer = await api.ask(f"/api/export/prices/{SITE_ID}?columns=estimate")

    assert await answer.text() == 'estimate\r\n""\r\n'
