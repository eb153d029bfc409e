"""Secrets planted in every setting come out nowhere."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession

from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import SETTINGS
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.web.app import operations
from tests.server.whole.conftest import SHALLOW, START, StartWorld, World

PLANTED = {
    "AMBER_API_KEY": "psk_planted0amber0token0planted0amber",
    "API_KEY": "planted-api-key-0123456789",
    "SMTP_PASSWORD": "planted-smtp-password",
    "NOTIFICATION_URLS": "json://127.0.0.1:1/planted-token-of-a-service",
    "DATABASE_URL": "planted-database-password",
    "SUPERVISOR_TOKEN": "planted-supervisor-token-0123456789",
}
PARTS = {
    "date": "2026-01-04",
    "id": "1",
    "key": "API_KEY",
    "kind": "load",
    "name": "runs",
    "owner": "1",
}
"""What stands for the parts of a path where no area or site does."""


@dataclass(slots=True)
class Heard:
    """Everything that came out, and where."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, text: str) -> None:
        """Remember a text."""
        self.texts.append((place, text))

    def leaks(self) -> list[tuple[str, str]]:
        """Return where which secret came out."""
        return [
            (place, name)
            for place, text in self.texts
            for name, secret in PLANTED.items()
            if secret in text
        ]


def test_a_secret_is_planted_in_every_setting_that_is_one():
    assert {setting.name for setting in SETTINGS if setting.is_secret} == {*PLANTED}


@pytest.fixture
async def world(start_world: StartWorld, postgres_url: str) -> AsyncIterator[World]:
    """A server whose every secret is marked, after one run of each source."""
    address = postgres_url.replace(
        "//energy@", f"//energy:{PLANTED['DATABASE_URL']}@", 1
    )
    async with start_world(
        amber=replace(SHALLOW, token_valid=PLANTED["AMBER_API_KEY"]),
        **{**PLANTED, "DATABASE_URL": address},
    ) as started:
        for source in Source:
            await started.server.collecting.collect_now(source)
        yield started


async def ask(session: ClientSession, method: str, url: str, heard: Heard) -> int:
    """Ask, and remember the answer; of a stream, what it begins with."""
    async with session.request(
        method, url, json={"value": "x", "settings": {"API_KEY": "y"}}
    ) as answer:
        is_stream = answer.content_type == "text/event-stream"
        body = await (answer.content.readany() if is_stream else answer.read())
        text = body.decode(errors="replace")
        heard.add(f"{method} {url}", f"{answer.headers} {text}")
        return answer.status


async def paths(world: World) -> list[tuple[str, str]]:
    """Return method and path of every operation, with parts that exist."""
    sites: Any = await world.get("/api/sites")
    parts = {
        **PARTS,
        "area": "1",
        "site": sites["sites"][0]["id"],
        "substation": "Battlefield",
    }
    return [(one.method, one.path.format(**parts)) for one in operations()]


@pytest.mark.postgres
async def test_no_answer_and_no_line_of_the_log_holds_a_secret(
    world: World, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    heard = Heard()
    world.simulator.faults.clear()

    async with ClientSession(headers=world.client.headers) as session:
        answers = []
        for method, path in await paths(world):
            for suffix in ("", "?no=such", "?limit=-1"):
                url = f"{world.url}{path}{suffix}"
                answers.append(await ask(session, method, url, heard))
        await ask(session, "GET", f"{world.url}/api/settings/api_key", heard)
        await ask(session, "GET", f"{world.url}/%00", heard)
    heard.add("the log", caplog.text)
    heard.add("the server", repr(world.server))

    assert 200 in answers
    assert 400 in answers
    assert heard.leaks() == []


async def test_a_database_out_of_reach_is_reported_without_its_password(
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    address = Secret(f"postgresql://me:{PLANTED['DATABASE_URL']}@127.0.0.1:1/energy")

    with pytest.raises(StoreUnavailable) as err:
        await Store.open(address.reveal(), _Clock())

    assert PLANTED["DATABASE_URL"] not in f"{err.value!r} {err.value} {caplog.text}"


class _Clock:
    def now(self) -> Any:
        return START


async def test_a_refused_token_is_reported_without_it(
    start_world: StartWorld, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    heard = Heard()

    async with start_world(AMBER_API_KEY=PLANTED["AMBER_API_KEY"]) as world:
        run = await world.server.collecting.collect_now(Source.AMBER)
        heard.add("the run", repr(replace(run)))
        heard.add("status", str(await world.get("/api/status")))
        heard.add("the log", caplog.text)

    assert run.end is not None
    assert run.end.failures
    assert heard.leaks() == []
