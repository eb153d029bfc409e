"""Whatever is cut leads on, and what was there comes once, also while rows come in."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from yarl import URL

from energy_logger_server.domain.collecting.runs import Source
from tests.server.whole.conftest import START, StartPrepared, World

SITE = "01S1MS1TEA0000000000000000"

type Key = Callable[[Any], str]


def named(*fields: str) -> Key:
    """Return what tells a row from the others."""
    return lambda row: json.dumps([row[field] for field in fields])


PAGED = {
    f"/api/prices/history/{SITE}?limit=900": ("data", named("nemTime", "channelType")),
    f"/api/usage/history/{SITE}?limit=300": (
        "data",
        named("nemTime", "channelIdentifier"),
    ),
    "/api/load/history/1?limit=3": ("data", named("timestamp")),
    "/api/load/forecast/1?limit=5": ("data", named("timestamp", "series")),
    "/api/substations/history/1?limit=1": ("snapshots", named("snapshot_time")),
    "/api/imports?limit=1": (None, named("id")),
    "/api/runs?limit=1": ("runs", named("id")),
    "/api/gaps?limit=2": ("gaps", named("kind", "owner", "channel", "day")),
    "/api/tables/loads?limit=50": ("data", named("area_id", "hour_at")),
    "/api/tables/substation_readings?limit=100": (
        "data",
        named("area_id", "substation", "read_at"),
    ),
}


async def collect(world: World) -> None:
    """Collect Amber once and KAMO three times."""
    await world.server.collecting.collect_now(Source.AMBER)
    for _tick in range(3):
        world.clock.advance(300)
        await world.server.collecting.collect_now(Source.KAMO)


@pytest.fixture
async def world(start_prepared: StartPrepared) -> AsyncIterator[World]:
    """A server whose store holds some of everything."""
    async with start_prepared(collect, START) as started:
        yield started


async def pages(world: World, path: str, *, grows: bool) -> list[Any]:
    """Return every page behind a path; KAMO is collected before each further one."""
    url: URL | None = URL(f"{world.url}{path}")
    found = []
    while url is not None:
        async with world.client.get(url) as answer:
            assert answer.status == 200, await answer.text()
            found.append(await answer.json())
            link = answer.links.get("next")
            url = None if link is None else URL(str(link["url"]))
        if grows and len(found) < 4:
            world.clock.advance(300)
            await world.server.collecting.collect_now(Source.KAMO)
    return found


def rows(answers: list[Any], field: str | None) -> list[Any]:
    return [
        row
        for answer in answers
        for row in (answer if field is None else answer[field])
    ]


@pytest.mark.parametrize("path", PAGED)
async def test_following_links_gives_every_row_once_while_rows_come_in(
    world: World, path: str
):
    field, key = PAGED[path]
    there = {key(row) for row in rows(await pages(world, path, grows=False), field)}

    found = await pages(world, path, grows=True)

    counts = Counter(key(row) for row in rows(found, field))
    assert len(found) > 1
    assert there <= counts.keys()
    assert {name: count for name, count in counts.items() if count > 1} == {}


@pytest.mark.parametrize("path", [path for path, (field, _) in PAGED.items() if field])
async def test_every_page_but_the_last_says_that_it_is_cut(world: World, path: str):
    found = await pages(world, path, grows=False)

    assert [page["truncated"] for page in found] == [
        *(True for _page in found[:-1]),
        False,
    ]
