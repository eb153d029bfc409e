"""The server's peak watch: entities, events, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_logger.api.fields import FieldError
from custom_components.energy_logger.api.server_peaks import (
    AnnouncedHour,
    PeakWatch,
    read_peak_watch,
)
from custom_components.energy_logger.coordinator.peak_events import (
    PeakEvent,
    peak_news,
)
from tests.integration.linked import LATE, LinkedWorld, devices
from tests.integration.observed import warnings

LIKELY = "binary_sensor.peak_watch_kamo_peak_likely"
EVENT = "event.peak_watch_kamo_peak"
WORD = "sensor.peak_watch_kamo_peak_likelihood"
RISK = "sensor.peak_watch_kamo_peak_risk"
MONTH_PEAK = "sensor.peak_watch_kamo_peak_of_the_month"
HEADROOM = "sensor.peak_watch_kamo_headroom"
ELEVEN = datetime(2026, 1, 4, 11, tzinfo=UTC)
"""About two hours after ``LATE``."""


def hour(starts_at: datetime, **changes: Any) -> AnnouncedHour:
    """Return an announced hour that stands."""
    ends_at = starts_at + timedelta(hours=1)
    plain = AnnouncedHour(starts_at, ends_at, False, "likely", 30.0)
    return replace(plain, **changes)


def watch(*announced: AnnouncedHour, **changes: Any) -> PeakWatch:
    """Return what a server tells."""
    plain = read_peak_watch(
        {
            "area_id": 20,
            "area_name": "KAMO",
            "area_abbreviation": "KAMO",
            "hours_left": 18,
            "announced": [],
        }
    )
    is_open = any(not one.is_withdrawn for one in announced)
    return replace(plain, announced=announced, is_open=is_open, **changes)


def test_what_changed_is_what_was_said():
    first, second = hour(ELEVEN), hour(ELEVEN + timedelta(hours=1))
    gone = replace(second, is_withdrawn=True)

    assert peak_news(watch(first), watch(first, second), LATE) == (
        (PeakEvent.ANNOUNCED, second),
    )
    assert peak_news(watch(first, second), watch(first, gone), LATE) == (
        (PeakEvent.WITHDRAWN, gone),
    )
    assert peak_news(watch(second), watch(gone), LATE) == (
        (PeakEvent.WITHDRAWN, gone),
        (PeakEvent.ALL_CLEAR, None),
    )


def test_nothing_is_said_of_what_is_too_late_or_of_another_area():
    late = hour(LATE - timedelta(hours=3))
    gone = hour(ELEVEN, is_withdrawn=True)
    other = watch(hour(ELEVEN), area_id=1)

    assert peak_news(watch(), watch(late), LATE)[:1] == ()
    assert peak_news(watch(), watch(gone), LATE) == ()
    assert peak_news(watch(gone), watch(gone), LATE) == ()
    for before, after in ((None, other), (other, None), (watch(), other)):
        assert peak_news(before, after, LATE) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"announced": None},
        {"announced": ["eleven"]},
        {"area_id": "twenty"},
        {"peak_at": "yesterday"},
        {"outlook": "good"},
    ],
)
def test_an_answer_that_is_no_watch_is_refused(changes: dict[str, Any]):
    answer: Any = {
        "area_id": 20,
        "area_name": "KAMO",
        "area_abbreviation": "KAMO",
        "hours_left": 18,
        "announced": [],
    }

    assert read_peak_watch(answer).likelihood is None
    with pytest.raises(FieldError):
        read_peak_watch({**answer, **changes})


async def watched(linked: LinkedWorld, *announced: datetime) -> MockConfigEntry:
    """Return an entry of a server that watches, and is listened to."""
    await linked.server.watch("KAMO", *announced)
    entry = linked.entry()
    await linked.set_up(entry)
    return entry


def is_there(linked: LinkedWorld, entity_id: str) -> bool:
    return linked.hass.states.get(entity_id) is not None


def is_shown(linked: LinkedWorld, entity_id: str, state: str) -> bool:
    return linked.state(entity_id) == state


def attributes(linked: LinkedWorld, entity_id: str) -> dict[str, Any]:
    state = linked.hass.states.get(entity_id)
    assert state is not None
    return {**state.attributes}


async def test_a_watch_that_is_set_up_later_comes_up_and_goes_with_its_area(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    assert not is_there(linked, LIKELY)

    await linked.server.watch("KAMO", probability=None)
    await linked.until(lambda: is_there(linked, LIKELY))
    shown = {one: linked.state(one) for one in (LIKELY, EVENT, WORD)}
    headroom = await linked.server.fetch("/api/load/headroom/KAMO")
    numbers = [float(linked.state(one)) for one in (MONTH_PEAK, HEADROOM)]
    # without a year of history there is a word, and no number
    assert shown == {LIKELY: "off", EVENT: "unknown", WORD: "possible"}
    assert not is_there(linked, RISK)
    assert numbers == [headroom["peak_kw"], headroom["headroom_kw"]]
    peak_at = datetime.fromisoformat(attributes(linked, MONTH_PEAK)["hour"])
    assert peak_at == datetime.fromisoformat(headroom["peak_at"])
    assert "watch_the-server_20" in devices(linked, entry)

    await linked.server.listened_to()
    await linked.server.watch("OZEC")
    await linked.until(lambda: "watch_the-server_1" in devices(linked, entry))
    assert "watch_the-server_20" not in devices(linked, entry)

    await linked.server.watch(None)
    await linked.wait(minutes=5)
    assert not {one for one in devices(linked, entry) if one.startswith("watch")}


async def test_what_the_watch_says_is_shown_at_once(linked: LinkedWorld):
    await watched(linked)
    said = []

    for announced, withdrawn in (
        ([ELEVEN], []),
        ([ELEVEN], [ELEVEN]),
    ):
        await linked.server.watch("KAMO", *announced, withdrawn=withdrawn)
        state = "off" if withdrawn else "on"
        await linked.until(partial(is_shown, linked, LIKELY, state))
        said.append(
            (
                linked.state(LIKELY),
                attributes(linked, LIKELY)["next_hour"],
                attributes(linked, LIKELY)["hours"],
                attributes(linked, LIKELY)["probability"],
                attributes(linked, EVENT)["event_type"],
            )
        )

    assert said == [
        ("on", ELEVEN.isoformat(), [ELEVEN.isoformat()], 30.0, "announced"),
        ("off", None, [], None, "all_clear"),
    ]
    assert linked.state(RISK) == "30.0"
    assert attributes(linked, LIKELY)["hours_left"] == 19


async def test_an_announced_hour_is_told_with_its_span(linked: LinkedWorld):
    await watched(linked)

    await linked.server.watch("KAMO", ELEVEN)
    await linked.until(lambda: linked.state(EVENT) != "unknown")

    told = attributes(linked, EVENT)
    assert told["start_time"] == "2026-01-04T11:00:00+00:00"
    assert told["end_time"] == "2026-01-04T12:00:00+00:00"
    assert (told["likelihood"], told["probability"]) == ("likely", 30.0)


async def test_a_run_of_kamo_renews_the_headroom(linked: LinkedWorld):
    await watched(linked)
    await linked.server.forget_requests()

    await linked.server.collect("kamo")

    for _look in range(1000):
        if "/api/peaks/watch" in await linked.server.requests():
            break
    assert "/api/peaks/watch" in await linked.server.requests()


async def test_while_the_server_is_away_the_watch_is_unavailable(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await watched(linked, ELEVEN)
    assert linked.state(LIKELY) == "on"

    await linked.server.stop()
    await linked.wait(minutes=5)
    away = {linked.state(one) for one in (LIKELY, EVENT, WORD, RISK, HEADROOM)}
    await linked.server.start()
    await linked.wait(minutes=5)

    assert away == {"unavailable"}
    assert linked.state(LIKELY) == "on"
    # the outage is told once, by the server's own coordinator
    assert not [one for one in warnings(caplog) if "peak watch" in one]


async def test_a_watch_that_cannot_be_told_keeps_its_device_until_it_can(
    linked: LinkedWorld, hass_client: ClientSessionGenerator
):
    entry = await watched(linked, ELEVEN)
    await linked.server.break_watch()

    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()
    diagnosed: Any = await get_diagnostics_for_config_entry(
        linked.hass, hass_client, entry
    )
    assert diagnosed["linked"]["peak_watch"]["is_up"] is False
    assert len(diagnosed["linked"]["waiting"]) == 1
    assert "watch_the-server_20" in devices(linked, entry)
    assert linked.state(LIKELY) == "unavailable"

    await linked.server.listened_to()
    await linked.server.watch("KAMO", ELEVEN)
    await linked.until(lambda: linked.state(LIKELY) == "on")
    diagnosed = await get_diagnostics_for_config_entry(linked.hass, hass_client, entry)
    told = diagnosed["linked"]["peak_watch"]
    assert (told["area_id"], told["is_open"], told["hours"]) == (
        20,
        True,
        [ELEVEN.isoformat()],
    )


async def test_entities_of_the_watch_are_known_by_server_and_area(linked: LinkedWorld):
    entry = await watched(linked)

    registry = er.async_get(linked.hass)
    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", "watch_the-server_20"), entry.entry_id
    )
    assert device is not None
    found = {
        one.unique_id: (one.entity_id, one.unit_of_measurement)
        for one in er.async_entries_for_device(registry, device.id)
    }
    assert found == {
        "watch_the-server_20_peak_likely": (LIKELY, None),
        "watch_the-server_20_peak": (EVENT, None),
        "watch_the-server_20_peak_likelihood": (WORD, None),
        "watch_the-server_20_peak_risk": (RISK, "%"),
        "watch_the-server_20_month_peak": (MONTH_PEAK, "kW"),
        "watch_the-server_20_headroom": (HEADROOM, "kW"),
    }
