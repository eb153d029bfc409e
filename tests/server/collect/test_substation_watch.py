"""Substations that a real store has readings of: what is said of them, and kept."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.collect.kamo.substation_watch import SubstationWatcher
from energy_logger_server.collect.shared import shared_by_collectors
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.determinants.substation_peaks import PeakReview
from energy_logger_server.domain.events import Event, EventKind, SubstationNotice
from energy_logger_server.domain.substation_health.faults import Fault
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.substation_faults import (
    faults_since,
    open_fault_counts,
)
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.material import area, areas_read, substation_body, table_of
from tests.server.store.material import write as write_parts
from tests.server.store_template import lay_store
from tests.server.web.answers import grid

START = datetime(2026, 1, 4, 6, tzinfo=UTC)
STEP = timedelta(minutes=15)
SETTINGS = build_settings(environment={"SUBSTATION_FROZEN_READINGS": "8"})

type Rows = Mapping[str, tuple[float, float, float]]


def rows(poll: int, **planted: tuple[float, float] | None) -> Rows:
    """Return three substations that move, but for what is planted; None is not there.

    A load of 1,000 to 1,080 kW each, and 300 kVAR or less.
    """
    found = {}
    for place, name in enumerate(("North", "South", "Mill")):
        step = abs((poll + place) % 16 - 8)
        one = planted.get(name, (1000.0 + 10 * step, 100.0 + step))
        if one is not None:
            found[name] = (*one, 1.0)
    return found


class Server:
    """Substations of one area, and what was said of them."""

    def __init__(self, store: Store, clock: SettableClock) -> None:
        self.store = store
        self.clock = clock
        self.published: list[Event] = []
        self.start(SETTINGS)

    def start(self, settings: Settings) -> None:
        """Start anew: only the store remembers."""
        shared = shared_by_collectors(
            self.store,
            self.clock,
            forecast_retention=None,
            publish=self.published.append,
        )
        self.watcher = SubstationWatcher(shared, SETTINGS)
        self.watcher.apply_settings(settings)

    async def poll(
        self,
        number: int,
        area_kw: float | None = 3120.0,
        **planted: tuple[float, float] | None,
    ) -> None:
        """Read the substations, and at the full hour the area's load of the last."""
        now = START + number * STEP
        self.clock.set(now)
        table = table_of(substation_body(1, rows(number, **planted)), 1, at=now)
        hours = {now - timedelta(hours=one): area_kw or 0.0 for one in (2, 1)}
        is_full_hour = area_kw is not None and number % 4 == 0
        grids = [grid(1, hours, at=now)] if is_full_hour else []
        listed = areas_read([area(1), area(2)])
        await write_parts(self.store, listed, table, *grids, at=now)
        await self.watcher.run([listed, table], await self.store.areas())

    def said(self) -> list[tuple[Fault, str | None, bool]]:
        """Return what was said, and whether that was an end."""
        notices = [one for one in self.published if isinstance(one, SubstationNotice)]
        assert {one.kind for one in notices} <= {EventKind.SUBSTATION_HEALTH}
        return [(one.subject.fault, one.subject.name, one.is_over) for one in notices]


@pytest.fixture(params=BOTH_KINDS)
async def server(
    request: pytest.FixtureRequest, tmp_path, clock: SettableClock
) -> AsyncIterator[Server]:
    if request.param == "sqlite":
        url = lay_store(tmp_path / "energy.db")
    else:
        url = request.getfixturevalue("postgres_url")
    clock.set(START)
    store = await Store.open(url, clock)
    yield Server(store, clock)
    await store.close()


async def test_faults_are_said_once_over_a_restart_and_kept_with_their_end(
    server: Server,
):
    for number in range(16):
        await server.poll(number)
    assert server.said() == []
    for number in range(16, 26):
        await server.poll(number, South=(1030.0, 103.0), Mill=None)
    server.start(SETTINGS)
    for number in range(26, 32):
        await server.poll(number, South=(1030.0, 103.0), Mill=None)
    for number in range(32, 60):
        await server.poll(number)

    missing, frozen = (Fault.MISSING, "Mill"), (Fault.FROZEN, "South")
    assert server.said() == [
        (*missing, False),
        (*frozen, False),
        (*frozen, True),
        (*missing, True),
    ]
    kept = await server.store.read(faults_since, 1, START)
    assert [(one.subject.fault, one.subject.name) for one in kept] == [frozen, missing]
    assert kept[0].value == 1030.0
    assert all(one.ended_at is not None for one in kept)
    assert (await server.store.read(open_fault_counts))[Fault.MISSING] == 0
    # what ended long ago is asked for no more
    assert await server.store.read(faults_since, 1, server.clock.now()) == []


