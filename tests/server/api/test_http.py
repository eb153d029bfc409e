"""Every way in which a request can fail leaves as one typed error without a key."""

import asyncio
import gzip
import json
import socket
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from energy_logger_server.api.errors import (
    RangeTooLarge,
    SourceError,
    SourceMissing,
    SourceRateLimited,
    SourceRefused,
    SourceRejected,
    SourceUnreachable,
    SourceUnreadable,
)
from energy_logger_server.api.http import HttpAnswer, get_json

KEY = "psk_0123456789abcdef0123456789abcdef"
BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def ask(session, clock):
    async def asked(url, **options: Any) -> HttpAnswer:
        return await get_json(
            session, url, source="amber", path="/sites", now=clock.now, **options
        )

    return asked


def chain_of(err: BaseException) -> str:
    """Return all that a log could show of an error: texts, reprs and causes."""
    parts = ["".join(traceback.format_exception(err))]
    each: BaseException | None = err
    while each is not None:
        parts += [str(each), repr(each), repr(vars(each))]
        each = each.__cause__ or each.__context__
    return "\n".join(parts)


async def test_a_good_answer_has_its_json_its_headers_and_the_time_of_its_arrival(
    ask, upstream, clock
):
    upstream.always(text="[1.5]", headers={"RateLimit-Remaining": "7"})

    answer = await ask(f"{upstream.base_url}/sites", params={"next": "3"})

    assert (answer.status, answer.json) == (200, [1.5])
    assert answer.fetched_at == clock.now()
    assert answer.headers["ratelimit-remaining"] == "7"
    assert answer.sample == "[1.5]"
    assert upstream.asked == ["/sites?next=3"]


async def test_an_answer_has_the_time_of_who_sent_it(ask, upstream):
    upstream.always(text="[]", headers={"Date": "Sun, 01 Mar 2026 11:58:00 GMT"})

    answer = await ask(upstream.base_url)

    assert answer.server_time == datetime(2026, 3, 1, 11, 58, tzinfo=UTC)


async def test_an_answer_may_tell_no_time(ask, raw_upstream):
    url = await raw_upstream(HEAD + b"Content-Length: 2\r\n\r\n[]")

    assert (await ask(url)).server_time is None


@pytest.mark.parametrize(
    ("headers", "wait_s"), [({"Retry-After": "13"}, 13), ({}, None)]
)
async def test_a_server_that_cannot_answer_now_may_say_when_it_can(
    ask, upstream, clock, headers, wait_s
):
    upstream.always(status=503, text="{}", headers=headers)

    with pytest.raises(SourceUnreachable) as caught:
        await ask(upstream.base_url)

    wait = None if wait_s is None else clock.now() + timedelta(seconds=wait_s)
    assert (caught.value.retry_at, caught.value.status) == (wait, 503)


async def test_a_long_body_keeps_every_digit_too(ask, upstream):
    rows = [0.12345678901234567] * 20_000
    upstream.always(text=json.dumps(rows))

    answer = await ask(upstream.base_url)

    assert answer.json == rows


async def test_packed_bodies_are_unpacked(ask, upstream):
    upstream.always(
        body=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"}
    )

    answer = await ask(upstream.base_url)

    assert answer.json == {"a": 1}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (304, SourceUnreachable),
        (400, SourceRejected),
        (401, SourceUnreachable),
        (403, SourceUnreachable),
        (404, SourceMissing),
        (405, SourceRejected),
        (418, SourceRejected),
        (422, RangeTooLarge),
        (429, SourceRateLimited),
        (500, SourceUnreachable),
        (502, SourceUnreachable),
        (504, SourceUnreachable),
        (599, SourceUnreachable),
    ],
)
async def test_each_status_is_one_error(ask, upstream, status, error):
    upstream.always(status=status)

    with pytest.raises(SourceError) as caught:
        await ask(upstream.base_url)

    assert type(caught.value) is error
    assert caught.value.status == status
    assert str(caught.value).startswith("amber /sites: ")


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"message": "User is not authorized"}', id="amber"),
        pytest.param('{"error": {"code": "unauthorized"}}', id="our-server"),
        pytest.param("{}", id="nothing-said"),
    ],
)
async def test_a_key_is_refused_by_the_api_itself(ask, upstream, status, body):
    upstream.always(status=status, text=body)

    with pytest.raises(SourceRefused) as caught:
        await ask(upstream.base_url, headers=BEARER)

    assert caught.value.status == status


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>Access denied</html>", id="web-page"),
        pytest.param(b"Forbidden", id="text"),
        pytest.param(b'["no"]', id="list"),
        pytest.param(b'{"message": "cut', id="cut-off"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
        pytest.param(b'{"message": "' + 70_000 * b"x" + b'"}', id="endless"),
    ],
)
async def test_a_gateway_that_refuses_says_nothing_about_the_key(
    ask, upstream, status, body
):
    upstream.always(status=status, body=body)

    with pytest.raises(SourceUnreachable, match="not the API's own answer") as caught:
        await ask(upstream.base_url, headers=BEARER)

    assert caught.value.status == status
    assert str(status) in str(caught.value)


