"""``format=xlsx``: real dates, units, sheets that Excel can hold, nothing left over."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Timer
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.store.kamo.export_load import LoadRows
from energy_logger_server.web import make_web_app
from energy_logger_server.web.datasets.columns import Column, Form
from energy_logger_server.web.datasets.costs import COSTS
from energy_logger_server.web.datasets.load import LOAD, LOAD_FORECASTS
from energy_logger_server.web.datasets.prices import FORECASTS
from energy_logger_server.web.datasets.substations import SUBSTATIONS
from energy_logger_server.web.datasets.usage import USAGE
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.export import routes as exports
from energy_logger_server.web.export.workbook import header, workbook_chunks
from energy_logger_server.web.export.workbook_finish import Archive, Stop
from energy_logger_server.web.export.workbook_place import (
    NoRoomForWorkbook,
    Sheets,
    WorkbookRefused,
)
from tests.bench.export_rows import insert_hours
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
)
from tests.server.web.amber_answers import day_of_usage, store
from tests.server.web.answers import recording
from tests.server.web.conftest import KEY, Api
from tests.server.web.csv_answers import csv_export
from tests.server.web.read_workbook import Cell, Sheet, read_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHICAGO = ZoneInfo("America/Chicago")
HOUR_S = 3600
LONG_S = 30
"""What another thread may take on a busy machine."""

EVERY_COLUMN: tuple[Column[Any, Any], ...] = (
    *LOAD,
    *SUBSTATIONS,
    *FORECASTS,
    *LOAD_FORECASTS,
    *USAGE,
    *COSTS,
)
TIMES = {
    column.name
    for column in EVERY_COLUMN
    if column.kind.form in (Form.INSTANT, Form.MINUTE, Form.NEM_INSTANT, Form.DAY)
}
WITH_UNIT = {column.name for column in EVERY_COLUMN if column.unit}


async def sheets_of(api: Api, path: str) -> dict[str, Sheet]:
    separator = "&" if "?" in path else "?"
    async with api.client.get(
        f"/api/export/{path}{separator}format=xlsx", headers={"X-API-Key": KEY}
    ) as answer:
        assert answer.status == 200, await answer.text()
        return read_workbook(await answer.read())


async def test_loads_have_real_dates_units_and_a_header_that_stays(api: Api):
    await api.collector.run(*recording())

    sheets = await sheets_of(api, "load/1?start=2026-01-04")

    [(name, sheet)] = sheets.items()
    assert name == "load"
    assert sheet.rows[:2] == [
        ["timestamp (America/Chicago)", "load_kw (kW)", "is_settled"],
        [datetime(2026, 1, 4, 0, 0), 77700.0, True],  # noqa: DTZ001 - as Excel has it
    ]
    assert sheet.frozen_rows == 1


async def test_dates_are_those_of_the_zone_that_is_asked_for(api: Api):
    await api.collector.run(*recording())

    sheets = await sheets_of(api, "load/1?tz=Australia/Adelaide&start=2026-01-04")

    row = sheets["load"].table[0]
    assert row["timestamp (Australia/Adelaide)"] == datetime(2026, 1, 4, 8, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("load/1", "load"),
        ("substations/1", "substations"),
        (f"prices/{SITE_ID}?tz=Australia/Sydney", "prices"),
        (f"usage/{SITE_ID}", "usage"),
        (f"costs/{SITE_ID}", "costs"),
        (f"forecasts/{SITE_ID}?archive=true&columns=nem_time,fetched_at", "forecasts"),
    ],
)
async def test_a_workbook_holds_what_csv_holds(api: Api, path: str, name: str):
    await api.collector.run(*recording())
    ends = ends_of_day(TODAY, 30)
    await store(
        api,
        day_of_usage(YESTERDAY),
        prices_read(
            [
                price(ends[0], cents=-20.5, channelType="feedIn", spotPerKwh=None),
                price(ends[1], perKwh=1e-5, descriptor="=cmd()"),
                price(ends[-1], type="ForecastInterval"),
            ]
        ),
    )

    csv_rows = await csv_export(
        api, f"{path}{'&' if '?' in path else '?'}raw=true&format=csv"
    )
    sheet = (await sheets_of(api, path))[name]

    assert [list(map(_from_csv, row.items())) for row in csv_rows] == [
        list(row) for row in sheet.rows[1:]
    ]
    assert [title.partition(" (")[0] for title in map(str, sheet.rows[0])] == list(
        csv_rows[0]
    )
    assert sheet.formulas == 0


def _from_csv(cell: tuple[str, str]) -> Cell:
    name, text = cell
    if text in ("true", "false"):
        return text == "true"
    if name in TIMES:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    if name in WITH_UNIT or name in ("pf", "tariff_block"):
        return float(text) if text else None
    return text or None


async def test_a_workbook_is_a_file_of_its_own_kind(api: Api):
    await api.collector.run(*recording())

    answer = await api.ask("/api/export/load/1?format=xlsx")

    assert answer.headers["Content-Type"] == XLSX
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="load_OZEC_20260104T090900Z.xlsx"'
    )


def test_every_column_of_an_amount_names_its_unit():
    amounts = {
        column.name
        for column in EVERY_COLUMN
        if column.name.endswith(
            ("kw", "kvar", "kwh", "minutes", "percent", "_cents", "_aud", "_kwh")
        )
    }
    titles = {column.name: header(column, CHICAGO) for column in EVERY_COLUMN}

    assert amounts == WITH_UNIT
    assert titles["price_cents_per_kwh"] == "price_cents_per_kwh (c/kWh)"
    assert titles["date"] == "date"


def test_every_column_of_a_time_names_its_zone():
    titles = {column.name: header(column, CHICAGO) for column in EVERY_COLUMN}
    of_nem = {column.name: header(column, NEM_TIME) for column in EVERY_COLUMN}

    for name in TIMES - {"nem_time", "date"}:
        assert titles[name] == f"{name} (America/Chicago)"
        assert of_nem[name] == f"{name} (NEM, UTC+10)"
    assert titles["nem_time"] == of_nem["nem_time"] == "nem_time (NEM, UTC+10)"


# Limits


def blocks(*sizes: int) -> Iterator[LoadRows]:
    """Blocks of loads whose kW count from nought."""
    first = 0
    for size in sizes:
        numbers = range(first, first + size)
        first += size
        yield LoadRows(
            hours_at=[number * HOUR_S for number in numbers],
            load_e1=[number * 10 for number in numbers],
            is_settled=[True] * size,
        )


def small(folder: Path, **limits: Any) -> Sheets:
    return Sheets(
        folder=folder, name="load", zone=CHICAGO, **{"rows": 4, "most": 3, **limits}
    )


def test_rows_beyond_the_end_of_a_sheet_go_on_the_next_one(tmp_path: Path):
    folder = tmp_path / "made"

    chunks = [*workbook_chunks(small(folder), LOAD, blocks(2, 5, 1))]

    sheets = read_workbook(b"".join(chunks))
    assert chunks[:3] == [b"", b"", b""]
    assert [*sheets] == ["load", "load 2", "load 3"]
    assert [
        [row["load_kw (kW)"] for row in sheet.table] for sheet in sheets.values()
    ] == [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7],
    ]
    assert all(sheet.frozen_rows == 1 for sheet in sheets.values())
    assert [*folder.iterdir()] == []


def test_more_rows_than_the_sheets_hold_are_refused(tmp_path: Path):
    chunks = workbook_chunks(small(tmp_path), LOAD, blocks(9, 1))

    assert next(chunks) == b""
    with pytest.raises(WorkbookRefused, match="more than the 9 rows"):
        next(chunks)
    assert [*tmp_path.iterdir()] == []


def test_a_disk_without_room_is_left_alone(tmp_path: Path):
    sheets = small(tmp_path, reserve_bytes=2**62)

    with pytest.raises(NoRoomForWorkbook, match="too little room"):
        next(workbook_chunks(sheets, LOAD, blocks(1)))
    assert [*tmp_path.iterdir()] == []


class Disk:
    """A disk that is as full as a test says; files in a folder take room on it."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.least_free = size

    def usage(self, _path: Path) -> SimpleNamespace:
        """What ``shutil.disk_usage`` returns."""
        used = sum(path.stat().st_size for path in self.folder.rglob("*"))
        self.least_free = min(self.least_free, self.size - used)
        return SimpleNamespace(free=self.size - used)


