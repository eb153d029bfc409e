"""``/api/export``: what may be asked, by whom, and what the file is called."""

import gzip

import pytest

from energy_logger_server.web.export import reply as export_reply
from energy_logger_server.web.export.routes import export_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    SITE_ID,
    YESTERDAY,
)
from tests.server.web.amber_answers import (
    day_of_usage,
    store,
)
from tests.server.web.answers import areas, recording
from tests.server.web.conftest import KEY, Api


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
