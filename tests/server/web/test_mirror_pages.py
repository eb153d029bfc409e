"""Long lists: sent page by page, as fast as they are read, whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store.amber.original import OriginalPage, PageToken
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.http import slow_readers as patience
from energy_logger_server.web.http.errors import answer_errors
from energy_logger_server.web.mirror.pages import list_reply

MEGABYTE: JsonObject = {"text": "x" * 1_000_000}


@dataclass
class Pages:
    """A store of pages that counts those it gave.

    Attributes:
        total: How many there are.
        given: How many were read.
        breaks_at: The page that cannot be read.
        empty_at: The page whose records are gone when it is read.
        may_go_on: The pages behind the first one are read when it is set.
        answered: Set when the answer is over, however it ended.
    """

    total: int
    given: int = 0
    breaks_at: int | None = None
    empty_at: int | None = None
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_go_on.set()

    @property
    def store(self) -> "Pages":
        """These stand for the dependencies as well."""
        return self

    async def read[Result](self, query: Callable[[Any], Result]) -> Result:
        """Return the query's result."""
        if self.given:
            await self.may_go_on.wait()
        return query(None)

    def page(
        self, _connection: Any, place: PageToken | None, _limit: int
    ) -> OriginalPage:
        """Return the page at a place, a megabyte long."""
        number = 0 if place is None else place.end_at
        assert number == self.given
        if number == self.breaks_at:
            raise StoreUnavailable("the disk is gone")
        self.given += 1
        behind = PageToken(1, number + 1, 5) if number + 1 < self.total else None
        if number == self.empty_at:
            return OriginalPage([], behind)
        return OriginalPage([{**MEGABYTE, "number": number}], behind)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer with the list of all pages."""
        try:
            return await list_reply(request, self.page, {"Last-Modified": "then"})
        finally:
            self.answered.set()


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks for pages."""

    session: aiohttp.ClientSession
    serve: Callable[[Pages], Any]


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    runners: list[web.AppRunner] = []

    async def serve(pages: Pages) -> str:
        app = web.Application(middlewares=[answer_errors])
        app[DEPS] = pages  # type: ignore[misc]
        app.router.add_get("/", pages.handle)
        # as the server does it: whoever goes away cancels nothing
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    async with aiohttp.ClientSession() as session:
        yield Asking(session, serve)
    for runner in runners:
        await runner.cleanup()


async def test_a_long_list_is_one_json_list_of_all_pages(asking: Asking):
    url = await asking.serve(Pages(5))

    async with asking.session.get(url) as answer:
        numbers = [record["number"] for record in await answer.json()]

    assert numbers == [0, 1, 2, 3, 4]
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Last-Modified"] == "then"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("empty_at", [1, 2])
async def test_records_that_were_superseded_meanwhile_leave_a_whole_list(
    asking: Asking, empty_at: int
):
    url = await asking.serve(Pages(3, empty_at=empty_at))

    async with asking.session.get(url) as answer:
        numbers = [record["number"] for record in await answer.json()]

    assert numbers == [number for number in range(3) if number != empty_at]


async def test_a_list_of_one_page_tells_its_length(asking: Asking):
    url = await asking.serve(Pages(1))

    async with asking.session.get(url) as answer:
        [record] = await answer.json()

    assert record["number"] == 0
    assert int(answer.headers["Content-Length"]) > 1_000_000


async def test_pages_are_read_as_fast_as_they_are_taken(asking: Asking):
    pages = Pages(2000)
    url = await asking.serve(pages)

    async with asking.session.get(url):
        for _turn in range(3000):
            await asyncio.sleep(0)
        # what the sockets hold was read, no more
        assert 1 <= pages.given < 100


async def test_a_reader_who_goes_away_ends_the_work(
    asking: Asking, caplog: pytest.LogCaptureFixture
):
    pages = Pages(10**9)
    url = await asking.serve(pages)

    async with asking.session.get(url) as answer:
        await answer.content.readexactly(2_000_000)
        answer.close()
    await pages.answered.wait()

    assert pages.given < 1000
    assert not caplog.records


async def test_a_reader_who_goes_away_while_a_page_is_read_ends_it_too(
    asking: Asking, caplog: pytest.LogCaptureFixture
):
    pages = Pages(10**9)
    pages.may_go_on.clear()
    url = await asking.serve(pages)

    async with asking.session.get(url) as answer:
        await answer.content.readexactly(1_000_000)
        answer.close()
    pages.may_go_on.set()
    await pages.answered.wait()

    assert pages.given < 1000
    assert not caplog.records


async def test_a_reader_who_takes_nothing_is_given_up(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.05)
    pages = Pages(10**9)
    url = await asking.serve(pages)

    async with asking.session.get(url) as answer:
        await answer.content.readexactly(1)
        await pages.answered.wait()
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()

    assert pages.given < 1000
    assert "takes nothing" in caplog.text


async def test_a_list_that_breaks_off_does_not_pass_for_a_whole_one(asking: Asking):
    pages = Pages(5, breaks_at=3)
    url = await asking.serve(pages)

    async with asking.session.get(url) as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    await pages.answered.wait()


async def test_a_list_whose_first_page_breaks_is_a_plain_error(asking: Asking):
    url = await asking.serve(Pages(5, breaks_at=0))

    async with asking.session.get(url) as answer:
        assert answer.status == 503
        assert (await answer.json())["error"]["code"] == StoreUnavailable.code
