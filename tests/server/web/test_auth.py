"""Who gets in, who waits, and that no secret ever gets out."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request

from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.http.auth import Guard
from energy_logger_server.web.http.errors import ApiError
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import SITE_ID, site, sites_read
from tests.server.web.answers import recording
from tests.server.web.conftest import KEY, Api

PUBLIC = [
    "/api/health",
    "/api/ready",
    "/api/status",
    "/api/info",
    "/api/cooperatives",
    "/api/next-import",
    "/api/load/current/1",
    "/api/load/history/1",
    "/api/load/peaks/1",
    "/api/load/stats/1",
    "/api/substations/current/1",
    "/api/substations/history/1",
    "/api/substations/list/1",
    "/api/substations/stats/1/Battlefield",
]
HOUSEHOLD = [
    ("GET", "/api/sites"),
    ("GET", f"/api/prices/current/{SITE_ID}"),
    ("GET", f"/api/prices/history/{SITE_ID}"),
    ("GET", f"/api/usage/history/{SITE_ID}"),
    ("POST", "/api/import/trigger"),
]
PREDECESSORS = ["/api/settings", "/api/settings/API_KEY", "/api/settings/smtp_password"]
SITES = "/api/sites"


async def fill(api: Api) -> None:
    await api.collector.run(*recording())
    await api.collector.run(sites_read(site()), source=Source.AMBER)


@pytest.mark.parametrize("path", PUBLIC)
async def test_what_is_public_needs_no_key_and_names_no_household(api: Api, path: str):
    await fill(api)

    answer = await api.ask(path, key=None)

    assert answer.status == 200
    assert SITE_ID not in await answer.text()
    assert str(site()["nmi"]) not in await answer.text()


@pytest.mark.parametrize(("method", "path"), HOUSEHOLD)
async def test_what_is_of_the_household_needs_the_key(api: Api, method: str, path: str):
    await fill(api)

    status, error = await api.error(path, method=method, key=None)

    assert (status, error["code"]) == (401, "missing_api_key")
    assert "X-API-Key" in error["message"]
    assert "energy-logger key show" in error["message"]
    assert api.collecting.asked == []


@pytest.mark.parametrize(("method", "path"), HOUSEHOLD)
async def test_a_wrong_key_learns_nothing(api: Api, method: str, path: str):
    await fill(api)

    answer = await api.ask(path, method=method, key="wrong")

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (await answer.json())["error"]["code"] == "wrong_api_key"
    assert KEY not in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": KEY},
        {"x-api-key": f" {KEY} "},
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer  {KEY}"},
        {"X-API-Key": f"Bearer {KEY}"},
        {"X-API-Key": f'"{KEY}"'},
        {"Authorization": f"Bearer '{KEY}'"},
        {"Authorization": f'"Bearer {KEY}"'},
        {"Authorization": f"Bearer Bearer {KEY}"},
    ],
)
async def test_the_key_can_be_sent_in_either_header(api: Api, headers: dict[str, str]):
    assert await api.get(SITES, key=None, headers=headers) == {"sites": [], "count": 0}


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": KEY},
        {"Authorization": f'"{KEY}"'},
        {"Authorization": "Bearer"},
        {"Cookie": f"X-API-Key={KEY}"},
    ],
)
async def test_a_key_elsewhere_is_none(api: Api, headers: dict[str, str]):
    status, error = await api.error(SITES, key=None, headers=headers)

    assert (status, error["code"]) == (401, "missing_api_key")


async def test_a_key_in_the_query_is_an_unknown_parameter_and_not_repeated(api: Api):
    answer = await api.ask(f"{SITES}?api_key={KEY}", key=None)

    assert answer.status == 401
    assert KEY not in await answer.text()


@pytest.mark.parametrize("key", ["", "kéy"])
async def test_a_key_of_odd_characters_is_just_wrong(api: Api, key: str):
    status, error = await api.error(SITES, key=key)

    assert (status, error["code"]) == (401, "wrong_api_key")


async def test_a_rotated_key_holds_at_once(api: Api):
    fresh = "another-key-of-the-tests-987654321"
    api.keys.append(Secret(fresh))

    assert (await api.ask(SITES, key=KEY)).status == 401
    assert (await api.ask(SITES, key=fresh)).status == 200


async def test_after_five_wrong_keys_in_a_minute_an_address_waits(api: Api):
    for _guess in range(5):
        assert (await api.ask(SITES, key="wrong")).status == 401
        api.clock.advance(10)

    answer = await api.ask(SITES)

    # the first of the five is 50 s old
    assert answer.status == 429
    assert answer.headers["Retry-After"] == "10"
    assert (await answer.json())["error"]["code"] == "too_many_wrong_keys"


async def test_who_has_waited_gets_in_again(api: Api):
    for _guess in range(5):
        await api.ask(SITES, key="wrong")
    assert (await api.ask(SITES)).status == 429
    api.clock.advance(60)

    assert (await api.ask(SITES)).status == 200


async def test_waiting_does_not_begin_anew_with_every_request(api: Api):
    for _guess in range(5):
        await api.ask(SITES, key="wrong")
    for _impatient in range(10):
        api.clock.advance(5)
        await api.ask(SITES, key="wrong")
    api.clock.advance(10)

    assert (await api.ask(SITES)).status == 200


async def test_a_clock_that_is_set_back_locks_nobody_out(api: Api):
    for _guess in range(5):
        await api.ask(SITES, key="wrong")
    api.clock.set(RECORDED_AT - timedelta(days=1))

    assert (await api.ask(SITES)).status == 200


async def test_requests_without_a_key_are_not_counted_as_guesses(api: Api):
    for _request in range(20):
        await api.ask(SITES, key=None)

    assert (await api.ask(SITES)).status == 200


async def test_public_answers_do_not_wait(api: Api):
    for _guess in range(6):
        await api.ask(SITES, key="wrong")

    assert (await api.ask("/api/health", key="wrong")).status == 200


def guess(guard: Guard, address: str) -> str:
    """Send a wrong key from an address; return the code of the refusal."""
    request = make_mocked_request("GET", SITES, headers={"X-API-Key": "wrong"})
    with pytest.raises(ApiError) as refusal:
        guard.authenticate(request.clone(remote=address))
    return refusal.value.code


@pytest.mark.parametrize(
    ("address", "other", "is_one_guesser"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", True),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:3:3:4:5:6", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("unknown", "unknown", True),
        ("unknown", "", False),
        ("", "", True),
    ],
)
async def test_guesses_are_counted_by_what_one_guesser_holds(
    api: Api, address: str, other: str, *, is_one_guesser: bool
):
    guard = Guard(lambda: Secret(KEY), api.clock.now)
    for _guess in range(5):
        assert guess(guard, address) == "wrong_api_key"

    assert (guess(guard, other) == "too_many_wrong_keys") is is_one_guesser


async def test_the_memory_of_guessers_is_bounded(api: Api):
    guard = Guard(lambda: Secret(KEY), api.clock.now)
    for _guess in range(5):
        guess(guard, "192.0.2.7")

    for number in range(1023):
        guess(guard, f"10.0.{number // 256}.{number % 256}")
    assert guess(guard, "192.0.2.7") == "too_many_wrong_keys"
    guess(guard, "10.1.0.0")

    # as if it had never guessed
    assert guess(guard, "192.0.2.7") == "wrong_api_key"


async def test_no_answer_holds_a_secret(api: Api):
    await fill(api)
    paths = [*PUBLIC, *PREDECESSORS, *(path for _method, path in HOUSEHOLD)]
    for key in (KEY, "wrong", None):
        for path in paths:
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = await api.ask(path, method=method, key=key)

                assert KEY not in await answer.text()
                assert KEY not in str(answer.headers)


@pytest.mark.parametrize("path", PREDECESSORS)
async def test_no_path_gives_settings_away(api: Api, path: str):
    status, error = await api.error(path, key=None)

    assert (status, error["code"]) == (401, "missing_api_key")
