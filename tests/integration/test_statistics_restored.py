"""A server whose store goes back in time is followed back, and on from there."""

from datetime import timedelta

import pytest

from tests.integration.linked import HALF_HOUR_SITE, LATE, LinkedWorld
from tests.integration.linked_statistics import (
    SITE,
    check_usage,
    feed,
    recorded,
)

pytestmark = [pytest.mark.usefixtures("quiet_recorder"), pytest.mark.timeout(120)]

ENERGY = f"{SITE}_general_energy"
ESTIMATED, BILLABLE = 17, 24
"""Days after ``LATE`` at which the 20th of January is one and the other."""


async def bars(linked: LinkedWorld) -> dict[str, float]:
    """Return what Home Assistant shows of the general channel, by hour."""
    found = await recorded(linked.hass, ENERGY)
    return {start: row["change"] or 0 for start, row in found[ENERGY].items()}


async def stored(linked: LinkedWorld) -> dict[str, float]:
    """Return what the server has of it, by hour."""
    return {
        one["start"]: one["energy_kwh"]
        for one in await feed(linked, f"usage/{HALF_HOUR_SITE}")
        if one["channel_type"] == "general"
    }


async def collect_at(linked: LinkedWorld, days: int) -> None:
    """Let so many days have passed, the server read them, and Home Assistant hear."""
    later = LATE + timedelta(days=days)
    await linked.utilities.set_clock(later)
    await linked.server.collect("amber")
    await linked.move_to(later)


@pytest.mark.parametrize("collects_first", [False, True])
async def test_hours_are_those_of_the_backup_and_none_is_lost(
    linked: LinkedWorld, collects_first: bool
):
    await linked.set_up(linked.entry())
    await collect_at(linked, ESTIMATED)
    before = await bars(linked)
    await linked.server.back_up()
    await collect_at(linked, BILLABLE)
    await check_usage(linked)
    at_its_end = await bars(linked)
    # what was estimated has become billable, and days have come
    assert any(abs(at_its_end[start] - kwh) > 1e-4 for start, kwh in before.items())
    assert len(at_its_end) > len(before)

    await linked.wait(minutes=5)
    await linked.server.restore()
    if collects_first:
        # numbers of changes have gone past those that Home Assistant knows
        await linked.server.collect("kamo")
    for _tick in range(2):
        await linked.wait(minutes=5)

    own = await stored(linked)
    assert own.keys() == before.keys()
    assert await bars(linked) == pytest.approx({**at_its_end, **own}, abs=1e-9)

    await collect_at(linked, BILLABLE + 1)
    await check_usage(linked)