def test_the_room_that_finishing_takes_is_kept_free_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    disk = Disk(tmp_path, 6_000_000)
    monkeypatch.setattr("shutil.disk_usage", disk.usage)
    sheets = small(tmp_path, rows=10**6, reserve_bytes=3_000_000)

    with pytest.raises(NoRoomForWorkbook, match="too little room"):
        for _chunk in workbook_chunks(sheets, LOAD, blocks(*[500] * 100)):
            pass

    # as much again as was written would still have fitted above the reserve
    written = disk.size - disk.least_free
    buffered = 300_000
    assert written > 1_000_000
    assert disk.least_free > sheets.reserve_bytes + written - buffered
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("place", ["read", "write"])
def test_a_workbook_can_be_given_up_while_it_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
):
    begun, go_on = Event(), Event()
    # every read is checked, and comes before the first write
    owner, method = (Stop, "check") if place == "read" else (Archive, "write")
    original = getattr(owner, method)
    calls = []

    def held_up(*args: Any) -> Any:
        calls.append(place)
        begun.set()
        assert go_on.wait(LONG_S)
        return original(*args)

    monkeypatch.setattr(owner, method, held_up)
    chunks = workbook_chunks(small(tmp_path, rows=10**6), LOAD, blocks(20_000))
    assert [next(chunks), next(chunks)] == [b"", b""]
    assert begun.wait(LONG_S)
    # it says that it is still at work
    assert next(chunks) == b""
    Timer(0.1, go_on.set).start()

    chunks.close()

    assert len(calls) < 5
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_cannot_be_made_is_reported_with_what_else_to_do(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("")

    with pytest.raises(NoRoomForWorkbook, match=r"file/made: .*format=csv"):
        next(workbook_chunks(small(file / "made"), LOAD, blocks(1)))


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [
        ({"rows": 3, "most": 2}, 422, "too_many_rows"),
        ({"reserve_bytes": 2**62}, 503, "no_room"),
    ],
)
async def test_a_workbook_that_cannot_be_made_is_an_error_and_no_file(
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, Any],
    status: int,
    code: str,
):
    await api.collector.run(*recording())
    monkeypatch.setattr(exports, "Sheets", partial(Sheets, **limits))

    refused, error = await api.error("/api/export/load/1?format=xlsx")

    assert (refused, error["code"], error["parameter"]) == (status, code, "format")
    assert "format=csv" in error["message"]


