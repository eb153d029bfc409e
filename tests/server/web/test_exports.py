"""``/api/export``: formats, columns, zones, names, and readers who come and go."""

import asyncio
import gzip
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientPayloadError, ClientResponse, web

from energy_logger_server.web import make_web_app
from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.prices import FORECASTS
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.export import reply as export_reply
from energy_logger_server.web.export.routes import export_operations
from energy_logger_server.web.http import slow_readers as patience
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.bench.export_rows import READINGS_PER_HOUR, insert_hours
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
)
from tests.server.web.answers import areas, grid, recording, table
from tests.server.web.conftest import KEY, Api
from tests.server.web.csv_answers import Row, csv_export, read_csv
from tests.server.web.shapes import require_shape

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MANY_HOURS = 900
"""Twenty megabytes of readings: more than the sockets between hold."""


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


def exact(text: str) -> Any:
    """JSON whose numbers stay as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


async def store_odd_prices(api: Api) -> None:
    ends = ends_of_day(TODAY, 30)
    await store(
        api,
        prices_read(
            [
                price(ends[0], cents=20),
                price(ends[0], cents=-20.5, channelType="feedIn"),
                price(
                    ends[1],
                    perKwh=Decimal("12.345678901234567890"),
                    channelType='odd, "quoted"\r\n',
                    descriptor="=cmd()",
                    spotPerKwh=None,
                ),
                price(ends[2], cents=0.00001, renewables=102),
            ]
        ),
    )


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

    of_json = exact(texts["json"])
    of_csv = read_csv(texts["csv"])
    assert of_csv == list(map(as_csv, of_json["data"]))
    assert of_json["data"] == [exact(line) for line in texts["ndjson"].splitlines()]
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


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("load/1?columns=load_kw,kvar", 400, "columns"),
        ("load/1?columns=", 400, "columns"),
        ("load/1?tz=Mars/Olympus", 400, "tz"),
        ("load/1?tz=../etc/passwd", 400, "tz"),
        ("load/1?format=xml", 400, "format"),
        ("load/1?compression=zip", 400, "compression"),
        ("load/1?format=xlsx&compression=gzip", 422, "compression"),
        ("load/1?days=0", 400, "days"),
        ("load/1?channel=general", 400, "channel"),
        (f"costs/{SITE_ID}?tz=UTC", 400, "tz"),
        ("load/1?start=2026-02-01&end=2026-01-01", 422, "end"),
        ("forecasts/1?columns=channel_type", 422, "columns"),
        ("forecasts/1?channel=general", 422, "channel"),
        (f"forecasts/{SITE_ID}?columns=series", 422, "columns"),
        ("load/99", 404, "area"),
        ("prices/nowhere", 404, "site"),
        ("forecasts/nowhere", 404, "owner"),
        ("substations/1?substation=Nowhere", 404, "substation"),
    ],
)
async def test_what_cannot_be_exported_is_reported_by_name(
    api: Api, path: str, status: int, parameter: str
):
    await store(api)
    await api.collector.run(areas())

    refused, error = await api.error(f"/api/export/{path}")

    assert (refused, error["parameter"]) == (status, parameter)


@pytest.mark.parametrize("form", ["csv", "json", "ndjson", "xlsx"])
@pytest.mark.parametrize(
    "path",
    ["load/1", "substations/1", "substations/20", "forecasts/1", f"prices/{SITE_ID}"],
)
async def test_an_empty_export_is_an_error_and_no_file(api: Api, path: str, form: str):
    await store(api)
    await api.collector.run(areas())

    packing = "" if form == "xlsx" else "&compression=gzip"
    status, error = await api.error(f"/api/export/{path}?format={form}{packing}")

    assert (status, error["code"]) == (404, "no_data")


async def test_every_export_needs_the_key(api: Api):
    for operation in export_operations():
        path = operation.path.replace("{", "").replace("}", "")

        status, error = await api.error(path, key=None)

        assert (status, error["code"]) == (401, "missing_api_key")


async def test_a_file_is_named_by_kind_subject_and_time(api: Api):
    await api.collector.run(*recording())
    await store(api, day_of_usage(YESTERDAY))

    names = {}
    for path in (
        "load/1",
        "substations/1?format=json",
        f"usage/{SITE_ID}?format=ndjson&compression=gzip",
    ):
        answer = await api.ask(f"/api/export/{path}")
        names[answer.headers["Content-Disposition"]] = answer.headers["Content-Type"]

    assert names == {
        'attachment; filename="load_OZEC_20260104T090900Z.csv"': (
            "text/csv; charset=utf-8"
        ),
        'attachment; filename="substations_OZEC_20260104T090900Z.json"': (
            "application/json"
        ),
        f'attachment; filename="usage_{SITE_ID}_20260104T090900Z.ndjson.gz"': (
            "application/gzip"
        ),
    }


@pytest.mark.parametrize(
    ("subject", "name"),
    [('A"\r\nB', "load_A-B_20260104T090900Z"), ("..", "load_export_20260104T090900Z")],
)
def test_a_file_name_has_safe_characters_only(subject: str, name: str):
    assert export_reply.file_name("load", subject, RECORDED_AT) == name


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
async def test_gzip_packs_the_same_bytes(api: Api, form: str):
    await api.collector.run(*recording())
    path = f"/api/export/substations/1?format={form}"

    plain = await (await api.ask(path)).text()
    async with api.client.get(
        f"{path}&compression=gzip", headers={"X-API-Key": KEY}
    ) as answer:
        packed = await answer.read()

    assert "Content-Encoding" not in answer.headers
    assert gzip.decompress(packed).decode() == plain


async def test_both_hours_of_the_autumn_night_and_the_gap_of_spring_are_kept_apart(
    api: Api,
):
    autumn = datetime(2026, 11, 1, 5, tzinfo=UTC)
    spring = datetime(2026, 3, 8, 7, tzinfo=UTC)
    hours = [night + number * HOUR for night in (spring, autumn) for number in range(4)]
    for night in (spring, autumn):
        loads = {night + number * HOUR: float(number) for number in range(4)}
        await api.collector.run(areas(), grid(1, loads))

    central = await csv_export(api, "load/1")
    utc = await csv_export(api, "load/1?tz=UTC")
    whole_night = await csv_export(api, "load/1?start=2026-11-01&end=2026-11-01")
    in_utc = await csv_export(api, "load/1?start=2026-11-01&end=2026-11-01&tz=Etc/UTC")

    assert [row["timestamp"] for row in central] == [
        "2026-03-08T01:00:00-06:00",
        "2026-03-08T03:00:00-05:00",
        "2026-03-08T04:00:00-05:00",
        "2026-03-08T05:00:00-05:00",
        "2026-11-01T00:00:00-05:00",
        "2026-11-01T01:00:00-05:00",
        "2026-11-01T01:00:00-06:00",
        "2026-11-01T02:00:00-06:00",
    ]
    assert [row["timestamp"] for row in utc] == [at.isoformat() for at in hours]
    assert len(whole_night) == len(in_utc) == 4


async def test_without_tz_the_setting_of_that_name_holds_and_at_once(api: Api):
    noon = datetime(2026, 1, 4, 12, tzinfo=UTC)
    await api.collector.run(areas(), grid(1, {noon: 1.0}))
    sydney_day = "load/1?start=2026-01-04&end=2026-01-04"
    own = await csv_export(api, sydney_day)

    await api.get("/api/settings/TZ", method="PUT", json={"value": "Australia/Sydney"})
    configured = await csv_export(api, sydney_day)
    asked = await csv_export(api, f"{sydney_day}&tz=UTC")
    await api.get("/api/settings/TZ", method="DELETE")
    reset = await csv_export(api, sydney_day)

    assert [row["timestamp"] for row in own] == ["2026-01-04T06:00:00-06:00"]
    assert [row["timestamp"] for row in configured] == ["2026-01-04T23:00:00+11:00"]
    assert [row["timestamp"] for row in asked] == ["2026-01-04T12:00:00+00:00"]
    assert reset == own


async def test_days_of_costs_are_nem_dates_whatever_tz_says(api: Api):
    await store(api, *(day_of_usage(day) for day in (YESTERDAY, TODAY)))
    before = await csv_export(api, f"costs/{SITE_ID}?start=2026-01-03&end=2026-01-03")

    await api.get("/api/settings/TZ", method="PUT", json={"value": "America/Chicago"})
    after = await csv_export(api, f"costs/{SITE_ID}?start=2026-01-03&end=2026-01-03")

    assert {row["date"] for row in before} == {"2026-01-03"}
    assert after == before


async def test_nem_time_has_no_summer_and_sydney_has(api: Api):
    ends = [
        *(datetime(2025, 10, 4, 15, 30, tzinfo=UTC) + n * HOUR for n in range(2)),
        *(datetime(2026, 4, 4, 15, 30, tzinfo=UTC) + n * HOUR for n in range(2)),
    ]
    api.clock.set(datetime(2026, 5, 1, tzinfo=UTC))
    await store(api, prices_read([price(end) for end in ends]))

    nem = await csv_export(api, f"prices/{SITE_ID}")
    sydney = await csv_export(api, f"prices/{SITE_ID}?tz=Australia/Sydney")
    day = await csv_export(
        api, f"prices/{SITE_ID}?tz=Australia/Sydney&start=2026-04-05&end=2026-04-05"
    )

    assert [row["starts_at"] for row in nem] == [
        "2025-10-05T01:00:00+10:00",
        "2025-10-05T02:00:00+10:00",
        "2026-04-05T01:00:00+10:00",
        "2026-04-05T02:00:00+10:00",
    ]
    assert [row["starts_at"] for row in sydney] == [
        "2025-10-05T01:00:00+10:00",
        "2025-10-05T03:00:00+11:00",
        "2026-04-05T02:00:00+11:00",
        "2026-04-05T02:00:00+10:00",
    ]
    assert [row["nem_time"] for row in sydney] == [row["nem_time"] for row in nem]
    assert len(day) == 2


async def test_the_span_of_an_export_can_be_chosen(api: Api):
    hours = {RECORDED_AT.replace(minute=0) - n * HOUR: float(n) for n in range(60)}
    await api.collector.run(areas(), grid(1, hours, at=RECORDED_AT))

    last_day = await csv_export(api, "load/1?days=1&start=1999-01-01")
    until = await csv_export(api, "load/1?end=2026-01-02T00:00:00-06:00")
    of_day = await csv_export(api, "load/1?start=2026-01-03&end=2026-01-03")

    assert [row["load_kw"] for row in last_day] == [
        f"{n}.0" for n in reversed(range(24))
    ]
    assert until[-1]["timestamp"] == "2026-01-02T00:00:00-06:00"
    assert len(of_day) == 24


async def test_one_channel_and_one_substation_can_be_chosen(api: Api):
    await api.collector.run(*recording())
    await store_odd_prices(api)

    battlefield = await csv_export(api, "substations/1?substation=Battlefield")
    feed_in = await csv_export(api, f"prices/{SITE_ID}?channel=feedIn")

    assert [row["kw"] for row in battlefield] == ["5182.0"]
    assert [row["price_cents_per_kwh"] for row in feed_in] == ["-20.5"]


async def test_prices_of_intervals_that_have_not_begun_are_no_prices_yet(api: Api):
    ends = ends_of_day(TODAY, 30)
    api.clock.set(ends[1] + MINUTE)
    await store(api, prices_read([forecast(end, 9.5) for end in ends]))

    begun = await csv_export(api, f"prices/{SITE_ID}")
    asked = await csv_export(api, f"prices/{SITE_ID}?end=2026-01-04")

    assert len(begun) == 3
    assert len(asked) == 48


def fill(tmp_path: Path, hours: int = MANY_HOURS) -> None:
    """Put hours of many readings of an area into the store."""
    insert_hours(tmp_path / "energy.db", hours)


async def start(api: Api, query: str = "") -> ClientResponse:
    """Begin to read a long export, and read its first bytes only."""
    answer = await api.client.get(
        f"/api/export/substations/1{query}", headers={"X-API-Key": KEY}
    )
    await answer.content.readany()
    return answer


async def test_a_reader_who_leaves_ends_the_work(
    api: Api, tmp_path: Path, ended: asyncio.Semaphore
):
    fill(tmp_path)
    answer = await start(api)
    assert api.store.open_streams == 1

    answer.close()
    await ended.acquire()

    assert api.store.open_streams == 0


async def test_a_reader_who_leaves_a_server_that_cancels_nothing_ends_the_work_too(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    caplog: pytest.LogCaptureFixture,
):
    fill(tmp_path)
    runner = web.AppRunner(make_web_app(api.client.app[DEPS]))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/export/substations/1"

    answer = await api.client.session.get(url, headers={"X-API-Key": KEY})
    await answer.content.readany()
    answer.close()
    await ended.acquire()

    await runner.cleanup()
    assert caplog.text == ""


async def test_a_third_export_must_wait_for_one_of_the_two_before_it(
    api: Api, tmp_path: Path, ended: asyncio.Semaphore
):
    fill(tmp_path)
    first, second = await start(api), await start(api, "?format=json")

    refused = await api.ask("/api/export/substations/1")

    assert refused.status == 503
    assert refused.headers["Retry-After"] == "5"
    assert (await refused.json())["error"]["code"] == "exports_busy"
    assert (await api.ask("/api/health")).status == 200
    first.close()
    second.close()
    await ended.acquire()
    assert (await api.ask("/api/export/substations/1?days=1")).status == 404


async def test_two_exports_beside_a_writer_miss_nothing_and_tell_nothing_twice(
    api: Api, tmp_path: Path
):
    hours = 150
    fill(tmp_path, hours)
    exports = [
        asyncio.create_task(
            api.ask("/api/export/substations/1?columns=snapshot_time,substation_name")
        )
        for _number in range(2)
    ]
    written = 0
    while not all(export.done() for export in exports):
        at = RECORDED_AT + written * 5 * MINUTE
        await api.collector.run(table(1, at, {"Substation 1": (1.0, 1.0, 1.0)}))
        written += 1

    for export in exports:
        lines = (await (await export).text()).splitlines()
        assert len(set(lines)) == len(lines)
        assert len(lines) >= 1 + hours * READINGS_PER_HOUR
        assert lines[1:] == sorted(lines[1:], key=lambda line: line[:19])


@pytest.mark.parametrize("query", ["", "?format=json", "?compression=gzip"])
async def test_an_export_that_breaks_off_does_not_look_whole(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    caplog: pytest.LogCaptureFixture,
    query: str,
):
    fill(tmp_path)
    answer = await api.client.get(
        f"/api/export/substations/1{query}", headers={"X-API-Key": KEY}
    )
    head = await answer.content.readany()
    assert head

    with closing(sqlite3.connect(tmp_path / "energy.db")) as connection:
        connection.execute("DROP TABLE substation_reading")
    with pytest.raises(ClientPayloadError):
        await answer.content.read()

    await ended.acquire()
    assert "broke off" in caplog.text
    assert api.store.open_streams == 0


async def test_a_reader_who_takes_nothing_is_given_up(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.05)
    fill(tmp_path)

    answer = await start(api)
    await ended.acquire()

    with pytest.raises(ClientPayloadError):
        await answer.content.read()
