"""``/api/peaks/watch``, its log, and what streams say of the peak watch."""

from dataclasses import replace
from datetime import UTC, date, datetime
from math import log
from typing import Any

import pytest

from energy_logger_server.api.central import central_day_start
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.events import PeakCheck, PeakNotice
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.load_forecast import Estimate
from energy_logger_server.domain.peak_watch.outlook import HourAhead, Outlook
from energy_logger_server.domain.peak_watch.watch import (
    AnnouncedHour,
    NoticeKind,
    WatchState,
)
from energy_logger_server.web.events.fields import event_fields
from energy_logger_server.web.routes.peaks.announcements import (
    announcement_operations,
)
from energy_logger_server.web.routes.peaks.watch import watch_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.answers import HOUR, areas, grid, hourly_loads
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

PATH = "/api/peaks/watch"
[OPERATION] = watch_operations()
SEVEN = int(datetime(2026, 1, 4, 13, tzinfo=UTC).timestamp()) // 3600
"""07:00 CST."""
JANUARY = day_number(RECORDED_AT.date().replace(day=1))


def outlook(*, is_shown: bool = True, probability: float | None = 0.1) -> Outlook:
    """Return what is ahead from 07:00: the lead of two hours, and one behind it."""
    estimate = Estimate(log(1000), 0.05)
    return Outlook(
        [
            HourAhead(SEVEN + ahead, estimate, probability, is_near=ahead <= 2)
            for ahead in range(3)
        ]
        + [HourAhead(SEVEN + 3, None, probability, is_near=False)],
        is_probability_shown=is_shown,
    )


async def watch(api: Api, *announced: AnnouncedHour, is_shown: bool = True) -> Any:
    """Store a watch of KAMO; return what is answered of it."""
    saved = SavedWatch(WatchState(SEVEN + 1, announced), is_shown, is_shown)
    await api.collector.run(
        areas(), grid(20, hourly_loads(900, 950, first=RECORDED_AT - 5 * HOUR))
    )
    await api.store.save_peak_watch(20, saved)
    await set_area(api, "KAMO")
    answer = await api.get(PATH)
    require_shape(answer, OPERATION.answer.schema)
    return answer


async def set_area(api: Api, name: str) -> None:
    """Have an area watched."""
    path = "/api/settings/PEAK_WATCH_AREA"
    await api.get(path, method="PUT", json={"value": name})


async def test_the_watch_tells_its_hours_and_what_is_left(api: Api):
    answer = await watch(
        api,
        AnnouncedHour(SEVEN - 800, JANUARY - 31, SEVEN - 802, 0.4),
        AnnouncedHour(SEVEN - 1, JANUARY, SEVEN - 3, None, withdrawn_at=SEVEN - 2),
        AnnouncedHour(SEVEN, JANUARY, SEVEN - 2, 0.2346),
    )

    assert (answer["area_name"], answer["lead_hours"]) == ("KAMO", 2)
    assert (answer["budget_hours"], answer["hours_left"]) == (20, 18)
    assert answer["looked_to"] == "2026-01-04T08:00:00-06:00"
    assert (answer["peak_kw"], answer["load_kw"]) == (950.0, 950.0)
    assert (answer["headroom_kw"], answer["is_open"]) == (0.0, True)
    assert answer["outlook"] is None
    withdrawn, stands = answer["announced"]
    assert withdrawn["withdrawn_at"] == "2026-01-04T05:00:00-06:00"
    assert (withdrawn["likelihood"], withdrawn["probability_percent"]) == (
        "possible",
        None,
    )
    assert stands == {
        "starts_at": "2026-01-04T07:00:00-06:00",
        "ends_at": "2026-01-04T08:00:00-06:00",
        "announced_at": "2026-01-04T05:00:00-06:00",
        "withdrawn_at": None,
        "likelihood": "likely",
        "probability_percent": 23.5,
    }


async def test_a_probability_that_is_not_honest_is_a_word_only(api: Api):
    answer = await watch(
        api, AnnouncedHour(SEVEN, JANUARY, SEVEN - 2, 0.2346), is_shown=False
    )

    [only] = answer["announced"]
    assert (only["likelihood"], only["probability_percent"]) == ("likely", None)


async def test_the_first_hour_of_the_next_month_is_told_before_that_begins(api: Api):
    february = day_number(date(2026, 2, 1))
    midnight = int(central_day_start(date(2026, 2, 1)).timestamp()) // 3600
    api.clock.set(datetime.fromtimestamp((midnight - 1) * 3600, UTC))

    answer = await watch(api, AnnouncedHour(midnight, february, midnight - 2, 0.4))

    [first] = answer["announced"]
    assert first["starts_at"] == "2026-02-01T00:00:00-06:00"
    assert (answer["hours_left"], answer["is_open"]) == (20, True)


