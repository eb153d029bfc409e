"""Cursors of pages: opaque texts, good for the list and the order that made them."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.page_cursor import CURSOR, ListOrder, is_count
from tests.server.web.answers import areas, grid, table
from tests.server.web.conftest import Api

COUNTS = st.integers(0, 10**12 - 1)
BY_TWO = ListOrder("two", (is_count, is_count))
LISTS = {
    "/api/load/history/1?limit=1": "cursor",
    "/api/substations/history/1?limit=1": "cursor",
    "/api/gaps?limit=1": "cursor",
    "/api/runs?limit=1": "cursor",
    "/api/tables/runs?limit=1": "cursor",
    "/api/statistics/load/1?limit=1": "since",
    "/api/statistics/load/2?limit=1": "since",
}
"""Paths, and the parameter that a cursor is sent as."""


def made_up(value: Any) -> str:
    """Return a value as a cursor has it."""
    return urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@given(COUNTS, COUNTS)
def test_a_cursor_gives_back_its_values(first: int, second: int):
    text = BY_TWO.cursor((first, second))

    assert CURSOR(text) == text
    assert BY_TWO.values(text) == (first, second)


@pytest.mark.parametrize(
    "text",
    [
        "AAAA",
        "AAAAA",
        made_up({}),
        made_up([]),
        made_up(["two"]),
        made_up(["three", 1, 2]),
        made_up(["two", 1]),
        made_up(["two", 1, 2, 3]),
        made_up(["two", 1, -2]),
        made_up(["two", 1, 10**12]),
        made_up(["two", 1, True]),
        made_up(["two", 1, 2.0]),
        made_up(["two", 1, "2"]),
        made_up(["two", 1, [2]]),
        made_up([["two"], 1, 2]),
    ],
)
def test_what_is_not_a_cursor_of_the_order_is_refused(text: str):
    with pytest.raises(ApiError) as caught:
        BY_TWO.values(text, "since")

    assert (caught.value.status, caught.value.parameter) == (422, "since")


async def test_every_list_takes_its_own_cursors_only(api: Api):
    midnight = datetime(2026, 1, 3, 6, tzinfo=UTC)
    hours = {midnight + n * timedelta(hours=1): 10.0 + n for n in range(5)}
    await api.collector.run(
        areas(),
        grid(1, hours),
        grid(2, hours),
        table(1, midnight, {"North": (1.0, 2.0, 0.5)}),
        table(1, midnight + timedelta(hours=1), {"North": (1.0, 2.0, 0.5)}),
    )
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)
    cursors = {}
    for path, parameter in LISTS.items():
        following = await api.follow(await api.ask(path))
        assert following is not None, path
        cursors[path] = following.url.query[parameter]

    for path, parameter in LISTS.items():
        accepted = []
        for source, cursor in cursors.items():
            answer = await api.ask(f"{path}&{parameter}={cursor}")
            assert answer.status in (200, 422)
            if answer.status == 200:
                accepted.append(source)
        assert accepted == [path]


async def test_both_lists_of_runs_take_the_same_cursors(api: Api):
    for _number in range(3):
        await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)
    following = await api.follow(await api.ask("/api/runs?limit=1"))
    assert following is not None

    cursor = following.url.query["cursor"]
    runs = await api.get(f"/api/imports?cursor={cursor}")

    assert [run["id"] for run in runs] == [2, 1]
