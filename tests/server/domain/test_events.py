"""Which events two looks at the current prices amount to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress
from energy_logger_server.domain.collecting.runs import RunRecord, Source, Trigger
from energy_logger_server.domain.events import (
    BackfillStep,
    RunFinished,
    current_by_channel,
    price_events,
)
from tests.server.store.material import price

FIVE_PAST = datetime(2026, 1, 4, 2, 5, tzinfo=UTC)
TEN_PAST = FIVE_PAST + timedelta(minutes=5)


def current(ends_at: datetime = FIVE_PAST, duration: int = 5, **fields: Any) -> Price:
    """Return the estimated price of the general channel, but for the fields."""
    sent = {"type": "CurrentInterval", "estimate": True, **fields}
    ((record,), _rejected) = parse_prices([price(ends_at, duration, **sent)])
    return record


def events_between(previous: Sequence[Price], present: Sequence[Price]) -> list[str]:
    """Return kind and channel of the events between two looks."""
    events = price_events(
        "A", current_by_channel(previous), current_by_channel(present)
    )
    assert {event.site_id for event in events} <= {"A"}
    assert all(event.price in present for event in events)
    return [f"{event.kind} {event.price.channel_type}" for event in events]


def test_a_price_seen_for_the_first_time_is_new():
    assert events_between([], [current()]) == ["new_price general"]


def test_the_same_price_again_is_no_event():
    assert events_between([current()], [current()]) == []


def test_an_estimate_that_moves_within_its_interval_is_no_event():
    assert events_between([current()], [current(perKwh=31.5)]) == []


@pytest.mark.parametrize(
    "next_one", [current(TEN_PAST), current(TEN_PAST, 30), current(FIVE_PAST, 30)]
)
def test_another_interval_is_a_new_price(next_one: Price):
    assert events_between([current()], [next_one]) == ["new_price general"]


@pytest.mark.parametrize(
    "fields", [{"estimate": False}, {"type": "ActualInterval"}], ids=str
)
def test_a_price_is_confirmed_once(fields: dict[str, Any]):
    confirmed = current(**fields)

    assert events_between([current()], [confirmed]) == ["confirmed_price general"]
    assert events_between([confirmed], [confirmed]) == []


def test_a_price_that_is_final_at_first_sight_is_new_and_confirmed():
    later = current(TEN_PAST, estimate=False)

    assert events_between([current(estimate=False)], [later]) == [
        "new_price general",
        "confirmed_price general",
    ]


@pytest.mark.parametrize("before", ["none", "potential", "unheard-of"])
def test_a_spike_starts_and_ends(before: str):
    calm, spike = current(spikeStatus=before), current(spikeStatus="spike")

    assert events_between([calm], [spike]) == ["spike_started general"]
    assert events_between([spike], [spike]) == []
    assert events_between([spike], [calm]) == ["spike_ended general"]


def test_a_spike_that_goes_on_in_the_next_interval_starts_once():
    spikes = [current(spikeStatus="spike"), current(TEN_PAST, spikeStatus="spike")]

    assert events_between([], spikes[:1]) == [
        "new_price general",
        "spike_started general",
    ]
    assert events_between(spikes[:1], spikes[1:]) == ["new_price general"]


def test_a_potential_spike_is_none():
    assert events_between([current()], [current(spikeStatus="potential")]) == []


def test_each_channel_has_its_own_events():
    feed_in = current(channelType="feedIn", spikeStatus="spike")

    assert events_between(
        [current(), current(channelType="feedIn")],
        [current(estimate=False), feed_in],
    ) == ["confirmed_price general", "spike_started feedIn"]


def test_a_channel_without_a_price_tells_nothing():
    assert events_between([current(spikeStatus="spike")], []) == []


def test_a_forecast_that_stands_in_is_no_current_price():
    forecast = current(TEN_PAST, type="ForecastInterval", spikeStatus="spike")

    assert events_between([current()], [forecast]) == []


def test_runs_and_steps_of_backfill_say_what_they_are():
    run = RunRecord(7, Source.KAMO, Trigger.TICK, 5, FIVE_PAST, None)

    assert RunFinished(run).kind == "run_finished"
    assert BackfillStep(BackfillProgress()).kind == "backfill_progress"