async def test_what_is_ahead_has_its_band_and_a_word_where_nothing_is_tested(api: Api):
    api.collecting.peak_looks.append(PeakCheck(20, "KAMO", outlook()))

    ahead = (await watch(api))["outlook"]

    assert (ahead["likelihood"], ahead["probability_percent"]) == ("likely", 30.0)
    near, *_others, far = ahead["hours"]
    assert near == {
        "starts_at": "2026-01-04T07:00:00-06:00",
        "ends_at": "2026-01-04T08:00:00-06:00",
        "load_kw": 1000.0,
        "low_kw": 937.93,
        "high_kw": 1066.18,
        "likelihood": "possible",
        "probability_percent": 10.0,
    }
    assert (far["load_kw"], far["probability_percent"]) == (None, None)
    assert far["likelihood"] == "possible"


async def test_what_is_ahead_of_another_area_is_not_told(api: Api):
    api.collecting.peak_looks.append(PeakCheck(1, "Other", outlook()))

    assert (await watch(api))["outlook"] is None


async def test_the_newest_load_of_another_month_has_no_headroom(api: Api):
    api.clock.set(RECORDED_AT.replace(month=2))

    answer = await watch(api)

    assert (answer["load_kw"], answer["peak_kw"]) == (950.0, None)
    assert answer["headroom_kw"] is None


async def test_the_log_tells_what_each_announcement_was_worth(api: Api):
    december = day_number(date(2025, 12, 1))
    first = datetime(2025, 12, 31, 20, tzinfo=UTC)
    await api.collector.run(
        areas(),
        # the last ten hours of December, and five of January
        grid(20, hourly_loads(*range(900, 910), *range(950, 955), first=first)),
    )
    eve = int(first.timestamp()) // 3600
    saved = SavedWatch(
        WatchState(
            eve + 18,
            (
                AnnouncedHour(eve + 7, december, eve + 5, 0.3),
                AnnouncedHour(eve + 8, december, eve + 6, 0.3, withdrawn_at=eve + 7),
                AnnouncedHour(eve + 9, december, eve + 7, 0.3),
                AnnouncedHour(eve + 13, JANUARY, eve + 11, 0.3),
                AnnouncedHour(eve + 14, JANUARY, eve + 12, 0.3),
                AnnouncedHour(SEVEN + 500, JANUARY, SEVEN + 498, None),
            ),
        ),
        is_trained=True,
        is_probability_shown=True,
    )
    await api.store.save_peak_watch(20, saved)
    await set_area(api, "KAMO")

    answer = await api.get("/api/peaks/announcements?months=6")
    only = await api.get("/api/peaks/announcements?months=1")

    [log] = announcement_operations()
    require_shape(answer, log.answer.schema)
    assert (answer["months_over"], answer["months_caught"]) == (1, 1)
    january, december_ = answer["months"]
    assert (january["month"], january["is_over"], january["is_caught"]) == (
        "2026-01",
        False,
        None,
    )
    assert [one["outcome"] for one in january["announced"]] == [
        "false_alarm",
        "highest",
        "pending",
    ]
    assert (december_["peak_kw"], december_["is_caught"]) == (909.0, True)
    assert [
        (one["outcome"], one["load_kw"], one["below_peak_kw"])
        for one in december_["announced"]
    ] == [
        ("false_alarm", 907.0, 2.0),
        ("withdrawn", 908.0, 1.0),
        ("caught", 909.0, 0.0),
    ]
    assert only["months"] == [january]


async def test_months_of_a_season_before_the_first_announcement_were_not_missed(
    api: Api,
):
    november = datetime(2025, 11, 30, 20, tzinfo=UTC)
    await api.collector.run(areas(), grid(20, hourly_loads(900, 910, first=november)))
    await api.collector.run(areas(), grid(20, hourly_loads(900, first=RECORDED_AT)))
    season = day_number(date(2025, 11, 1))
    said = WatchState(SEVEN, (AnnouncedHour(SEVEN, season, SEVEN - 2, None),))
    await api.store.save_peak_watch(
        20, SavedWatch(said, is_trained=False, is_probability_shown=False)
    )
    await set_area(api, "KAMO")

    answer = await api.get("/api/peaks/announcements")

    assert [one["month"] for one in answer["months"]] == ["2026-01"]
    assert answer["months_over"] == 0


