"""The event entity: prices confirmed, spikes started and ended."""

from datetime import UTC, datetime, timedelta

import pytest
from homeassistant.core import Event, EventStateChangedData, State, callback
from homeassistant.helpers.event import async_track_state_change_event

from custom_components.energy_logger.coordinator import SitePrices
from custom_components.energy_logger.coordinator.price_events import (
    PriceEvent,
    PriceMoment,
)
from custom_components.energy_logger.event import _interval
from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, JEMENA_PRICE, amber_entry

JEMENA = "event.amber_jemena_price"
AUSGRID = "event.amber_ausgrid_price"
BOUNDARY = datetime(2026, 1, 4, 9, 10, tzinfo=UTC)
POLLS_S = (12, 25, 45, 90)
LATER = START + timedelta(minutes=5)


def events_of(world: World, entity_id: str) -> list[State]:
    """Return a list that fills with what an event entity tells."""
    events: list[State] = []

    @callback
    def listen(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.state != "unavailable":
            events.append(state)

    async_track_state_change_event(world.hass, entity_id, listen)
    return events


def types(events: list[State]) -> list[str]:
    return [state.attributes["event_type"] for state in events]


async def spike(world: World) -> None:
    """Let Amber tell of a spike from now on."""
    await world.utilities.break_down(
        "new_enum",
        endpoint="amber.current",
        count=None,
        options={"field": "spikeStatus", "value": "spike", "all": True},
    )


@pytest.mark.parametrize(
    ("before", "after", "happened"),
    [
        ((None, False), (START, False), (PriceEvent.CONFIRMED,)),
        ((START, False), (START, False), ()),
        ((START, False), (LATER, False), (PriceEvent.CONFIRMED,)),
        ((LATER, False), (START, False), ()),
        ((START, False), (None, False), ()),
        ((None, False), (None, True), (PriceEvent.SPIKE_STARTED,)),
        ((None, True), (None, False), (PriceEvent.SPIKE_ENDED,)),
        ((None, True), (None, True), ()),
        ((None, None), (None, True), ()),
        ((None, True), (None, None), ()),
        (
            (None, False),
            (START, True),
            (PriceEvent.CONFIRMED, PriceEvent.SPIKE_STARTED),
        ),
    ],
)
def test_events_are_what_changed_between_two_answers(
    before: tuple[datetime | None, bool | None],
    after: tuple[datetime | None, bool | None],
    happened: tuple[PriceEvent, ...],
):
    assert PriceMoment(*before).events(PriceMoment(*after)) == happened


def test_without_a_known_channel_there_is_nothing_to_tell():
    assert _interval(SitePrices({}, fetched_at=START)) == {}


def test_what_an_answer_does_not_tell_is_remembered():
    remembered = PriceMoment(START, is_spike=True).followed_by(PriceMoment(None, None))

    assert remembered == PriceMoment(START, is_spike=True)


def test_a_newer_answer_replaces_what_was_remembered():
    remembered = PriceMoment(START, is_spike=True).followed_by(
        PriceMoment(LATER, is_spike=False)
    )

    assert remembered == PriceMoment(LATER, is_spike=False)


async def test_prices_of_an_interval_are_confirmed_once(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    events = events_of(world, JEMENA)

    for seconds in POLLS_S:
        await world.move_to(BOUNDARY + timedelta(seconds=seconds, milliseconds=600))

    assert types(events) == ["confirmed"]
    payload = events[0].attributes
    assert payload["start_time"] == "2026-01-04T09:10:00+00:00"
    assert payload["end_time"] == "2026-01-04T09:15:00+00:00"
    shown = world.hass.states.get(JEMENA_PRICE)
    assert shown is not None
    assert payload["general_price"] == pytest.approx(float(shown.state))
    assert {"controlled_load_price", "feed_in_price"} <= payload.keys()


async def test_what_is_found_at_the_start_is_no_event(world: World):
    await spike(world)

    await world.set_up(await amber_entry(world))

    assert world.state(AUSGRID) == "unknown"
    assert world.state("binary_sensor.amber_ausgrid_price_spike") == "on"


async def test_a_spike_starts_and_ends(world: World):
    await world.set_up(await amber_entry(world))
    events = events_of(world, AUSGRID)

    await spike(world)
    await world.wait(minutes=5)
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert types(events) == ["spike_started", "spike_ended"]
    assert events[0].attributes["general_price"] > 0


async def test_an_outage_is_no_event(world: World):
    await world.set_up(await amber_entry(world))
    events = events_of(world, AUSGRID)

    await world.utilities.break_down("500", count=None)
    await world.wait(minutes=5)
    assert world.state(AUSGRID) == "unavailable"
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert [state.state for state in events] == ["unknown"]


async def test_an_answer_without_a_present_price_is_no_event(world: World):
    await world.set_up(await amber_entry(world))
    events = events_of(world, AUSGRID)

    await world.utilities.break_down(
        "missing",
        endpoint="amber.current",
        options={"field": "perKwh", "all": True},
    )
    await world.wait(minutes=5)

    assert types(events) == []
