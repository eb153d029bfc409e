"""Answers are kept for a second or until something is stored, and are the same."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web

from energy_logger_server.web.http.kept_answers import KeptAnswers
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.answers import areas, grid, hourly_loads, recording
from tests.server.web.conftest import Api

CURRENT = "/api/load/current/3"
HOUR = timedelta(hours=1)


def sent(answer: ClientResponse) -> dict[str, str]:
    """Return the headers of an answer, but for the time at which it was sent."""
    return {name: text for name, text in answer.headers.items() if name != "Date"}


@pytest.mark.parametrize(
    "path",
    [
        "/api/load/current/1",
        "/api/load/history/1?hours=24&limit=2",
        "/api/load/history/1?hours=24&format=csv",
        "/api/substations/current/1",
        "/api/cooperatives",
    ],
)
async def test_an_answer_is_the_same_when_it_is_given_again(api: Api, path: str):
    await api.collector.run(*recording())

    made, again, head = [
        await api.ask(path, method=method) for method in ("GET", "GET", "HEAD")
    ]

    assert made.status == again.status == head.status == 200
    assert await again.text() == await made.text() != ""
    assert sent(again) == sent(made) == sent(head)


async def test_what_has_been_stored_shows_within_the_same_second(api: Api):
    status, _error = await api.error(CURRENT)
    assert status == 404
    await api.collector.run(areas(), grid(3, hourly_loads(10, first=RECORDED_AT)))
    first = await api.get(CURRENT), await api.get("/api/status")
    await api.collector.run(grid(3, hourly_loads(10, 11, first=RECORDED_AT)))
    second = await api.get(CURRENT), await api.get("/api/status")

    assert (first[0]["load_kw"], second[0]["load_kw"]) == (10.0, 11.0)
    assert [one[1]["imports_last_24h"] for one in (first, second)] == [1, 2]


async def test_what_another_program_has_stored_shows_too(api: Api, tmp_path: Path):
    await api.collector.run(areas(), grid(3, hourly_loads(10, first=RECORDED_AT)))
    before = await api.get(CURRENT)
    with closing(sqlite3.connect(tmp_path / "energy.db")) as other:
        other.execute("UPDATE load SET load_e1 = 990, extra = NULL")
        other.commit()

    assert (before["load_kw"], (await api.get(CURRENT))["load_kw"]) == (10.0, 99.0)


async def test_the_last_hours_go_on_with_the_clock(api: Api):
    path = "/api/load/history/3?hours=1"
    await api.collector.run(areas(), grid(3, hourly_loads(10, 11, first=RECORDED_AT)))
    found = []
    for _hour in range(3):
        found.append([row["load_kw"] for row in (await api.get(path))["data"]])
        api.clock.set(api.clock.now() + HOUR)

    assert found == [[10.0], [10.0, 11.0], [11.0]]


def test_only_what_is_good_small_and_still_true_is_kept():
    stored = [1]
    answers = KeptAnswers(lambda: stored[0], lambda: RECORDED_AT)
    mark = answers.mark()
    assert answers.find(mark, "/a") is None
    answers.keep(mark, "/a", web.Response(body=b"a"))
    answers.keep(mark, "/wrong", web.Response(body=b"b", status=404))
    answers.keep(mark, "/stream", web.StreamResponse())
    answers.keep(mark, "/large", web.Response(body=bytes(2**18)))
    for number in range(20):
        answers.keep(mark, f"/many/{number}", web.Response(body=bytes(2**16)))

    kept = answers.find(mark, "/a")
    assert kept is not None
    assert kept.body == b"a"
    assert {answers.find(mark, name) for name in ("/wrong", "/stream", "/large")} == {
        None
    }
    assert sum(answers.find(mark, f"/many/{one}") is not None for one in range(20)) < 16

    stored[0] = 2
    assert answers.find(answers.mark(), "/a") is None
    # made of what was stored before
    answers.keep(mark, "/a", web.Response(body=b"a"))
    assert answers.find(answers.mark(), "/a") is None