async def test_a_month_that_is_not_billed_is_none_that_was_missed(api: Api):
    eve = datetime(2025, 12, 31, 20, tzinfo=UTC)
    loads = hourly_loads(*range(900, 915), first=eve)
    await api.collector.run(areas(), grid(20, loads))
    hour = int(eve.timestamp()) // 3600
    said = AnnouncedHour(hour, day_number(date(2025, 12, 1)), hour - 2, None)
    await api.store.save_peak_watch(
        20,
        SavedWatch(
            WatchState(hour, (said,)), is_trained=False, is_probability_shown=False
        ),
    )
    await set_area(api, "KAMO")
    path = "/api/settings/PEAK_WATCH_MONTHS"
    await api.get(path, method="PUT", json={"value": "6-9"})

    answer = await api.get("/api/peaks/announcements")

    # what an earlier rule announced stays there
    assert [one["month"] for one in answer["months"]] == ["2025-12"]


async def test_a_watch_that_said_nothing_yet_has_an_empty_log(api: Api):
    status, error = await api.error("/api/peaks/announcements")
    await api.collector.run(areas())
    await set_area(api, "nowhere")
    _status, unknown = await api.error("/api/peaks/announcements")
    await set_area(api, "OZEC")

    answer = await api.get("/api/peaks/announcements")

    assert (status, "is not set" in error["message"]) == (404, True)
    assert "names no area" in unknown["message"]
    assert (answer["months"], answer["months_over"]) == ([], 0)


async def test_a_month_without_any_load_is_not_judged(api: Api):
    await api.collector.run(areas())
    said = WatchState(SEVEN, (AnnouncedHour(SEVEN, JANUARY, SEVEN - 2, None),))
    await api.store.save_peak_watch(
        20, SavedWatch(said, is_trained=False, is_probability_shown=False)
    )
    await set_area(api, "KAMO")

    [month] = (await api.get("/api/peaks/announcements"))["months"]

    assert (month["peak_kw"], month["is_over"], month["is_caught"]) == (
        None,
        False,
        None,
    )
    assert [one["outcome"] for one in month["announced"]] == ["pending"]


async def test_without_an_area_there_is_no_watch(api: Api):
    status, error = await api.error(PATH)
    await set_area(api, "nowhere")
    _status, unknown = await api.error(PATH)

    assert status == 404
    assert status in OPERATION.all_errors
    assert "PEAK_WATCH_AREA is not set" in error["message"]
    assert "PEAK_WATCH_AREA names no area of KAMO: nowhere" in unknown["message"]


async def test_a_watch_that_has_not_looked_yet_is_empty(api: Api):
    await api.collector.run(areas())
    await set_area(api, "OZEC")

    answer = await api.get(PATH)

    require_shape(answer, OPERATION.answer.schema)
    assert (answer["looked_to"], answer["peak_kw"], answer["peak_at"]) == (None,) * 3
    assert answer["announced"] == []


@pytest.mark.parametrize(("notice", "percent"), [(0.0456, 4.6), (None, None)])
def test_a_stream_tells_the_hour_with_its_probability(notice, percent):
    event = PeakNotice(
        20,
        "KAMO",
        NoticeKind.ANNOUNCED,
        SEVEN * 3600,
        notice,
        is_probability_shown=True,
    )

    assert event_fields(event) == {
        "area_id": 20,
        "area_name": "KAMO",
        "notice": "announced",
        "starts_at": "2026-01-04T07:00:00-06:00",
        "ends_at": "2026-01-04T08:00:00-06:00",
        "likelihood": "possible",
        "probability_percent": percent,
    }
    all_clear = event_fields(replace(event, notice=NoticeKind.ALL_CLEAR))
    assert all_clear["likelihood"] is None
    hidden = event_fields(replace(event, is_probability_shown=False))
    assert hidden["probability_percent"] is None


@pytest.mark.parametrize(("is_shown", "percent"), [(True, 30.0), (False, None)])
def test_a_stream_tells_that_the_watch_has_looked(is_shown, percent):
    look = PeakCheck(20, "KAMO", outlook(is_shown=is_shown))

    assert look.kind == "peak_outlook"
    assert event_fields(look) == {
        "area_id": 20,
        "area_name": "KAMO",
        "looked_in": "2026-01-04T07:00:00-06:00",
        "likelihood": "likely",
        "probability_percent": percent,
    }


def test_a_watch_that_is_not_trained_finds_a_peak_possible():
    ahead = outlook(probability=None)

    assert (ahead.probability, ahead.likelihood) == (None, "possible")
