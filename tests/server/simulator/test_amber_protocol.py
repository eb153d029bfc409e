"""HTTP of the simulated Amber: keys, limits, statuses, headers."""

import gzip
from datetime import timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from tests.server.simulator.running_amber import (
    START,
    RunningAmber,
    StartAmber,
    days_ago,
)

CURRENT = f"sites/{SITE_A}/prices/current"
PRICES = f"sites/{SITE_A}/prices"
USAGE = f"sites/{SITE_A}/usage"
JSON = "application/json; charset=utf-8"


async def test_a_good_answer_tells_type_time_and_limit(amber: RunningAmber) -> None:
    reply = await amber.get("sites")

    assert reply.status == 200
    assert reply.headers["Content-Type"] == JSON
    assert parsedate_to_datetime(reply.headers["Date"]) == START
    limits = {
        name: value
        for name, value in reply.headers.items()
        if name.startswith("RateLimit")
    }
    assert limits == {
        "RateLimit-Limit": "50",
        "RateLimit-Remaining": "49",
        "RateLimit-Reset": "300",
        "RateLimit-Policy": "50;w=300",
    }


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Basic abc"}, 401),
        ({"Authorization": "Bearer psk_00000000000000000000000000000000"}, 403),
    ],
    ids=["none", "another scheme", "wrong"],
)
async def test_a_bad_key_is_refused_without_limit_headers(
    amber: RunningAmber, headers: dict[str, str], status: int
) -> None:
    reply = await amber.get_with("sites", headers)

    assert reply.status == status
    assert reply.json().keys() == {"message"}
    assert not any(name.lower().startswith("ratelimit") for name in reply.headers)


async def test_a_revoked_key_is_refused(amber: RunningAmber) -> None:
    key = amber.simulator.amber.token_revoked

    reply = await amber.get_with("sites", {"Authorization": f"Bearer {key}"})

    assert reply.status == 403


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("sites/01NOBODY/prices", {}, 404),
        ("sites/01NOBODY/prices/current", {}, 404),
        ("sites/01NOBODY/usage", {"startDate": "2026-09-01"}, 404),
        ("state/tas/renewables/current", {}, 404),
        (PRICES, {"startDate": "yesterday"}, 400),
        (PRICES, {"startDate": "2026-02-30"}, 400),
        (PRICES, {"startDate": "20260901"}, 400),
        (PRICES, {"startDate": "2026-09-04", "endDate": "2026-09-03"}, 400),
        (PRICES, {"resolution": "15"}, 400),
        (CURRENT, {"resolution": "5.0"}, 400),
        (CURRENT, {"next": "-1"}, 400),
        (CURRENT, {"previous": "many"}, 400),
        (CURRENT, {"previous": "9" * 4400}, 400),
        (USAGE, {}, 400),
        (USAGE, {"startDate": "2026-09-01"}, 400),
    ],
)
async def test_a_bad_question_gets_json_that_says_why(
    amber: RunningAmber, path: str, query: dict[str, str], status: int
) -> None:
    reply = await amber.get(path, **query)

    assert reply.status == status
    assert reply.headers["Content-Type"] == JSON
    assert reply.json().keys() == {"message"}
    assert ("RateLimit-Remaining" in reply.headers) == path.startswith("sites")


@pytest.mark.parametrize("path", [PRICES, USAGE])
async def test_eight_days_pass_and_nine_do_not(amber: RunningAmber, path: str) -> None:
    asked = {"endDate": days_ago(1)}

    eight = await amber.get(path, startDate=days_ago(8), **asked)
    nine = await amber.get(path, startDate=days_ago(9), **asked)

    assert eight.status == 200
    assert nine.status == 422
    assert nine.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert nine.body == b"Range requested is too large. Maximum 7 days."


async def test_eight_days_fail_too_when_the_limit_is_strict(
    start_amber: StartAmber,
) -> None:
    amber = await start_amber(strict_seven=True)
    asked = {"endDate": days_ago(1)}

    assert (await amber.get(PRICES, startDate=days_ago(7), **asked)).status == 200
    assert (await amber.get(PRICES, startDate=days_ago(8), **asked)).status == 422


async def test_2048_intervals_pass_and_one_more_does_not(amber: RunningAmber) -> None:
    most = await amber.get(CURRENT, previous=1000, next=1048)
    more = await amber.get(CURRENT, previous=1000, next=1049)

    assert most.status == 200
    assert more.status == 422
    assert more.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "nothing"), ("POST", "sites"), ("HEAD", "sites")]
)
async def test_another_path_or_method_is_forbidden(
    amber: RunningAmber, method: str, path: str
) -> None:
    async with amber.session.request(method, f"{amber.url}/v1/{path}") as response:
        assert response.status == 403
        assert response.headers["Content-Type"] == JSON