async def test_an_area_whose_sum_is_off_and_reactive_power_are_said_by_the_hour(
    server: Server,
):
    for number in range(40):
        await server.poll(number, 2500.0, South=(1000.0 + number, 900.0))

    counts = await server.store.read(open_fault_counts)
    assert {one for one, number in counts.items() if number} == {
        Fault.SUM_DIFFERS,
        Fault.LAGGING,
    }
    [lagging, off] = await server.store.read(faults_since, 1, START)
    assert lagging.value == pytest.approx(900 - 0.3287 * 1020, abs=10)
    assert off.subject.name is None
    assert off.value is not None
    assert 500 < off.value < 700


async def test_a_spike_of_the_running_month_is_said_until_the_owner_has_spoken(
    server: Server,
):
    for day in range(6):
        await server.poll(96 * day, None)
    await server.poll(96 * 6, None, North=(1500.0, 100.0))
    # an hour counts once the next has begun
    await server.poll(96 * 6 + 4, None)
    review = PeakReview("North", date(2026, 1, 10), counts=True, note="A new mill")
    await server.store.save_peak_review(1, review)
    await server.poll(96 * 6 + 8, None)

    said = [one for one in server.said() if one[0] is Fault.SPIKE]
    assert said == [(Fault.SPIKE, "North", False), (Fault.SPIKE, "North", True)]
    kept = await server.store.read(faults_since, 1, START)
    assert [one.value for one in kept if one.subject.fault is Fault.SPIKE] == [1500.0]


async def test_a_look_that_finds_nothing_new_writes_nothing(server: Server):
    for number in range(4):
        await server.poll(number)
    written = server.store.change_mark()

    table = table_of(substation_body(1, rows(3)), 1, at=server.clock.now())
    await server.watcher.run([table], await server.store.areas())

    assert server.store.change_mark() == written


async def test_other_settings_count_from_the_next_look_on_within_the_hour(
    server: Server,
):
    for number in range(40):
        await server.poll(number, None, South=(1000.0 + number, 400.0))
    before = server.said()
    stricter = {"SUBSTATION_LEAST_KVAR": "50", "SUBSTATION_FROZEN_READINGS": "8"}
    server.watcher.apply_settings(build_settings(environment=stricter))

    await server.poll(41, None, South=(1041.0, 400.0))

    assert before == []
    assert server.said() == [(Fault.LAGGING, "South", False)]


async def test_nothing_is_looked_at_where_it_is_switched_off(server: Server):
    server.start(build_settings(environment={"SUBSTATION_HEALTH": "false"}))

    for number in range(8):
        await server.poll(number, South=(0.0, 0.0))

    assert server.said() == []


@pytest.mark.parametrize(("frozen", "gone"), [(8, 20), (120, 3)])
async def test_as_many_readings_are_looked_at_as_the_settings_ask_for(
    server: Server, frozen: int, gone: int
):
    server.start(
        build_settings(
            environment={
                "SUBSTATION_FROZEN_READINGS": str(frozen),
                "SUBSTATION_GONE_READINGS": str(gone),
            }
        )
    )
    for number in range(8):
        await server.poll(number)
    for number in range(8, 8 + max(frozen, gone) + 4):
        await server.poll(number, South=(1030.0, 103.0), Mill=None)

    missing, frozen_one = (Fault.MISSING, "Mill", False), (Fault.FROZEN, "South", False)
    assert {missing, frozen_one} <= {*server.said()}


@pytest.mark.parametrize(
    "environment",
    [{"SUBSTATION_HEALTH": "false"}, {"KAMO_SUBSTATION_AREAS": "2"}],
)
async def test_what_nobody_looks_for_any_more_does_not_stay_open(
    server: Server, environment: dict[str, str]
):
    for number in range(24):
        await server.poll(number, Mill=None if number > 8 else (1000.0 + number, 0.0))
    missing = Fault.MISSING, "Mill"
    assert server.said() == [(*missing, False)]

    server.watcher.apply_settings(build_settings(environment=environment))
    for _run in range(2):
        await server.watcher.run([], await server.store.areas())
    # a run that was under way when the settings were changed
    await server.poll(25, Mill=None)

    assert server.said() == [(*missing, False), (*missing, True)]
    assert (await server.store.read(open_fault_counts))[Fault.MISSING] == 0


async def test_before_the_first_answer_there_is_nothing_to_say(server: Server):
    await server.poll(0, None)
    other = table_of(substation_body(2, rows(0)), 2, at=START)

    await server.watcher.run([other], await server.store.areas())

    assert server.said() == []
