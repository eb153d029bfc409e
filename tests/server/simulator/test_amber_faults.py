"""Every fault of the simulated Amber's answers once, as a client sees it."""

import asyncio
import json
from datetime import timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from energy_logger_simulator.amber.sites import SITE_A
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.simulator.running_amber import (
    START,
    RunningAmber,
    days_ago,
)

PRICES = f"sites/{SITE_A}/prices"
CURRENT = f"sites/{SITE_A}/prices/current"
USAGE = f"sites/{SITE_A}/usage"
DAY = days_ago(20)
OF_DAY = {"startDate": DAY, "endDate": DAY}


@pytest.mark.parametrize(
    ("action", "status", "body", "kind"),
    [
        ("403", 403, b'{"message":"User is not', "application/json"),
        ("500", 500, b'{"message":"Internal server error"}', "application/json"),
        ("502", 502, b"<html>", "text/html"),
        ("504", 504, b'{"message":"Endpoint request timed out"}', "application/json"),
        ("empty", 200, b"", "application/json"),
        ("null", 200, b"null", "application/json"),
        ("object", 200, b'{"message":', "application/json"),
        ("html200", 200, b"<!doctype html>", "text/html"),
        ("gateway_page", 403, b"<!doctype html>", "text/html"),
        ("byte_order_mark", 200, b"\xef\xbb\xbf[{", "application/json"),
    ],
)
async def test_an_answer_can_be_replaced(
    amber: RunningAmber, action: str, status: int, body: bytes, kind: str
) -> None:
    amber.plan(FaultAction(action), "amber.prices")

    spoilt = await amber.get(PRICES)

    assert spoilt.status == status
    assert spoilt.body.startswith(body)
    assert spoilt.headers["Content-Type"].startswith(kind)
    assert (await amber.get(PRICES)).status == 200


async def test_a_429_can_come_under_quota(amber: RunningAmber) -> None:
    amber.plan(FaultAction.TOO_MANY, "amber.prices", remaining=17)
    amber.plan(FaultAction.TOO_MANY, "amber.prices", headers=False)
    amber.plan(FaultAction.TOO_MANY, "amber.prices", retry_after=5)

    answers, untold, retry = [await amber.get(PRICES) for _ in range(3)]

    assert answers.status == untold.status == retry.status == 429
    assert answers.headers["RateLimit-Remaining"] == "17"
    assert answers.headers["RateLimit-Reset"] == "300"
    assert "RateLimit-Remaining" not in untold.headers
    assert retry.headers["Retry-After"] == "5"


async def test_a_gateways_page_has_any_status_and_no_call_limits(
    amber: RunningAmber,
) -> None:
    amber.plan(FaultAction.GATEWAY_PAGE, "amber.prices", status=522)

    page = await amber.get(PRICES)

    assert page.status == 522
    assert not [name for name in page.headers if name.startswith("RateLimit")]


async def test_only_some_of_the_call_limits_can_be_sent(amber: RunningAmber) -> None:
    amber.plan(FaultAction.FEW_HEADERS, "amber.prices")
    amber.plan(FaultAction.FEW_HEADERS, "amber.prices", names=["RateLimit-Reset"])

    answers = [await amber.get(PRICES) for _ in range(3)]

    names = [{name for name in each.headers if "RateLimit" in name} for each in answers]
    assert names[:2] == [{"RateLimit-Remaining"}, {"RateLimit-Reset"}]
    assert len(names[2]) == 4


@pytest.mark.virtual_time
async def test_a_timeout_never_answers(amber: RunningAmber) -> None:
    amber.plan(FaultAction.TIMEOUT, "amber.prices")
    loop = asyncio.get_running_loop()
    before = loop.time()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3600):
            await amber.session.get(
                f"{amber.url}/v1/{PRICES}",
                headers=_key(amber),
                timeout=aiohttp.ClientTimeout(total=None),
            )

    assert loop.time() - before >= 3600
    assert [one.status for one in amber.simulator.requests] == [None]


@pytest.mark.virtual_time
async def test_a_request_that_hangs_ends_with_its_client(amber: RunningAmber) -> None:
    amber.plan(FaultAction.TIMEOUT, "amber.prices")
    before = asyncio.all_tasks()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await amber.get(PRICES)
    during = asyncio.all_tasks() - before
    await asyncio.wait(during, timeout=1)

    assert all(task.done() for task in during)


@pytest.mark.virtual_time
async def test_a_slow_answer_drips(amber: RunningAmber) -> None:
    amber.plan(FaultAction.SLOW, "amber.prices", seconds=120, pieces=4)
    loop = asyncio.get_running_loop()
    before = loop.time()

    slow = await amber.get(PRICES)

    assert loop.time() - before == pytest.approx(120, abs=1)
    assert slow.body == (await amber.get(PRICES)).body


@pytest.mark.parametrize(
    ("after_headers", "error", "asked"),
    [
        (True, aiohttp.ClientPayloadError, 1),
        # the client asks a second time by itself
        (False, aiohttp.ServerDisconnectedError, 2),
    ],
)
async def test_a_connection_can_be_closed(
    amber: RunningAmber, error: type[Exception], asked: int, *, after_headers: bool
) -> None:
    amber.plan(
        FaultAction.RESET, "amber.prices", count=asked, after_headers=after_headers
    )

    with pytest.raises(error):
        await amber.get(PRICES)

    assert len(amber.simulator.requests) == asked
    assert (await amber.get(PRICES)).status == 200


async def test_a_body_can_be_shorter_than_its_header_says(amber: RunningAmber) -> None:
    amber.plan(FaultAction.TRUNCATE, "amber.prices")

    with pytest.raises(aiohttp.ClientPayloadError):
        await amber.get(PRICES)


async def test_a_body_can_be_cut_with_the_length_right(amber: RunningAmber) -> None:
    amber.plan(FaultAction.TRUNCATE, "amber.prices", cut=True)

    cut = await amber.get(PRICES)

    assert cut.status == 200
    with pytest.raises(json.JSONDecodeError):
        cut.json()
    assert (await amber.get(PRICES)).body.startswith(cut.body)


@pytest.mark.parametrize("seconds", [30, -86_400])
async def test_the_clock_in_one_answer_can_be_off(
    amber: RunningAmber, seconds: int
) -> None:
    amber.plan(FaultAction.SKEW, "amber.prices", seconds=seconds)

    off, right = await amber.get(PRICES), await amber.get(PRICES)

    assert off.status == 200
    assert parsedate_to_datetime(off.headers["Date"]) - START == timedelta(
        seconds=seconds
    )
    assert parsedate_to_datetime(right.headers["Date"]) == START


def _key(amber: RunningAmber) -> dict[str, str]:
    return {"Authorization": f"Bearer {amber.simulator.amber.token_valid}"}
