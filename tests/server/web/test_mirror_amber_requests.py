"""What the mirror of Amber may be asked, by whom, and how it refuses."""

from collections.abc import Callable

import pytest

from tests.server.store.material import (
    TODAY,
)
from tests.server.web.amber_mirror import (
    BASE,
    CURRENT,
    NOW_ENDS,
    PRICES,
    USAGE,
    half_hours,
    prices_read,
    store,
)
from tests.server.web.conftest import Api


@pytest.mark.parametrize("path", [PRICES, CURRENT])
@pytest.mark.parametrize("resolution", ["5", "30"])
async def test_resolution_is_taken_and_ignored(amber: Api, path: str, resolution: str):
    sent = half_hours("CurrentInterval", NOW_ENDS, 1)
    await store(amber, prices_read(sent))

    assert await amber.get(f"{path}?resolution={resolution}") == sent


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{PRICES}?resolution=15", "resolution"),
        (f"{USAGE}?startDate=2026-01-01&endDate=2026-01-01&resolution=x", "resolution"),
        (f"{PRICES}?startDate=yesterday", "startDate"),
        (f"{PRICES}?endDate=2026-02-30", "endDate"),
        (f"{PRICES}?endDate=20260101", "endDate"),
        (f"{USAGE}?endDate=2026-01-01", "startDate"),
        (f"{USAGE}?startDate=2026-01-01", "endDate"),
        (f"{CURRENT}?next=-1", "next"),
        (f"{CURRENT}?previous=2049", "previous"),
        (f"{CURRENT}?hours=1", "hours"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    amber: Api, path: str, parameter: str
):
    await store(amber)

    status, error = await amber.error(path)

    assert (status, error["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{PRICES}?startDate=2026-01-05", "endDate"),
        (f"{USAGE}?startDate=2026-01-02&endDate=2026-01-01", "endDate"),
        (f"{CURRENT}?next=2000&previous=49", "next"),
    ],
)
async def test_what_contradicts_itself_is_refused_as_such(
    amber: Api, path: str, parameter: str
):
    await store(amber)

    status, error = await amber.error(path)

    assert (status, error["code"], error["parameter"]) == (
        422,
        "contradiction",
        parameter,
    )


@pytest.mark.parametrize(
    "path_of",
    [
        lambda site_id: f"{BASE}/{site_id}/prices",
        lambda site_id: f"{BASE}/{site_id}/prices/current",
        lambda site_id: f"{BASE}/{site_id}/usage?startDate={TODAY}&endDate={TODAY}",
    ],
    ids=["prices", "current", "usage"],
)
async def test_an_unknown_site_is_404_by_name(
    amber: Api, path_of: Callable[[str], str]
):
    await store(amber)

    status, error = await amber.error(path_of("01NOBODY"))

    assert (status, error["code"]) == (404, "unknown_site")
    assert "01NOBODY" in error["message"]


@pytest.mark.parametrize("path", [BASE, PRICES, CURRENT, USAGE])
async def test_the_household_needs_the_key(amber: Api, path: str):
    await store(amber)

    assert (await amber.ask(path, key=None)).status == 401


async def test_the_key_is_taken_as_the_official_client_sends_it(amber: Api):
    await store(amber)
    headers = {"Authorization": "Bearer the-key-of-the-tests-0123456789"}

    assert (await amber.ask(BASE, key=None, headers=headers)).status == 200


@pytest.mark.parametrize("path", [BASE, PRICES, CURRENT, USAGE])
async def test_a_wrong_key_is_refused_as_amber_refuses_it(amber: Api, path: str):
    await store(amber)
    wrong = {"Authorization": "Bearer psk_wrong"}

    answer = await amber.ask(path, key=None, headers=wrong)

    assert answer.status == 403
    assert (await answer.json())["error"]["code"] == "wrong_api_key"
    # Amber tells a missing token otherwise
    assert (await amber.ask(path, key=None)).status == 401


async def test_guesses_at_the_mirror_are_counted_too(amber: Api):
    await store(amber)
    for _guess in range(5):
        await amber.ask(BASE, key="wrong")

    assert (await amber.ask("/api/sites")).status == 429