async def test_a_refusal_that_arrives_in_pieces_is_read_whole(ask, upstream):
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=403)
        await response.prepare(request)
        for piece in (b'{"message":', b' "not ', b'authorized"}'):
            await response.write(piece)
        return response

    upstream.answering = answer

    with pytest.raises(SourceRefused):
        await ask(upstream.base_url, headers=BEARER)


RESET_120 = {"RateLimit-Reset": "120"}


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        pytest.param(RESET_120, 120, id="reset"),
        pytest.param(RESET_120 | {"Retry-After": "5"}, 120, id="reset-comes-first"),
        pytest.param(
            RESET_120 | {"Date": "Sat, 01 Jan 2000 00:00:00 GMT"},
            120,
            id="server-clock-is-wrong",
        ),
        pytest.param({"Retry-After": "7"}, 7, id="retry-after-seconds"),
        pytest.param(
            {
                "Retry-After": "Sat, 01 Jan 2000 00:00:30 GMT",
                "Date": "Sat, 01 Jan 2000 00:00:00 GMT",
            },
            30,
            id="retry-after-date-of-a-wrong-clock",
        ),
        pytest.param({}, 60, id="nothing"),
        pytest.param({"RateLimit-Reset": "soon"}, 60, id="garbled"),
    ],
)
async def test_a_429_says_when_to_come_back_by_our_clock(
    ask, upstream, clock, headers, wait_s
):
    upstream.always(status=429, headers=headers)

    with pytest.raises(SourceRateLimited) as caught:
        await ask(upstream.base_url)

    assert caught.value.retry_at == clock.now() + timedelta(seconds=wait_s)


async def test_a_rejected_request_shows_what_the_utility_says_of_it(ask, upstream):
    upstream.always(status=400, text='{"message": "bad date"}')

    with pytest.raises(SourceRejected, match="bad date"):
        await ask(upstream.base_url)


async def test_the_headers_of_failures_are_reported_as_well(ask, upstream):
    upstream.always(status=403, text="{}", headers={"RateLimit-Remaining": "3"})
    seen = []

    with pytest.raises(SourceRefused):
        await ask(
            upstream.base_url,
            on_headers=lambda status, headers: seen.append(
                (status, headers["RateLimit-Remaining"])
            ),
        )

    assert seen == [(403, "3")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>down</html>", id="html"),
        pytest.param(b'[{"perKwh": 1.2}, {"per', id="cut-off"),
        pytest.param(b'["\xff"]', id="not-utf-8"),
        pytest.param(b'["\\ud800"]', id="half-a-surrogate-pair"),
        pytest.param(b"[" * 200_000, id="nested"),
    ],
)
async def test_a_body_that_is_no_json_is_unreadable_and_shown(ask, upstream, body):
    upstream.always(body=body)

    with pytest.raises(SourceUnreadable) as caught:
        await ask(upstream.base_url)

    assert caught.value.sample == body[:2000].decode(errors="replace")


async def test_a_body_is_read_up_to_its_limit_and_no_further(ask, upstream):
    upstream.always(text='["' + 96 * "x" + '"]')

    answer = await ask(upstream.base_url, max_bytes=100)
    with pytest.raises(SourceUnreadable, match="above 99 bytes") as caught:
        await ask(upstream.base_url, max_bytes=99)

    assert answer.json == [96 * "x"]
    assert caught.value.sample.startswith('["xxx')


async def test_the_limit_counts_unpacked_bytes(ask, upstream):
    upstream.always(
        body=gzip.compress(b" " * 500_000), headers={"Content-Encoding": "gzip"}
    )

    with pytest.raises(SourceUnreadable, match="above 100,000 bytes"):
        await ask(upstream.base_url, max_bytes=100_000)


async def test_a_sample_can_be_stored_by_any_database(ask, upstream):
    upstream.always(body=b"a\0b")

    with pytest.raises(SourceUnreadable) as caught:
        await ask(upstream.base_url)

    assert caught.value.sample == "a\ufffdb"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"", id="closed-before-any-answer"),
        pytest.param(HEAD, id="closed-in-the-headers"),
        pytest.param(
            HEAD + b"Content-Length: 50\r\n\r\n[1, 2", id="closed-in-the-body"
        ),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n",
            id="closed-between-chunks",
        ),
        pytest.param(
            HEAD
            + b"Content-Encoding: gzip\r\nContent-Length: 50\r\n\r\n"
            + gzip.compress(b"[1, 2, 3]")[:20],
            id="closed-in-a-packed-body",
        ),
        pytest.param(
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n[1,2]",
            id="not-packed-as-it-says",
        ),
        pytest.param(b"HTTP/1.1 what? OK\r\n\r\n", id="no-http"),
        pytest.param(
            b"HTTP/1.1 400 Bad\r\nContent-Length: 50\r\n\r\n", id="closed-in-a-refusal"
        ),
    ],
)
async def test_a_connection_that_breaks_anywhere_is_unreachable(
    ask, raw_upstream, reply
):
    url = await raw_upstream(reply)

    with pytest.raises(SourceUnreachable) as caught:
        await ask(url, headers=BEARER)

    assert caught.value.status is None
    assert KEY not in chain_of(caught.value)