# Leaving nothing behind


async def test_a_workbook_leaves_nothing_on_the_disk(api: Api, tmp_path: Path):
    await api.collector.run(*recording())

    await sheets_of(api, "load/1")

    assert [*(tmp_path / "unfinished_exports").iterdir()] == []


async def test_a_reader_who_leaves_before_the_first_byte_ends_the_work(
    api: Api,
    tmp_path: Path,
    ended: asyncio.Semaphore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    insert_hours(tmp_path / "energy.db", 900)
    begun, loop = asyncio.Event(), asyncio.get_running_loop()
    disk_usage = shutil.disk_usage
    checks = 0

    def counted(folder: Path) -> object:
        nonlocal checks
        checks += 1
        loop.call_soon_threadsafe(begun.set)
        return disk_usage(folder)

    monkeypatch.setattr(shutil, "disk_usage", counted)
    # as the server does it: whoever goes away cancels nothing
    runner = web.AppRunner(make_web_app(api.client.app[DEPS]))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/export/substations/1"

    asked = asyncio.create_task(
        api.client.session.get(f"{url}?format=xlsx", headers={"X-API-Key": KEY})
    )
    await begun.wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await ended.acquire()

    assert checks < 20
    assert [*(tmp_path / "unfinished_exports").iterdir()] == []
    await runner.cleanup()
    assert caplog.text == ""


async def test_a_full_disk_is_given_minutes_before_the_next_try(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    await api.collector.run(*recording())
    monkeypatch.setattr(exports, "Sheets", partial(Sheets, reserve_bytes=2**62))

    async with api.client.get(
        "/api/export/load/1?format=xlsx", headers={"X-API-Key": KEY}
    ) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "600")
