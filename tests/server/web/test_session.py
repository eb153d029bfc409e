"""A browser signs in once: what its cookie opens, to whom, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import make_mocked_request

from energy_logger_server.config.secret import Secret
from energy_logger_server.web.http.auth import Guard
from energy_logger_server.web.http.session_cookie import COOKIE, Session, set_cookie
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.conftest import KEY, Api, StartApp

SESSION = "/api/session"
SITES = "/api/sites"
PAUSE = "/api/backfill/pause"
SIGNED_OUT = {"needs_key": True, "is_signed_in": False, "expires_at": None}


async def sign_in(api: Api, key: str = KEY, **headers: str) -> ClientResponse:
    """Send a key as the page does."""
    return await api.ask(
        SESSION, key=None, method="POST", json={"key": key}, headers=headers
    )


def cookie_of(answer: ClientResponse) -> dict[str, str]:
    """Return the header that sends back what an answer has set."""
    [said] = answer.headers.getall("Set-Cookie")
    return {"Cookie": said.partition(";")[0]}


async def with_cookie(
    api: Api, cookie: dict[str, str], path: str = SITES, **how: Any
) -> ClientResponse:
    """Ask with nothing but a cookie."""
    headers = {**cookie, **how.pop("headers", {})}
    return await api.ask(path, key=None, headers=headers, **how)


async def test_the_key_opens_a_session_whose_cookie_stands_for_it(api: Api):
    answer = await sign_in(api)

    assert answer.status == 200
    expires = (RECORDED_AT + timedelta(days=30)).isoformat()
    assert await answer.json() == {
        "needs_key": True,
        "is_signed_in": True,
        "expires_at": expires,
    }
    assert (await with_cookie(api, cookie_of(answer))).status == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(api: Api):
    [said] = (await sign_in(api)).headers.getall("Set-Cookie")

    _, *attributes = said.split("; ")
    # without a path it is sent to the folder that it came from, whatever the prefix
    assert attributes == ["Max-Age=2592000", "HttpOnly", "SameSite=Strict"]
    assert KEY not in said


async def test_a_page_over_https_has_a_cookie_that_is_sent_over_https_only(api: Api):
    host = api.client.make_url("/").authority
    answer = await sign_in(api, Origin=f"https://{host}")

    assert answer.headers["Set-Cookie"].endswith("; Secure")
    api.clock.advance(2 * 86_400)
    renewed = await with_cookie(api, cookie_of(answer), SESSION)
    assert renewed.headers["Set-Cookie"].endswith("; Secure")


async def test_nobody_is_signed_in_at_first(api: Api):
    answer = await api.ask(SESSION, key=None)

    assert await answer.json() == SIGNED_OUT
    assert "Set-Cookie" not in answer.headers


async def test_a_pasted_key_signs_in_with_what_is_around_it(api: Api):
    assert (await sign_in(api, f' "Bearer {KEY}" ')).status == 200


async def test_a_wrong_key_opens_nothing(api: Api):
    answer = await sign_in(api, "wrong")

    error = (await answer.json())["error"]
    assert (answer.status, error["code"]) == (401, "wrong_api_key")
    assert error["parameter"] == "key"
    assert "Set-Cookie" not in answer.headers


async def test_guessing_at_the_sign_in_is_slow_and_holds_up_no_program(api: Api):
    for _guess in range(5):
        assert (await sign_in(api, "wrong")).status == 401

    answer = await sign_in(api)

    assert answer.status == 429
    assert answer.headers["Retry-After"] == "60"
    assert (await api.ask(SITES)).status == 200
    api.clock.advance(60)
    assert (await sign_in(api)).status == 200


async def test_a_session_that_is_used_goes_on(api: Api):
    cookie = cookie_of(await sign_in(api))
    for _day in range(40):
        api.clock.advance(86_400)
        cookie = cookie_of(await with_cookie(api, cookie, SESSION))

    assert (await with_cookie(api, cookie)).status == 200


async def test_a_fresh_session_is_not_sent_again(api: Api):
    cookie = cookie_of(await sign_in(api))
    api.clock.advance(86_399)

    assert "Set-Cookie" not in (await with_cookie(api, cookie, SESSION)).headers


async def test_a_session_that_nobody_uses_ends_after_thirty_days(api: Api):
    cookie = cookie_of(await sign_in(api))
    api.clock.advance(30 * 86_400 - 1)
    assert (await with_cookie(api, cookie)).status == 200
    api.clock.advance(1)

    answer = await with_cookie(api, cookie)

    assert answer.status == 401
    assert (await answer.json())["error"]["code"] == "session_ended"
    assert await (await with_cookie(api, cookie, SESSION)).json() == SIGNED_OUT


async def test_a_clock_that_is_set_right_signs_nobody_out(api: Api):
    api.clock.set(RECORDED_AT + timedelta(days=400))
    cookie = cookie_of(await sign_in(api))
    api.clock.set(RECORDED_AT)

    renewed = await with_cookie(api, cookie, SESSION)

    # and the session is dated by the right clock from now on
    expires = (RECORDED_AT + timedelta(days=30)).isoformat()
    assert (await renewed.json())["expires_at"] == expires
    assert "Set-Cookie" in renewed.headers


async def test_another_key_ends_every_session(api: Api):
    cookie = cookie_of(await sign_in(api))
    api.keys.append(Secret("another-key-of-the-tests-987654321"))

    answer = await with_cookie(api, cookie)

    assert answer.status == 401
    assert (await answer.json())["error"]["code"] == "session_ended"


def forged() -> list[str]:
    """Return cookies that nobody has signed, or that were changed since."""
    response = web.Response()
    set_cookie(response, Session(RECORDED_AT, is_secure=False), Secret(KEY))
    name_and_token = response.headers["Set-Cookie"].partition(";")[0]
    seconds, way, signature = name_and_token.removeprefix(f"{COOKIE}=").split(".")
    later = str(int(seconds) + 1)
    return [
        "",
        "x",
        f"{seconds}.{way}",
        f"{seconds}.{way}.",
        f"{later}.{way}.{signature}",
        f"{seconds}.s.{signature}",
        f"{seconds}.{way}.{'0' * 64}",
        f"{seconds}.{way}.{signature}0",
        f"{'9' * 13}.{way}.{signature}",
    ]


@pytest.mark.parametrize("token", forged())
async def test_a_cookie_that_was_not_signed_opens_nothing(api: Api, token: str):
    answer = await with_cookie(api, {"Cookie": f"{COOKIE}={token}"})

    assert answer.status == 401
    assert (await answer.json())["error"]["code"] == "session_ended"


async def test_a_wrong_key_is_wrong_with_a_session_too(api: Api):
    cookie = cookie_of(await sign_in(api))

    status, error = await api.error(SITES, key="wrong", headers=cookie)

    assert (status, error["code"]) == (401, "wrong_api_key")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://{host}"}, 200),
        ({"Origin": "https://{host}"}, 200),
        ({"Origin": "http://pages.example", "X-Forwarded-Host": "pages.example"}, 200),
        ({"Origin": "http://PAGES.example", "X-Forwarded-Host": "Pages.example"}, 200),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://other.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://{host}"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://{host}"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
async def test_a_session_changes_things_from_our_own_pages_only(
    api: Api, headers: dict[str, str], status: int
):
    cookie = cookie_of(await sign_in(api))
    host = api.client.make_url("/").authority
    sent = {name: value.replace("{host}", host) for name, value in headers.items()}

    answer = await with_cookie(api, cookie, PAUSE, method="POST", headers=sent)

    assert answer.status == status
    assert api.collecting.backfill.stands.is_paused is (status == 200)
    if status == 403:
        assert (await answer.json())["error"]["code"] == "other_origin"


async def test_the_key_changes_things_from_anywhere(api: Api):
    answer = await api.ask(
        PAUSE, method="POST", headers={"Origin": "http://other.example"}
    )

    assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://other.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_no_other_site_signs_a_browser_in(api: Api, headers: dict[str, str]):
    answer = await sign_in(api, **headers)

    assert answer.status == 403
    assert "Set-Cookie" not in answer.headers


async def test_signing_out_removes_the_cookie(api: Api):
    cookie = cookie_of(await sign_in(api))

    answer = await with_cookie(api, cookie, SESSION, method="DELETE")

    assert await answer.json() == SIGNED_OUT
    assert answer.headers["Set-Cookie"].startswith(f"{COOKIE}=; Max-Age=0;")


async def test_a_stream_goes_on_until_its_session_ends(api: Api):
    cookie = cookie_of(await sign_in(api))
    request = make_mocked_request("GET", "/api/events", headers=cookie)
    keys = [Secret(KEY)]
    guard = Guard(lambda: keys[-1], api.clock.now)
    assert guard.still_authenticated(request)

    keys.append(Secret("another-key-of-the-tests-987654321"))

    assert not guard.still_authenticated(request)


async def test_inside_home_assistant_nobody_signs_in(start_app: StartApp):
    ingress = await start_app(ingress_from={"127.0.0.1"})
    let_in = {"needs_key": False, "is_signed_in": True, "expires_at": None}

    async with ingress.get(SESSION) as answer:
        assert await answer.json() == let_in
    async with ingress.post(SESSION, json={"key": "any"}) as answer:
        assert await answer.json() == let_in
        assert "Set-Cookie" not in answer.headers