async def test_a_packed_body_that_ends_too_early_is_unreadable(ask, raw_upstream):
    packed = gzip.compress(json.dumps(list(range(500))).encode())[:300]
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 300\r\n\r\n"

    with pytest.raises(SourceUnreadable):
        await ask(await raw_upstream(head + packed))


async def test_nobody_listening_is_unreachable(ask):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(SourceUnreachable):
        await ask(f"http://127.0.0.1:{port}/")


async def test_an_address_that_is_none_is_unreachable(ask):
    with pytest.raises(SourceUnreachable, match="InvalidUrl"):
        await ask("http:///nowhere")


@pytest.mark.virtual_time
@pytest.mark.parametrize("sends_headers", [False, True], ids=["silent", "drips"])
async def test_the_time_limit_spans_headers_and_body(ask, upstream, sends_headers):
    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if not sends_headers:
            await asyncio.sleep(3600)
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(1)

    upstream.answering = slow
    started_s = asyncio.get_running_loop().time()

    with pytest.raises(SourceUnreachable, match="within 30 s"):
        await ask(upstream.base_url)

    assert asyncio.get_running_loop().time() - started_s == pytest.approx(30, abs=1)


@pytest.mark.virtual_time
async def test_a_limit_above_that_of_the_session_holds(ask, upstream):
    async def late(_request: web.Request) -> web.Response:
        await asyncio.sleep(400)
        return web.json_response([])

    upstream.answering = late

    answer = await ask(upstream.base_url, timeout_s=500)

    assert answer.json == []


@pytest.mark.parametrize(
    "headers", [BEARER, {"x-api-key": KEY}], ids=["bearer", "api-key"]
)
async def test_a_key_goes_nowhere_else_by_a_redirect(ask, upstream, headers):
    upstream.always(status=302, headers={"Location": f"{upstream.base_url}/thief"})

    with pytest.raises(SourceUnreachable, match="302"):
        await ask(f"{upstream.base_url}/sites", headers=headers)

    assert upstream.asked == ["/sites"]


async def test_a_request_without_key_follows_a_redirect(ask, upstream):
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/old":
            raise web.HTTPMovedPermanently("/new")
        return web.json_response(["new"])

    upstream.answering = answer

    found = await ask(f"{upstream.base_url}/old")

    assert found.json == ["new"]


async def test_turning_in_circles_is_unreachable(ask, upstream):
    upstream.always(status=302, headers={"Location": "/again"})

    with pytest.raises(SourceUnreachable, match="TooManyRedirects"):
        await ask(f"{upstream.base_url}/again")


@pytest.mark.parametrize("status", [200, 400, 403, 500])
@pytest.mark.parametrize(
    "headers", [BEARER, {"X-API-Key": KEY}], ids=["bearer", "api-key"]
)
async def test_a_key_that_comes_back_in_a_body_stays_secret(
    ask, upstream, status, headers
):
    upstream.always(status=status, text=f"you sent {KEY} and Bearer {KEY}")

    with pytest.raises(SourceError) as caught:
        await ask(upstream.base_url, headers=headers)

    assert KEY not in chain_of(caught.value)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("before", [7971, 7984, 7999, 8001])
async def test_a_key_that_is_cut_in_two_stays_secret(ask, upstream, status, before):
    upstream.always(
        status=status, body=((before - 7900) * "x" + KEY * 300).encode()[:before]
    )

    with pytest.raises(SourceError) as caught:
        await ask(upstream.base_url, headers=BEARER)

    assert KEY[:9] not in chain_of(caught.value)


async def test_cancelling_a_request_is_no_failure_of_the_utility(ask, upstream):
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def waiting(_request: web.Request) -> web.Response:
        has_begun.set()
        await may_end.wait()
        return web.json_response([])

    upstream.answering = waiting
    asking = asyncio.create_task(ask(upstream.base_url))
    await has_begun.wait()

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking
    may_end.set()


async def test_the_arrival_is_reported_in_utc(session, upstream):
    upstream.always(text="[]")
    arrival = datetime(2026, 3, 1, tzinfo=UTC)

    answer = await get_json(
        session, upstream.base_url, source="kamo", path="/", now=lambda: arrival
    )

    assert answer.fetched_at is arrival


def test_an_answer_shows_no_body_in_its_repr():
    answer = HttpAnswer(
        status=200,
        headers={"a": "secret"},
        json=["secret"],
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
        sample="secret",
    )

    assert "secret" not in repr(answer)


async def test_a_session_with_a_shorter_limit_of_its_own_does_not_cut_ours(
    clock, upstream
):
    upstream.always(text="[]")
    own = aiohttp.ClientTimeout(total=0.000001)

    async with aiohttp.ClientSession(timeout=own) as session:
        answer = await get_json(
            session, upstream.base_url, source="kamo", path="/", now=clock.now
        )

    assert answer.json == []
