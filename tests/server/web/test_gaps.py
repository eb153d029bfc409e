"""``/api/gaps`` and having them repaired."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.ledger import Kind, SeriesKey
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.routes.gaps.answers import GapsAnswer, RepairedAnswer
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    SITE_ID,
    ago,
    ends_of_day,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    usage_read,
)
from tests.server.web.answers import areas, grid, table
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

HOUR = timedelta(hours=1)
AUTUMN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
"""Midnight Central of the day with 25 hours."""
SPRING = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
"""Midnight Central of the day with 23 hours."""
ONE_REGISTER: JsonObject = {"channels": [{"identifier": "E1", "type": "general"}]}


async def collect_amber(api: Api, *parts: Any) -> None:
    await api.collector.run(
        sites_read(site(**ONE_REGISTER)), *parts, source=Source.AMBER
    )


async def repair(api: Api, **body: Any) -> Any:
    answer = await api.get("/api/gaps/repair", method="POST", json=body)
    require_shape(answer, RepairedAnswer)
    return answer


async def test_a_partial_day_of_prices_is_reported_with_its_figures(api: Api):
    half = [price(end) for end in ends_of_day(ago(1), 30)][:24]
    await collect_amber(api, prices_read(half, (ago(1), ago(1))))

    answer = await api.get("/api/gaps")

    require_shape(answer, GapsAnswer)
    assert answer == {
        "gaps": [
            {
                "kind": "price",
                "owner": SITE_ID,
                "channel": "general",
                "day": "2026-01-03",
                "state": "partial",
                "expected_minutes": 1440,
                "present_minutes": 720,
                "missing_minutes": 720,
                "estimated_minutes": 0,
                "cause": "upstream was asked, and did not have all of it",
                "attempts": 1,
                "last_checked_at": "2026-01-04T02:00:00+00:00",
                "is_marked": False,
                "can_be_repaired": True,
                "why_not": None,
            }
        ],
        "count": 1,
        "truncated": False,
    }


@pytest.mark.parametrize(
    ("midnight", "minutes"),
    [
        pytest.param(SPRING, 23 * 60, id="spring"),
        pytest.param(AUTUMN, 25 * 60, id="autumn"),
    ],
)
async def test_a_changeover_day_expects_the_minutes_that_it_has(
    api: Api, midnight: datetime, minutes: int
):
    before = {midnight - HOUR: 1.0}
    last = midnight + timedelta(minutes=minutes)
    await api.collector.run(
        areas(),
        grid(1, before | {midnight: 2.0, last - HOUR: 3.0}),
        table(1, midnight - HOUR, {"North": (1, 1, 1)}),
        table(1, midnight, {"North": (1, 1, 1)}),
    )
    api.clock.set(last + 2 * HOUR)
    await api.store.close_past_kamo_days(HOUR)

    answer = await api.get(
        f"/api/gaps?start={midnight:%Y-%m-%d}&end={midnight:%Y-%m-%d}"
    )

    found = {one["kind"]: one for one in answer["gaps"]}
    assert {one["expected_minutes"] for one in answer["gaps"]} == {minutes}
    assert found["load"]["missing_minutes"] == minutes - 120
    assert found["substations"]["missing_minutes"] == minutes - 5
    assert {one["state"] for one in answer["gaps"]} == {"unavailable"}
    assert {one["channel"] for one in answer["gaps"]} == {None}
    assert {one["cause"] for one in answer["gaps"]} == {"the server was not running"}
    assert found["load"]["why_not"] == "KAMO publishes only the last 12 hours"
    assert found["load"]["can_be_repaired"] is False


async def test_gaps_can_be_chosen(api: Api):
    await collect_amber(
        api, prices_read([], (ago(3), ago(1))), usage_read([], (ago(2), ago(1)))
    )

    async def days(query: str) -> list[tuple[str, str]]:
        answer = await api.get(f"/api/gaps?{query}")
        return [(one["kind"], one["day"][-2:]) for one in answer["gaps"]]

    assert await days("kind=usage") == [("usage", "03"), ("usage", "02")]
    assert await days(f"owner={SITE_ID}&start=2026-01-03") == [
        ("price", "03"),
        ("usage", "03"),
    ]
    assert await days("end=2026-01-01") == [("price", "01")]
    assert await days("state=partial") == await days("owner=7") == []


async def test_pages_follow_each_other_with_their_filters(api: Api):
    await collect_amber(api, prices_read([], (ago(5), ago(1))))

    pages = await api.pages("/api/gaps?kind=price&limit=2")

    assert [page["truncated"] for page in pages] == [True, True, False]
    days = [one["day"] for page in pages for one in page["gaps"]]
    assert days == [ago(n).isoformat() for n in range(1, 6)]


async def test_gaps_come_as_csv_and_ndjson_too(api: Api):
    await collect_amber(api, prices_read([], (ago(2), ago(1))))
    listed = (await api.get("/api/gaps"))["gaps"]

    table_text = await (await api.ask("/api/gaps?format=csv")).text()
    lines = await (await api.ask("/api/gaps?format=ndjson")).text()

    assert [json.loads(line) for line in lines.splitlines()] == listed
    found = list(csv.DictReader(StringIO(table_text, newline="")))
    assert [one["day"] for one in found] == [one["day"] for one in listed]
    assert list(found[0]) == list(listed[0])
    assert (found[0]["can_be_repaired"], found[0]["why_not"]) == ("true", "")


@pytest.mark.parametrize(
    ("query", "status", "code", "name"),
    [
        ("state=complete", 400, "invalid_parameter", "state"),
        ("kind=weather", 400, "invalid_parameter", "kind"),
        ("start=yesterday", 400, "invalid_parameter", "start"),
        ("end=2026-02-30", 400, "invalid_parameter", "end"),
        ("cursor=7", 400, "invalid_parameter", "cursor"),
        ("limit=0", 400, "invalid_parameter", "limit"),
        ("start=2026-01-02&end=2026-01-01", 422, "contradiction", "end"),
    ],
)
async def test_a_wrong_parameter_is_named(
    api: Api, query: str, status: int, code: str, name: str
):
    found, error = await api.error(f"/api/gaps?{query}")

    assert (found, error["code"], error["parameter"]) == (status, code, name)


async def test_gaps_that_can_be_repaired_are_marked_and_a_pass_starts(api: Api):
    await collect_amber(api, prices_read([], (ago(2), ago(1))))
    general = SeriesKey(Kind.PRICE, SITE_ID, "general")
    await api.store.mark_unavailable(general, [ago(2)], "Amber had none")

    answer = await repair(api)

    assert answer == {"marked": 2, "not_repairable": [], "backfill": "started"}
    assert api.collecting.backfill.asked == ["queue"]
    marked = await rows(api.store, "SELECT count(*) FROM day_ledger WHERE recheck")
    assert marked == [(2,)]
    listed = (await api.get("/api/gaps"))["gaps"]
    assert {one["is_marked"] for one in listed} == {True}


async def test_a_pass_under_way_is_followed_by_another(api: Api):
    await collect_amber(api, prices_read([], (ago(2), ago(1))))
    backfill = api.collecting.backfill
    backfill.stands = replace(backfill.stands, is_running=True)

    answer = await repair(api)

    assert answer["backfill"] == "queued"
    assert (await api.get("/api/backfill"))["is_queued"] is True


async def test_what_is_repaired_can_be_chosen(api: Api):
    await collect_amber(
        api, prices_read([], (ago(3), ago(1))), usage_read([], (ago(3), ago(1)))
    )

    answer = await repair(
        api, kind="usage", owner=SITE_ID, start="2026-01-02", end="2026-01-02"
    )

    assert answer["marked"] == 1
    marked = await rows(
        api.store,
        "SELECT s.kind, l.day FROM day_ledger l JOIN series s ON s.id = l.series_id"
        " WHERE l.recheck",
    )
    assert marked == [("usage", 20_455)]


async def test_what_cannot_be_had_any_more_is_counted_with_the_reason(api: Api):
    await collect_amber(api, usage_read([], (ago(92), ago(89))))
    hour = RECORDED_AT.replace(minute=0) - 40 * HOUR
    await api.collector.run(areas(), grid(1, {hour: 1.0, hour + 3 * HOUR: 2.0}))

    answer = await repair(api, end="2025-10-07")
    kamo = await repair(api, kind="load")

    assert answer["marked"] == 2
    assert answer["not_repairable"] == [
        {"why_not": "Amber keeps usage for about 90 days", "days": 2}
    ]
    assert kamo == {
        "marked": 0,
        "not_repairable": [
            {"why_not": "KAMO publishes only the last 12 hours", "days": 1}
        ],
        "backfill": "not_needed",
    }
    assert api.collecting.backfill.asked == ["queue"]


@pytest.mark.parametrize("has_backfill", [False])
async def test_without_a_token_nothing_is_marked(api: Api):
    await collect_amber(api, prices_read([], (ago(2), ago(1))))

    answer = await repair(api)

    assert (answer["marked"], answer["backfill"]) == (0, "not_set_up")
    (reason,) = answer["not_repairable"]
    assert "AMBER_API_KEY" in reason["why_not"]
    assert reason["days"] == 2


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"kind": "weather"}, 400, "kind"),
        ({"kind": 7}, 400, "kind"),
        ({"owner": ""}, 400, "owner"),
        ({"owner": 7}, 400, "owner"),
        ({"start": 20260101}, 400, "start"),
        ({"end": "2026-1-1"}, 400, "end"),
        ({"site": SITE_ID}, 400, "site"),
        ({"start": "2026-01-02", "end": "2026-01-01"}, 422, "end"),
    ],
)
async def test_a_wrong_part_of_the_body_is_named(
    api: Api, body: dict[str, Any], status: int, name: str
):
    found, error = await api.error("/api/gaps/repair", method="POST", json=body)

    assert (found, error["parameter"]) == (status, name)
    assert api.collecting.backfill.asked == []


async def test_gaps_are_the_households_own(api: Api):
    assert (await api.error("/api/gaps", key=None))[0] == 401
    status, _error = await api.error(
        "/api/gaps/repair", method="POST", json={}, key=None
    )
    assert status == 401
