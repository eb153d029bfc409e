"""docs/rest-api.md tells the truth: every example is asked, every path is there."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.app import operations
from energy_logger_server.web.http.operation import Access
from tests.server.whole.conftest import KEY, START, StartPrepared, World
from tests.server.whole.rest_examples import (
    PAGE,
    Example,
    examples,
    is_shown,
    matches,
    text_matches,
)

EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))


async def collect(world: World) -> None:
    """Collect once from each source."""
    for source in Source:
        await world.server.collecting.collect_now(source)


@pytest.fixture
async def world(start_prepared: StartPrepared) -> AsyncIterator[World]:
    """A server whose store holds what one run of each source brings."""
    async with start_prepared(collect, START) as started:
        yield started


async def ask(world: World, example: Example) -> str:
    headers = {
        name: value.replace("$KEY", KEY) for name, value in example.headers.items()
    }
    async with (
        ClientSession(headers=headers) as session,
        session.request(
            example.method, f"{world.url}{example.target}", data=example.body
        ) as answer,
    ):
        return await answer.text()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.target)
async def test_an_example_answers_what_the_page_shows(world: World, example: Example):
    found = await ask(world, example)

    assert is_shown(example, found), found


def test_the_page_names_every_operation_and_no_other():
    page = PAGE.read_text(encoding="utf-8")

    rows = re.findall(
        r"^\| `(GET|POST|PUT|DELETE) (\S+?)` \| (key|public) \|", page, re.MULTILINE
    )

    assert sorted(rows) == sorted(
        (
            one.method,
            one.path,
            "public" if one.access is Access.PUBLIC else "key",
        )
        for one in operations()
    )


@pytest.mark.parametrize(
    ("told", "found", "is_match"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 1}, False),
        ([1, "…"], [1, 2, 3], True),
        ([1], [1, 2], False),
        ([1, 2, "…"], [1], False),
        ("…", None, True),
        (1, True, False),
        (1, 2, False),
    ],
)
def test_an_answer_of_the_page_matches_only_what_it_says(
    told: Any, found: Any, is_match: bool
):
    assert matches(told, found) is is_match


def test_lines_of_the_page_match_only_what_they_say():
    assert text_matches("a\nb\n", "a\r\nb\r\n")
    assert text_matches("a\n…\n", "a\nb\nc\n")
    assert not text_matches("a\n", "a\nb\n")


def test_a_command_without_an_answer_is_an_error():
    with pytest.raises(ValueError, match="1 commands of 1 lack answers"):
        examples("```sh\ncurl $URL/api/health\n```\n")


def test_an_unknown_option_is_an_error():
    with pytest.raises(ValueError, match="--compressed"):
        examples("```sh\ncurl --compressed $URL/a\n```\n\n```json\n{}\n```\n")
