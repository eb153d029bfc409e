"""The machine's clock is set while polls wait: they go on, by the new time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.energy_logger import PLATFORMS
from tests.integration.conftest import START, World
from tests.integration.entries import (
    FIVE_MINUTE_SITE,
    JEMENA_PRICE,
    OZARK_LOAD,
    amber_entry,
    kamo_entry,
)
from tests.integration.observed import asked, issues, shown

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ERRORS = [
    *(sign * span for span in (3 * MINUTE, HOUR, 5 * DAY, 21 * DAY) for sign in (1, -1))
]
"""What the clock shows before it is set right, beside the true time."""

CHICAGO_CHANGES = (
    datetime(2026, 3, 8, 8, tzinfo=UTC),
    datetime(2026, 11, 1, 7, tzinfo=UTC),
)
SYDNEY_CHANGES = (
    datetime(2026, 10, 3, 16, tzinfo=UTC),
    datetime(2026, 4, 4, 16, tzinfo=UTC),
)
STEP = MINUTE
LONGEST = 5 * MINUTE + STEP


class Machine:
    """Home Assistant on a clock that can be wrong; the loop's time is always right."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin with the right time."""
        self.world = world
        self.true_time = datetime.now(UTC)  # noqa: TID251 - Home Assistant's frozen one
        self._error = timedelta()
        monkeypatch.setattr(world.hass.loop, "time", self._loop_time)

    async def start_at(self, true_time: datetime, error: timedelta) -> None:
        """Begin at another time, with a clock that shows yet another one."""
        await self.world.utilities.set_clock(true_time)
        self.true_time = true_time
        self.set_clock(error)

    def set_clock(self, error: timedelta) -> None:
        """Let the clock show another time from now on.

        Args:
            error: How far it is ahead of the true time.
        """
        self._error = error
        self.world.freezer.move_to(self.true_time + error)

    async def run(self, until: datetime) -> None:
        """Let time pass in steps, the last of which ends at a true time."""
        while self.true_time < until:
            await self.step_to(min(self.true_time + STEP, until))

    async def step_to(self, true_time: datetime) -> None:
        """Let time pass, and then what is due by the loop's time be done."""
        await self.world.utilities.set_clock(true_time)
        # at once with the clock: the loop itself looks what is due whenever it waits
        self.true_time = true_time
        self.set_clock(self._error)
        async_fire_time_changed(self.world.hass, true_time + self._error)
        await self.world.settle()

    def _loop_time(self) -> float:
        return self.true_time.timestamp()


@pytest.fixture
def machine(world: World, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(world, monkeypatch)


async def longest_pause(machine: Machine, endpoint: str, begin: datetime) -> timedelta:
    """Return for how long an endpoint was not asked for since an instant."""
    asked_at = [
        datetime.fromisoformat(one["at"])
        for one in await asked(machine.world, endpoint)
    ]
    marks = [begin, *(at for at in asked_at if at > begin), machine.true_time]
    return max(later - earlier for earlier, later in pairwise(marks))


async def require_price_of(world: World, now: datetime) -> None:
    """Fail unless the price shown is that of an instant."""
    begun = datetime.fromisoformat(shown(world, JEMENA_PRICE).attributes["start_time"])
    assert begun <= now < begun + 5 * MINUTE + timedelta(seconds=12) + STEP


@pytest.mark.parametrize("error", ERRORS)
async def test_a_clock_that_is_set_costs_at_most_one_interval(
    machine: Machine, error: timedelta
):
    machine.set_clock(error)
    await machine.world.set_up(kamo_entry())
    await machine.run(START + 2 * MINUTE)

    machine.set_clock(timedelta())
    await machine.run(START + 10 * MINUTE)
    machine.set_clock(error)
    await machine.run(START + 16 * MINUTE)

    assert await longest_pause(machine, "kamo.areagrid", START) <= LONGEST


async def test_after_weeks_ahead_of_time_prices_are_those_of_now(machine: Machine):
    world = machine.world
    machine.set_clock(21 * DAY)
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await machine.run(START + 2 * MINUTE)

    machine.set_clock(timedelta())
    await machine.run(START + 8 * MINUTE)

    assert await longest_pause(machine, "amber.current", START) <= LONGEST
    await require_price_of(world, machine.true_time)
    assert issues(world) == {}


@pytest.mark.parametrize("error", [-HOUR, 7 * DAY])
@pytest.mark.parametrize("change", CHICAGO_CHANGES)
async def test_loads_go_on_when_the_clock_is_set_in_chicagos_nights(
    machine: Machine, change: datetime, error: timedelta
):
    world = machine.world
    await world.hass.config.async_set_time_zone("America/Chicago")
    begin = change - 7 * MINUTE
    await machine.start_at(begin, error)
    await world.set_up(kamo_entry())
    await machine.run(change - 3 * MINUTE)

    machine.set_clock(timedelta())
    await machine.run(change + 8 * MINUTE)

    assert await longest_pause(machine, "kamo.areagrid", begin) <= LONGEST
    assert float(world.state(OZARK_LOAD)) > 0


@pytest.mark.parametrize("error", [-HOUR, 7 * DAY])
@pytest.mark.parametrize("change", SYDNEY_CHANGES)
async def test_prices_go_on_when_the_clock_is_set_in_sydneys_nights(
    machine: Machine, change: datetime, error: timedelta
):
    world = machine.world
    await world.hass.config.async_set_time_zone("Australia/Sydney")
    begin = change - 7 * MINUTE
    await machine.start_at(begin, error)
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await machine.run(change - 3 * MINUTE)

    machine.set_clock(timedelta())
    await machine.run(change + 8 * MINUTE)

    assert await longest_pause(machine, "amber.current", begin) <= LONGEST
    await require_price_of(world, machine.true_time)


async def test_a_clock_that_is_set_while_nobody_listens_holds_up_nothing(
    machine: Machine,
):
    world = machine.world
    machine.set_clock(21 * DAY)
    entry = kamo_entry()
    await world.set_up(entry)
    entries = world.hass.config_entries

    # its entities go and come again, its coordinator stays
    async with entry.setup_lock:
        assert await entries.async_unload_platforms(entry, PLATFORMS)
    machine.set_clock(timedelta())
    # of a loaded entry this takes the lock itself, from Home Assistant 2026.11 on
    await entries.async_forward_entry_setups(entry, PLATFORMS)
    await machine.run(START + 6 * MINUTE)

    assert len(await asked(world, "kamo.areagrid")) == 2


async def test_a_clock_that_is_set_back_does_not_prolong_the_wait_after_a_429(
    machine: Machine,
):
    world = machine.world
    machine.set_clock(HOUR / 2)
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await world.utilities.break_down("429", endpoint="amber.current", count=1)
    await machine.run(START + 3 * MINUTE)
    assert world.state(JEMENA_PRICE) == "unavailable"

    machine.set_clock(timedelta())
    await machine.run(machine.true_time + 6 * MINUTE)

    await require_price_of(world, machine.true_time)


async def test_a_timer_that_is_a_moment_early_waits_for_the_rest(
    machine: Machine,
):
    world = machine.world
    await world.set_up(kamo_entry())
    # the clock is slewed: it is a little behind the loop's time
    machine.set_clock(-timedelta(seconds=0.9))
    due = START.replace(minute=10, second=5)

    await machine.step_to(due - timedelta(seconds=0.1))
    before = len(await asked(world, "kamo.areagrid"))
    await machine.step_to(due + timedelta(seconds=0.9))

    assert before == 1
    assert len(await asked(world, "kamo.areagrid")) == 2