async def test_usage_ignores_a_resolution(amber: RunningAmber) -> None:
    asked = {"startDate": days_ago(9), "endDate": days_ago(9)}

    plain = await amber.get(USAGE, **asked)
    with_resolution = await amber.get(USAGE, **asked, resolution=5)

    assert plain.body == with_resolution.body


async def test_an_answer_is_compressed_when_asked(amber: RunningAmber) -> None:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(
            f"{amber.url}/v1/{PRICES}",
            headers={
                "Authorization": f"Bearer {amber.simulator.amber.token_valid}",
                "Accept-Encoding": "gzip",
            },
        ) as response,
    ):
        assert response.headers["Content-Encoding"] == "gzip"
        packed = await response.read()

    assert gzip.decompress(packed) == (await amber.get(PRICES)).body


async def test_fifty_requests_pass_and_the_window_reopens(amber: RunningAmber) -> None:
    statuses = [(await amber.get(CURRENT)).status for _ in range(50)]
    amber.clock.advance(100.5)

    refused = await amber.get(CURRENT)

    assert statuses == [200] * 50
    assert refused.status == 429
    assert refused.json() == {"message": "Too Many Requests"}
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.headers["RateLimit-Reset"] == "200"
    assert "Retry-After" not in refused.headers
    amber.clock.advance(199.4)
    assert (await amber.get(CURRENT)).status == 429
    amber.clock.advance(0.1)
    reopened = await amber.get(CURRENT)
    assert reopened.status == 200
    assert reopened.headers["RateLimit-Remaining"] == "49"
    assert reopened.headers["RateLimit-Reset"] == "300"


async def test_usage_and_sites_do_not_draw_on_prices(amber: RunningAmber) -> None:
    day = days_ago(1)
    for path in ("sites", USAGE, USAGE):
        await amber.get(path, startDate=day, endDate=day)

    prices = await amber.get(PRICES)
    current = await amber.get(CURRENT)
    sites = await amber.get("sites")

    assert prices.headers["RateLimit-Remaining"] == "49"
    assert current.headers["RateLimit-Remaining"] == "48"
    assert sites.headers["RateLimit-Remaining"] == "46"


async def test_refused_questions_count_too(amber: RunningAmber) -> None:
    await amber.get(PRICES, startDate="nonsense")

    reply = await amber.get(PRICES)

    assert reply.headers["RateLimit-Remaining"] == "48"


async def test_there_may_be_one_counter_for_all(start_amber: StartAmber) -> None:
    amber = await start_amber(one_counter=True, limit=2)

    await amber.get("sites")
    await amber.get(PRICES)

    assert (await amber.get("sites")).status == 429


async def test_a_429_may_come_without_headers(start_amber: StartAmber) -> None:
    amber = await start_amber(headers_on_429=False, limit=0)

    reply = await amber.get("sites")

    assert reply.status == 429
    assert "RateLimit-Reset" not in reply.headers


async def test_header_names_may_be_in_lower_case(start_amber: StartAmber) -> None:
    amber = await start_amber(lower_case_headers=True)

    names = list((await amber.get("sites")).headers)

    assert "ratelimit-remaining" in names


async def test_another_client_draws_on_the_same_counter(
    start_amber: StartAmber,
) -> None:
    amber = await start_amber(foreign_draw_per_minute=5)
    await amber.get("sites")
    amber.clock.advance(120)

    reply = await amber.get("sites")

    assert reply.headers["RateLimit-Remaining"] == "38"


async def test_a_clock_set_back_opens_a_new_window(amber: RunningAmber) -> None:
    await amber.get("sites")
    amber.clock.advance(-3600)

    reply = await amber.get("sites")

    assert reply.headers["RateLimit-Remaining"] == "49"


async def test_the_date_header_may_be_off(start_amber: StartAmber) -> None:
    amber = await start_amber(skew_s=-3600)

    reply = await amber.get("sites")

    sent_at = parsedate_to_datetime(reply.headers["Date"])
    assert sent_at == START - timedelta(hours=1)


async def test_requests_are_logged_with_their_outcome(amber: RunningAmber) -> None:
    await amber.get(CURRENT, next=5)
    await amber.get("sites/01NOBODY/usage")
    await amber.get("nothing")

    log = amber.simulator.requests

    assert [(one.endpoint, one.owner, one.status) for one in log] == [
        ("amber.current", SITE_A, 200),
        ("amber.usage", "01NOBODY", 404),
        ("amber.unknown", None, 403),
    ]
    first = next(iter(log))
    assert (first.at, first.path, first.query) == (
        START,
        f"/v1/{CURRENT}",
        {"next": "5"},
    )
    assert log.count("amber.current") == log.count("amber.current", SITE_A) == 1
    assert log.count("amber.current", SITE_B) == 0
    log.clear()
    assert len(log) == 0


async def test_no_key_shows_in_the_configuration(amber: RunningAmber) -> None:
    assert "psk_" not in repr(amber.simulator.amber)
