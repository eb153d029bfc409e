"""The KAMO client: what it asks for and what it hands on."""

import json
from datetime import UTC, datetime

import pytest

from energy_logger_server.api import endpoints
from energy_logger_server.api.errors import SourceMissing, SourceUnreadable
from energy_logger_server.api.kamo import KamoClient

MODIFIED_AT = datetime(2026, 3, 1, 11, 59, tzinfo=UTC)
MODIFIED = {"Last-Modified": "Sun, 01 Mar 2026 11:59:00 GMT"}
GRID = {
    "Id": 3,
    "chartLineData": [{"label": "Actual", "data": [1.5, "x"]}],
    "lineChartLabels": ["03/01/2026 4:00", "03/01/2026 5:00"],
    "colour": "green",
}
TABLE = {
    "Id": 3,
    "areaLoadData": [{"name": "Ash", "kw": 1, "kvar": 0, "pf": 1}, {"name": "Elm"}],
}


@pytest.fixture
def client(session, clock, upstream):
    return KamoClient(session, now=clock.now, base_url=f"{upstream.base_url}/api")


async def test_areas_are_read_without_a_key(client, upstream, clock):
    upstream.always(
        text='[{"id": 1, "name": "Ozark", "abrev": "OZEC"}, 5]', headers=MODIFIED
    )

    answer = await client.fetch_areas()

    assert [area.name for area in answer.records] == ["Ozark"]
    assert [each.position for each in answer.rejected] == [1]
    assert (answer.fetched_at, answer.last_modified) == (clock.now(), MODIFIED_AT)
    assert upstream.asked == ["/api/area"]
    assert "Authorization" not in upstream.headers[0]


async def test_an_area_grid_has_its_lines_its_rejects_and_its_times(
    client, upstream, clock
):
    upstream.always(text=json.dumps(GRID), headers=MODIFIED)

    grid = await client.fetch_area_grid(3)

    assert grid.area_id == 3
    assert [(point.area_id, point.load_kw) for point in grid.actual] == [(3, 1.5)]
    assert grid.actual[0].hour_at == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert [each.position for each in grid.rejected] == [1]
    assert grid.raw == GRID
    assert (grid.fetched_at, grid.last_modified) == (clock.now(), MODIFIED_AT)
    assert upstream.asked == ["/api/areagrid/3"]


async def test_our_own_server_is_asked_for_more_hours(client, upstream):
    upstream.always(text=json.dumps(GRID))

    await client.fetch_area_grid(3, hours=72)

    assert upstream.asked == ["/api/areagrid/3?hours=72"]


async def test_a_substation_table_has_its_rows_its_rejects_and_its_times(
    client, upstream, clock
):
    upstream.always(text=json.dumps(TABLE), headers=MODIFIED)

    table = await client.fetch_substations(3)

    assert table.area_id == 3
    assert [reading.name for reading in table.readings] == ["Ash"]
    assert [each.position for each in table.rejected] == [1]
    assert table.raw == TABLE
    assert (table.fetched_at, table.last_modified) == (clock.now(), MODIFIED_AT)
    assert upstream.asked == ["/api/arealoadtable/3"]


@pytest.mark.parametrize(
    ("fetch", "path"),
    [
        (KamoClient.fetch_areas, "/area"),
        (lambda client: client.fetch_area_grid(4), "/areagrid/4"),
        (lambda client: client.fetch_substations(4), "/arealoadtable/4"),
    ],
    ids=["areas", "grid", "table"],
)
@pytest.mark.parametrize("body", ['{"Id": 3}', '"maintenance"'])
async def test_what_was_not_agreed_is_unreadable(client, upstream, fetch, path, body):
    upstream.always(text=body)

    with pytest.raises(SourceUnreadable) as caught:
        await fetch(client)

    assert (caught.value.source, caught.value.path) == ("kamo", path)
    assert caught.value.sample == body


async def test_an_area_that_does_not_exist_is_missing(client, upstream):
    upstream.always(status=404)

    with pytest.raises(SourceMissing):
        await client.fetch_substations(99)


async def test_the_public_address_is_read_at_call_time(
    session, upstream, clock, monkeypatch
):
    upstream.always(text="[]")
    client = KamoClient(session, now=clock.now)
    assert endpoints.KAMO_BASE_URL == "https://kamofamilyload.kamopower.com/api"
    monkeypatch.setattr(endpoints, "KAMO_BASE_URL", f"{upstream.base_url}/moved/")

    await client.fetch_areas()

    assert upstream.asked == ["/moved/area"]
