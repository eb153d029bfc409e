"""Our own clients read from the mirror what they read from the utilities."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.errors import (
    SourceMissing,
    SourceRefused,
    SourceUnreachable,
)
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.kamo_models import AreaGrid, SubstationTable
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store.codec.json_text import is_same
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.kamo.areas import simulated_areas
from tests.contract.two_ends import (
    START,
    TODAY,
    YEAR,
    YESTERDAY,
    End,
    World,
    running_world,
)

A_WEEK_AGO = YESTERDAY - timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Clients:
    """Our clients of one end."""

    amber: AmberClient
    kamo: KamoClient


def clients_of(session: ClientSession, end: End, world: World) -> Clients:
    now = world.clock.now
    return Clients(
        AmberClient(
            session, token=end.key, budget=None, now=now, base_url=end.amber_url
        ),
        KamoClient(session, now=now, base_url=end.kamo_url),
    )


@dataclass(frozen=True, slots=True)
class Both:
    """Our clients of both ends, and their world."""

    world: World
    sent: Clients
    mirrored: Clients

    async def ask(self, question: Callable[[Clients], Awaitable[Any]]) -> None:
        """Ask both; their records must be equal, and the JSON behind them."""
        sent, mirrored = await question(self.sent), await question(self.mirrored)
        assert raws_of(mirrored)
        assert is_same(raws_of(mirrored), raws_of(sent))
        assert contents(mirrored) == contents(sent)
        assert sent.last_modified is None
        assert mirrored.last_modified == START.replace(microsecond=0)


def contents(answer: Any) -> Any:
    """Return what an answer holds, without the two times that may differ."""
    names = ("records", "series", "readings", "area_id", "rejected")
    return [getattr(answer, name) for name in names if hasattr(answer, name)]


def raws_of(answer: Any) -> Any:
    records = getattr(answer, "records", None)
    return answer.raw if records is None else [record.raw for record in records]


@pytest.fixture
async def both(world: World) -> AsyncIterator[Both]:
    async with ClientSession() as session:
        yield Both(
            world,
            clients_of(session, world.utilities, world),
            clients_of(session, world.mirror, world),
        )


type Days = tuple[date, date]


async def fetch_prices(clients: Clients, site: str, days: Days) -> Answer[Price]:
    return await clients.amber.fetch_prices(site, *days)


async def fetch_usage(clients: Clients, site: str, days: Days) -> Answer[Usage]:
    return await clients.amber.fetch_usage(site, *days)


async def fetch_grid(clients: Clients, area_id: int) -> AreaGrid:
    return await clients.kamo.fetch_area_grid(area_id)


async def fetch_substations(clients: Clients, area_id: int) -> SubstationTable:
    return await clients.kamo.fetch_substations(area_id)


async def test_sites(both: Both):
    await both.ask(lambda clients: clients.amber.fetch_sites())


@pytest.mark.parametrize("site", [SITE_A, SITE_B], ids=["A", "B"])
@pytest.mark.parametrize("counts", [(0, 0), (1, 0), (500, 300)], ids=str)
async def test_current_prices(both: Both, site: str, counts: tuple[int, int]):
    coming, past = counts
    await both.ask(
        lambda clients: clients.amber.fetch_current_prices(
            site, next_count=coming, previous_count=past
        )
    )


@pytest.mark.parametrize("site", [SITE_A, SITE_B], ids=["A", "B"])
async def test_a_week_of_prices_and_usage(both: Both, site: str):
    for last in (YESTERDAY, TODAY):
        days = (last - timedelta(days=6), last)
        await both.ask(partial(fetch_prices, site=site, days=days))
        await both.ask(partial(fetch_usage, site=site, days=days))


async def test_a_month_of_prices_in_one_call(both: Both):
    first = YEAR[0]
    month = await both.mirrored.amber.fetch_prices(
        SITE_B, first, first + timedelta(days=29)
    )

    assert len(month.records) == 3 * 30 * 48
    assert not month.rejected


async def test_areas(both: Both):
    await both.ask(lambda clients: clients.kamo.fetch_areas())


async def test_the_load_of_every_area(both: Both):
    for area_id in simulated_areas():
        await both.ask(partial(fetch_grid, area_id=area_id))


async def test_the_substations_of_every_cooperative(both: Both):
    for area_id, area in simulated_areas().items():
        if not area.member_ids:
            await both.ask(partial(fetch_substations, area_id=area_id))


async def test_load_reaches_back_as_far_as_it_was_collected(tmp_path: Path):
    async with running_world(tmp_path) as world, ClientSession() as session:
        sent = clients_of(session, world.utilities, world).kamo
        mirrored = clients_of(session, world.mirror, world).kamo
        loads: dict[datetime, float] = {}
        for waited_s in (0, *[8 * 3600] * 3):
            world.clock.advance(waited_s)
            await world.server.collecting.collect_now(Source.KAMO)
            shown = (await sent.fetch_area_grid(5)).actual
            # what an hour was told to be last holds
            loads |= {point.hour_at: point.load_kw for point in shown}

        whole = await mirrored.fetch_area_grid(5, hours=1000)
        today = await mirrored.fetch_area_grid(5, hours=20)

    assert {point.hour_at: point.load_kw for point in whole.actual} == loads
    assert len(loads) == 12 + 3 * 8
    assert [line.label for line in whole.forecasts] == ["Forecast"]
    assert not whole.rejected
    assert len(today.actual) == 20


# What a linked entry learns of a failure is what a direct one does


async def test_without_updates_present_values_are_unreachable(both: Both):
    both.world.clock.advance(601)
    for question in (
        both.mirrored.amber.fetch_current_prices(SITE_A),
        both.mirrored.kamo.fetch_area_grid(1),
        both.mirrored.kamo.fetch_substations(1),
    ):
        with pytest.raises(SourceUnreachable) as caught:
            await question
        assert caught.value.status == 503
    history = await both.mirrored.amber.fetch_prices(SITE_A, A_WEEK_AGO, YESTERDAY)
    assert len(history.records) == 2 * 7 * 48


async def test_an_unknown_site_or_area_is_missing(both: Both):
    for clients in (both.sent, both.mirrored):
        for question in (
            clients.amber.fetch_prices("nobody", TODAY, TODAY),
            clients.amber.fetch_usage("nobody", TODAY, TODAY),
            clients.amber.fetch_current_prices("nobody"),
            clients.kamo.fetch_area_grid(99),
            clients.kamo.fetch_substations(99),
        ):
            with pytest.raises(SourceMissing):
                await question


async def test_a_wrong_key_is_refused(both: Both):
    world = both.world
    async with ClientSession() as session:
        for end in (world.utilities, world.mirror):
            stranger = End(end.amber_url, end.kamo_url, "psk_not_the_key")
            with pytest.raises(SourceRefused):
                await clients_of(session, stranger, world).amber.fetch_sites()
