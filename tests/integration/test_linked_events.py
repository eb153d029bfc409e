"""The server's live events: what they tell is shown at once, not at the next poll."""

import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.conftest import World
from tests.integration.entries import JEMENA_PRICE
from tests.integration.linked import KEY, LATE, LinkedWorld
from tests.integration.observed import OURS, warnings

ESTIMATED = "binary_sensor.amber_jemena_price_estimated"
UPDATED = "sensor.ozark_electric_cooperative_updated"
IMPORT = "sensor.amber_ausgrid_import_yesterday"
NEWEST = "sensor.energy_logger_newest_record"
MOST_STREAMS = 32


async def pass_unnoticed(world: LinkedWorld, now: datetime) -> None:
    """Move the clock of server and utilities, but not that of Home Assistant."""
    await world.utilities.set_clock(now)


async def test_a_new_price_is_shown_at_once(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    before = linked.state(JEMENA_PRICE)

    await pass_unnoticed(linked, LATE + timedelta(minutes=5))
    await linked.server.collect("amber")
    await linked.until(lambda: linked.state(JEMENA_PRICE) != before)

    (upstream,) = (
        price
        for price in await linked.utilities.amber(
            "/sites/01S1MS1TEB0000000000000000/prices/current"
        )
        if price["channelType"] == "general"
    )
    assert float(linked.state(JEMENA_PRICE)) == pytest.approx(upstream["perKwh"] / 100)
    assert datetime.now(UTC) == LATE  # noqa: TID251 - no poll can have done it


async def test_a_run_of_kamo_refreshes_areas(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    before = linked.state(UPDATED)

    await pass_unnoticed(linked, LATE + timedelta(minutes=5))
    await linked.server.collect("kamo")
    await linked.until(lambda: linked.state(UPDATED) != before)

    assert linked.state(UPDATED) == (LATE + timedelta(minutes=5)).isoformat()


async def test_a_run_of_amber_refreshes_usage_and_the_server(linked: LinkedWorld):
    before_publication = datetime(2026, 1, 3, 17, 4, 40, tzinfo=UTC)
    await linked.server.reset(before_publication)
    linked.freezer.move_to(before_publication)
    await linked.server.collect()
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    assert linked.state(IMPORT) == "unknown"

    await pass_unnoticed(linked, LATE)
    await linked.server.collect("amber")
    await linked.until(lambda: linked.state(IMPORT) != "unknown")

    assert float(linked.state(IMPORT)) > 1
    kept = (await linked.server.fetch("/api/status"))["database_stats"]
    assert linked.state(NEWEST) == kept["newest_record"]


async def test_other_events_cost_no_request(linked: LinkedWorld):
    await linked.set_up(linked.entry(options={"areas": [], "substations": []}))
    await linked.server.listened_to()
    await linked.server.forget_requests()

    await pass_unnoticed(linked, LATE + timedelta(minutes=5))
    before = linked.state(NEWEST)
    await linked.server.collect("kamo")
    await linked.until(lambda: linked.state(NEWEST) != before)

    asked = await linked.server.requests()
    assert {path.split("/")[2] for path in asked} <= {
        "info",
        "status",
        "amber",
        "kamo",
    }
    assert not [path for path in asked if path.endswith("/current")]


async def test_after_a_lost_connection_nothing_is_missed(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    # the connection is silent for so long that it counts as lost
    linked.freezer.tick(30)
    await linked.settle()
    await linked.server.listened_to(0)
    before = linked.state(UPDATED)
    await pass_unnoticed(linked, LATE + timedelta(minutes=5))
    await linked.server.collect("kamo")

    linked.freezer.tick(1.5)
    await linked.until(lambda: linked.state(UPDATED) != before)

    assert warnings(caplog) == []


async def test_after_a_restart_of_the_server_everything_is_read_anew(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    before = linked.state(JEMENA_PRICE), linked.state(UPDATED)
    await pass_unnoticed(linked, LATE + timedelta(minutes=5))

    await linked.server.restart()
    await linked.server.collect()
    linked.freezer.tick(1.5)

    await linked.until(
        lambda: (
            linked.state(JEMENA_PRICE) != before[0]
            and linked.state(UPDATED) != before[1]
        )
    )
    assert warnings(caplog) == []


async def test_a_server_that_is_down_is_told_once_and_comes_back_by_itself(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()

    await linked.server.stop()
    for _minute in range(12):
        await linked.wait(minutes=1)

    assert linked.state(JEMENA_PRICE) == "unavailable"
    assert linked.state(UPDATED) == "unavailable"
    assert linked.state(NEWEST) == "unavailable"
    assert len(warnings(caplog)) == 1
    assert "Energy Logger server" in warnings(caplog)[0]

    await linked.server.start()
    await linked.server.collect()
    # the longest pause between two tries to listen
    linked.freezer.tick(61)
    shown = JEMENA_PRICE, UPDATED, NEWEST
    await linked.until(lambda: all(linked.state(one) != "unavailable" for one in shown))
    assert len(warnings(caplog)) == 1


async def test_a_stream_that_does_not_work_is_told_once_and_polls_go_on(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger=OURS)
    async with AsyncExitStack() as others:
        for _number in range(MOST_STREAMS):
            await others.enter_async_context(
                linked.server.session.get(
                    f"{linked.server.url}/api/events", headers={"X-API-Key": KEY}
                )
            )
        # in vain: the stream that set_up waits for is refused
        await World.set_up(linked, linked.entry())
        for _minute in range(6):
            await linked.wait(minutes=1)
        await linked.server.collect()
        await linked.wait(minutes=5)

        (warning,) = warnings(caplog)
        assert "asked every five minutes" in warning
        assert linked.state(UPDATED) == (LATE + timedelta(minutes=6)).isoformat()

    await linked.server.listened_to(0)
    await linked.wait(minutes=1)
    await linked.until(lambda: "arrive again" in caplog.text)


async def test_a_key_that_was_changed_asks_for_the_new_one(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()

    await linked.server.rotate_key("another-key-of-the-server")
    # the server looks at the key at every sign of life, which is in real time
    linked.freezer.tick(30)
    await linked.settle()
    await linked.server.listened_to(0)
    linked.freezer.tick(1.5)
    (entry,) = linked.hass.config_entries.async_entries("energy_logger")
    server = entry.runtime_data.linked.server
    await linked.until(lambda: server.is_refused)
    # once more before anybody is asked
    assert linked.hass.config_entries.flow.async_progress() == []
    await linked.wait(minutes=2, seconds=3)

    (flow,) = linked.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    assert flow["step_id"] == "reauth_server"
