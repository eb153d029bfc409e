"""The Amber client: what it asks for, which calls it counts, what it hands on."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import override

import pytest
from aiohttp import web

from energy_logger_server.api import endpoints
from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import (
    SourceError,
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.rate_limit import CallBudget, Counter

TOKEN = f"psk_{32 * '0'}"
SITE_ID = "01S1MS1TEA0000000000000000"
FIRST, LAST = date(2026, 2, 22), date(2026, 2, 28)
PRICE: JsonObject = {
    "type": "ActualInterval",
    "duration": 30,
    "endTime": "2026-02-28T12:00:00Z",
    "perKwh": 15.63436,
    "channelType": "general",
}
USAGE: JsonObject = PRICE | {
    "type": "Usage",
    "channelIdentifier": "E1",
    "kwh": 0.5,
    "cost": 7.8,
}


@pytest.fixture
def client(session, budget, clock, upstream):
    upstream.always(text="[]")
    return AmberClient(
        session, token=TOKEN, budget=budget, now=clock.now, base_url=upstream.base_url
    )


async def sites(client):
    return await client.fetch_sites()


async def prices(client, reserve=0):
    return await client.fetch_prices(SITE_ID, FIRST, LAST, reserve=reserve)


async def current(client, reserve=0):
    return await client.fetch_current_prices(SITE_ID, reserve=reserve)


async def usage(client, reserve=0):
    return await client.fetch_usage(SITE_ID, FIRST, LAST, reserve=reserve)


DAYS = "startDate=2026-02-22&endDate=2026-02-28"
PATHS = [
    pytest.param(sites, "/sites", id="sites"),
    pytest.param(prices, f"/sites/{SITE_ID}/prices", id="prices"),
    pytest.param(current, f"/sites/{SITE_ID}/prices/current", id="current"),
    pytest.param(usage, f"/sites/{SITE_ID}/usage", id="usage"),
]
COUNTERS = [
    pytest.param(sites, Counter.SITE, id="sites"),
    pytest.param(prices, Counter.PRICE, id="prices"),
    pytest.param(current, Counter.PRICE, id="current"),
    pytest.param(usage, Counter.SITE, id="usage"),
]


@pytest.mark.parametrize(("fetch", "path"), PATHS)
async def test_each_fetch_is_one_request_with_the_token(client, upstream, fetch, path):
    answer = await fetch(client)

    assert (answer.records, answer.rejected) == ((), ())
    assert [asked.partition("?")[0] for asked in upstream.asked] == [path]
    assert upstream.headers[0]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("fetch", [prices, usage])
async def test_a_span_of_days_is_all_that_prices_and_usage_ask(client, upstream, fetch):
    await fetch(client)

    assert upstream.asked[0].partition("?")[2] == DAYS


async def test_current_prices_are_asked_for_by_count(client, upstream):
    await client.fetch_current_prices(SITE_ID, next_count=60, previous_count=1)

    assert upstream.asked == [f"/sites/{SITE_ID}/prices/current?next=60&previous=1"]


async def test_a_site_id_cannot_lead_to_another_path(client, upstream):
    await client.fetch_current_prices("../x?y#z")

    assert upstream.asked == ["/sites/..%2Fx%3Fy%23z/prices/current"]


@pytest.mark.parametrize(
    ("fetch", "row"),
    [(prices, PRICE), (current, PRICE), (usage, USAGE)],
    ids=["prices", "current", "usage"],
)
async def test_an_answer_has_its_records_its_rejects_and_its_times(
    client, upstream, clock, fetch, row
):
    upstream.always(
        text=json.dumps([row, None]),
        headers={"Last-Modified": "Sun, 01 Mar 2026 11:59:00 GMT"},
    )

    answer = await fetch(client)

    assert [record.raw for record in answer.records] == [row]
    assert [each.position for each in answer.rejected] == [1]
    assert answer.fetched_at == clock.now()
    assert answer.last_modified == datetime(2026, 3, 1, 11, 59, tzinfo=UTC)


async def test_one_call_gives_the_price_now_when_the_forecasts_fail(
    client, upstream, budget
):
    async def answer(request: web.Request) -> web.Response:
        if "next" in request.query:
            return web.json_response({"message": "Internal server error"}, status=500)
        return web.json_response([PRICE])

    upstream.answering = answer

    body = await client.fetch_current_prices(SITE_ID, next_count=78, previous_count=1)

    assert [record.raw for record in body.records] == [PRICE]
    assert isinstance(body.forecast_error, SourceUnreachable)
    assert body.forecast_error.status == 500
    assert body.forecast_error.__traceback__ is None
    path = f"/sites/{SITE_ID}/prices/current"
    assert upstream.asked == [f"{path}?next=78&previous=1", f"{path}?previous=1"]
    assert budget.snapshot()[1].calls_made == 2


@pytest.mark.parametrize("status", [500, 503, 520, 530])
async def test_a_price_without_forecasts_is_asked_for_once(client, upstream, status):
    upstream.always(status=status)

    with pytest.raises(SourceUnreachable) as caught:
        await client.fetch_current_prices(SITE_ID, next_count=78)

    assert caught.value.status == status
    assert len(upstream.asked) == 2


@pytest.mark.parametrize(
    ("answered", "next_count"),
    [
        pytest.param({"status": 500}, 0, id="no-forecasts-asked-for"),
        pytest.param({"status": 403, "text": "<html>"}, 78, id="a-gateway-refuses"),
        pytest.param({"status": 404}, 78, id="no-such-site"),
        pytest.param({"status": 429}, 78, id="too-many-calls"),
        pytest.param({"text": "<html>"}, 78, id="no-json"),
    ],
)
async def test_what_would_fail_without_forecasts_too_is_not_asked_again(
    client, upstream, answered, next_count
):
    upstream.always(**answered)

    with pytest.raises(SourceError):
        await client.fetch_current_prices(SITE_ID, next_count=next_count)

    assert len(upstream.asked) == 1


async def test_without_a_call_left_for_it_the_first_failure_is_reported(
    client, upstream
):
    upstream.always(
        status=500, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "90"}
    )

    with pytest.raises(SourceUnreachable) as caught:
        await client.fetch_current_prices(SITE_ID, next_count=78)

    assert caught.value.status == 500
    assert len(upstream.asked) == 1


async def test_a_429_in_answer_to_the_second_question_says_how_long_to_wait(
    client, upstream
):
    async def answer(request: web.Request) -> web.Response:
        status = 500 if "next" in request.query else 429
        return web.Response(status=status, headers={"Retry-After": "20"})

    upstream.answering = answer

    with pytest.raises(SourceRateLimited) as caught:
        await client.fetch_current_prices(SITE_ID, next_count=78)

    assert caught.value.status == 429


@pytest.mark.parametrize(("fetch", "path"), PATHS)
async def test_records_of_which_none_can_be_read_are_no_answer(
    client, upstream, fetch, path
):
    body = json.dumps([{"perKwh": "15"}, None])
    upstream.always(text=body)

    with pytest.raises(SourceUnreadable, match="no record can be read") as caught:
        await fetch(client)

    assert (caught.value.sample, caught.value.path) == (body, path)


async def test_sites_are_read(client, upstream):
    upstream.always(text='[{"id": "x", "channels": []}]')

    answer = await client.fetch_sites()

    assert [site.id for site in answer.records] == ["x"]
    assert answer.last_modified is None


async def test_a_long_answer_is_read_completely_and_in_order(client, upstream):
    rows = [PRICE | {"perKwh": number} for number in range(6048)]
    upstream.always(text=json.dumps(rows))

    answer = await prices(client)

    cents = [record.price_cents_per_kwh for record in answer.records]
    assert cents == list(range(6048))


@pytest.mark.parametrize(("fetch", "path"), PATHS)
@pytest.mark.parametrize("body", ['{"message": "no"}', "null", '"[]"'])
async def test_what_is_no_list_is_unreadable(client, upstream, fetch, path, body):
    upstream.always(text=body)

    with pytest.raises(SourceUnreadable, match="no list") as caught:
        await fetch(client)

    assert (caught.value.sample, caught.value.path) == (body, path)


@pytest.mark.parametrize(("fetch", "counter"), COUNTERS)
async def test_each_fetch_draws_on_its_counter(client, budget, fetch, counter):
    await fetch(client)

    made = {each.counter: each.calls_made for each in budget.snapshot()}
    assert made == {each: int(each is counter) for each in Counter}


@pytest.mark.parametrize(("fetch", "counter"), COUNTERS)
async def test_without_budget_left_nothing_is_asked(
    client, upstream, budget, fetch, counter
):
    assert budget.acquire(counter) is None
    budget.note(counter, {"RateLimit-Remaining": "0", "RateLimit-Reset": "90"}, 200)

    with pytest.raises(SourceRateLimited) as caught:
        await fetch(client)

    assert upstream.asked == []
    assert caught.value.status is None
    resets_at = {each.counter: each.resets_at for each in budget.snapshot()}
    assert caught.value.retry_at == resets_at[counter]


@pytest.mark.parametrize("fetch", [prices, current, usage])
async def test_backfill_leaves_its_reserve(client, budget, fetch):
    for counter in Counter:
        assert budget.acquire(counter) is None
        headers = {"RateLimit-Remaining": "15", "RateLimit-Reset": "90"}
        budget.note(counter, headers, 200)

    with pytest.raises(SourceRateLimited):
        await fetch(client, reserve=15)

    assert (await fetch(client)).records == ()


async def test_the_headers_of_every_answer_teach_the_budget(client, upstream, budget):
    upstream.always(
        status=404, headers={"RateLimit-Remaining": "31", "RateLimit-Reset": "90"}
    )

    with pytest.raises(Exception, match="does not exist"):
        await client.fetch_sites()

    assert budget.snapshot()[0].remaining == 31


async def test_a_429_without_headers_is_met_by_backing_off(client, upstream, clock):
    upstream.always(status=429)
    waits = []
    for _ in range(3):
        with pytest.raises(SourceRateLimited) as caught:
            await client.fetch_sites()
        assert caught.value.status == 429
        waits.append((caught.value.retry_at - clock.now()).total_seconds())
        clock.set(caught.value.retry_at)

    assert waits == [1, 2, 4]


async def test_a_429_whose_wait_has_passed_meanwhile_keeps_the_word_of_upstream(
    session, upstream, clock
):
    class Leaping(CallBudget):
        """Half an hour goes by before it is asked again: the machine slept."""

        @override
        def note(self, counter, headers, status) -> None:
            super().note(counter, headers, status)
            clock.advance(1800)

    upstream.always(status=429, headers={"Retry-After": "20"})
    client = AmberClient(
        session,
        token=TOKEN,
        budget=Leaping(clock.now),
        now=clock.now,
        base_url=upstream.base_url,
    )

    with pytest.raises(SourceRateLimited) as caught:
        await client.fetch_sites()

    assert caught.value.retry_at == clock.now() + timedelta(seconds=20)


async def test_a_call_that_was_cancelled_is_over_for_the_budget(
    client, upstream, budget
):
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def waiting(_request: web.Request) -> web.Response:
        has_begun.set()
        await may_end.wait()
        return web.json_response([])

    upstream.answering = waiting
    fetching = asyncio.create_task(client.fetch_sites())
    await has_begun.wait()
    assert budget.snapshot()[0].in_flight == 1

    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    may_end.set()

    assert budget.snapshot()[0].in_flight == 0


async def test_a_connection_that_breaks_counts_as_a_call(
    session, raw_upstream, budget, clock
):
    client = AmberClient(
        session,
        token=TOKEN,
        budget=budget,
        now=clock.now,
        base_url=await raw_upstream(b""),
    )

    with pytest.raises(SourceUnreachable):
        await client.fetch_sites()

    site = budget.snapshot()[0]
    assert (site.remaining, site.in_flight, site.calls_made) == (49, 0, 1)


async def test_a_linked_client_asks_without_end(session, upstream, clock):
    upstream.always(text="[]")
    client = AmberClient(
        session, token=TOKEN, budget=None, now=clock.now, base_url=upstream.base_url
    )

    for _ in range(60):
        await client.fetch_sites()

    assert len(upstream.asked) == 60


async def test_a_linked_client_obeys_a_429_all_the_same(session, upstream, clock):
    upstream.always(status=429, headers={"Retry-After": "5"})
    client = AmberClient(
        session, token=TOKEN, budget=None, now=clock.now, base_url=upstream.base_url
    )

    with pytest.raises(SourceRateLimited) as caught:
        await client.fetch_sites()

    assert caught.value.retry_at == clock.now() + timedelta(seconds=5)


@pytest.mark.parametrize("token", ["", "  ", "psk_\nX-Evil: 1", "schlüssel", "a\0b"])
async def test_what_can_be_no_key_is_refused_without_a_request(
    session, upstream, clock, budget, token
):
    client = AmberClient(
        session, token=token, budget=budget, now=clock.now, base_url=upstream.base_url
    )

    with pytest.raises(SourceRefused):
        await client.fetch_sites()

    assert upstream.asked == []
    assert budget.snapshot()[0].calls_made == 0


async def test_blanks_around_a_pasted_token_do_no_harm(session, upstream, clock):
    upstream.always(text="[]")
    client = AmberClient(
        session,
        token=f" {TOKEN}\n",
        budget=None,
        now=clock.now,
        base_url=f"{upstream.base_url}/v1/",
    )

    await client.fetch_sites()

    assert upstream.headers[0]["Authorization"] == f"Bearer {TOKEN}"
    assert upstream.asked == ["/v1/sites"]


async def test_the_public_address_is_read_at_call_time(
    session, upstream, clock, monkeypatch
):
    upstream.always(text="[]")
    client = AmberClient(session, token=TOKEN, budget=None, now=clock.now)
    assert endpoints.AMBER_BASE_URL == "https://api.amber.com.au/v1"
    monkeypatch.setattr(endpoints, "AMBER_BASE_URL", f"{upstream.base_url}/moved")

    await client.fetch_sites()

    assert upstream.asked == ["/moved/sites"]


@pytest.mark.virtual_time
async def test_the_time_limit_is_the_callers(session, upstream, clock, budget):
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(20)
        return web.json_response([])

    upstream.answering = slow
    client = AmberClient(
        session,
        token=TOKEN,
        budget=budget,
        now=clock.now,
        base_url=upstream.base_url,
        timeout_s=10,
    )

    with pytest.raises(SourceUnreachable, match="within 10 s"):
        await client.fetch_sites()


async def test_a_client_shows_no_token(client):
    assert TOKEN not in repr(client)
