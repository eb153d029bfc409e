"""Loads and substations: lossless, settled by the hour, rolled up, counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.api.absence import Missing
from energy_logger_server.api.central import central_label
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.store import Store
from energy_logger_server.store.db.query import fields_of
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
    original_substation_table,
)
from energy_logger_server.store.kamo.readings import (
    COLUMN_NAMES,
    ReadingRows,
    StoredReading,
)
from energy_logger_server.store.kamo.substations import summary
from energy_logger_server.store.schema.kamo import READING
from tests.server.store.material import (
    NOON,
    area,
    areas_read,
    grid_of,
    rows,
    table_of,
    write,
)

AUTUMN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
"""Midnight Central of the day with 25 hours."""
SPRING = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
"""Midnight Central of the day with 23 hours."""
HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=12)
"""By which Amber's ticks come after KAMO's."""


def grid(start, loads, *, forecast=(), area_id=1):
    labels = [
        central_label(start + HOUR * number)
        for number in range(max(len(loads), len(forecast)))
    ]
    lines = [{"data": list(loads), "label": "Actual"}]
    if forecast:
        lines.append({"data": list(forecast), "label": "Forecast"})
    return {"Id": area_id, "chartLineData": lines, "lineChartLabels": labels}


def station(name, kw=100.0, kvar=-10.0, pf=-0.99):
    return {
        "name": name,
        "kw": kw,
        "kvar": kvar,
        "pf": pf,
        "quality": False,
        "qualityNow": False,
    }


def table(*stations: dict[str, object]) -> Any:
    return {"Id": 1, "areaLoadData": [*stations]}


async def fill_grid(store, raw, at, area_id=1):
    return await write(
        store, areas_read([area(area_id)]), grid_of(raw, area_id, at=at), at=at
    )


async def fill_table(store, raw, at, *, interval_minutes=5):
    read = table_of(raw, 1, at=at, interval_minutes=interval_minutes)
    return await write(store, areas_read([area(1)]), read, at=at)


@pytest.mark.parametrize(
    ("midnight", "hours"), [(AUTUMN, 25), (SPRING, 23)], ids=["autumn", "spring"]
)
async def test_every_hour_of_a_changeover_day_is_a_row_of_its_own(
    store, midnight, hours
):
    loads = [1000.0 + number for number in range(hours)]

    await fill_grid(store, grid(midnight, loads), midnight + HOUR * (hours + 1))

    assert await rows(store, "SELECT load_e1 FROM load ORDER BY at") == [
        (round(load * 10),) for load in loads
    ]
    (day,) = await store.ledger(kind=Kind.LOAD)
    assert (day.state, day.expected_minutes) == (DayState.COMPLETE, hours * 60)


async def test_a_grid_comes_back_as_sent(store):
    raw = grid(AUTUMN, [5.5, 6.0, 7], forecast=[5.0, None, 8.25, 9.125, 10.0])
    raw["chartLineData"].append({"label": "Weather", "data": "cloudy"})
    raw["unknown"] = {"deep": [1, 1.0, True]}

    await fill_grid(store, raw, AUTUMN + HOUR * 4)

    assert await store.read(original_area_grid, 1) == raw
    back = await store.read(original_area_grid, 1)
    assert repr(back) == repr(raw)


async def test_areas_come_back_as_sent(store):
    sent = [area(2), area(1, extra=[1.0]), area(18, selected=True)]

    await write(store, areas_read(sent))

    assert repr(await store.read(original_areas)) == repr(sent)
    assert [one.is_aggregate for one in await store.areas()] == [False, False, True]


async def test_an_area_that_is_no_longer_listed_keeps_its_rows(store):
    await write(store, areas_read([area(1), area(2)]))

    for days in (1, 2, 3):
        await write(store, areas_read([area(2)], at=NOON + timedelta(days=days)))

    assert [one.area_id for one in await store.areas()] == [2]
    assert await rows(store, "SELECT count(*) FROM area") == [(2,)]


async def test_an_area_that_a_list_lacks_once_stays(store):
    await write(store, areas_read([area(1), area(2)]))
    await write(store, areas_read([area(2)], at=NOON + timedelta(days=1)))

    lacking = {one.area_id: one.missing for one in await store.areas()}
    sent = await store.read(original_areas)
    await write(store, areas_read([area(1), area(2)], at=NOON + timedelta(days=5)))

    day_after = NOON + timedelta(days=1)
    assert lacking == {1: Missing(1, day_after, day_after), 2: None}
    assert sent == [area(1), area(2)]
    assert {one.missing for one in await store.areas()} == {None}


@pytest.mark.parametrize(
    ("hours", "is_there"),
    [
        pytest.param((0, 24), True, id="twice"),
        pytest.param((0, 1, 47), True, id="within-two-days"),
        pytest.param((0, 1, 48), False, id="three-times-in-two-days"),
    ],
)
async def test_what_lists_lack_over_days_is_taken_as_gone(store, hours, is_there):
    await write(store, areas_read([area(1), area(2)]))

    for hour in hours:
        await write(store, areas_read([area(2)], at=NOON + HOUR * hour))

    assert [one.area_id for one in await store.areas()] == [1, 2][1 - is_there :]


async def test_an_empty_list_is_never_believed(store):
    await write(store, areas_read([area(1), area(2)]))

    for days in (1, 5, 9):
        await write(store, areas_read([], at=NOON + timedelta(days=days)))

    assert {one.missing for one in await store.areas()} == {None}


async def test_a_list_with_an_unreadable_entry_says_nothing_of_what_it_lacks(store):
    await write(store, areas_read([area(1), area(2)]))

    for days in (1, 5, 9):
        broken = {**area(1), "id": "one"}
        await write(
            store, areas_read([broken, area(2)], at=NOON + timedelta(days=days))
        )

    assert {one.missing for one in await store.areas()} == {None}


async def test_an_area_that_was_gone_and_comes_back_is_there_again(store):
    await write(store, areas_read([area(1), area(2)]))
    for days in (1, 2, 3):
        await write(store, areas_read([area(2)], at=NOON + timedelta(days=days)))

    await write(store, areas_read([area(1), area(2)], at=NOON + timedelta(days=9)))

    assert [(one.area_id, one.missing) for one in await store.areas()] == [
        (1, None),
        (2, None),
    ]


async def test_a_restart_does_not_forget_since_when_something_is_missing(
    store_url, clock
):
    for days in (0, 1, 2, 3):
        store = await Store.open(store_url, clock)
        areas = [area(2)] if days else [area(1), area(2)]
        await write(store, areas_read(areas, at=NOON + timedelta(days=days)))
        known = [one.area_id for one in await store.areas()]
        await store.close()

        assert known == ([1, 2] if days < 3 else [2])


async def test_the_running_hour_is_replaced_freely_and_archived(store):
    start = AUTUMN
    await fill_grid(store, grid(start, [10.0, 11.0]), start + HOUR + HOUR / 4)
    await fill_grid(store, grid(start, [10.0, 12.0]), start + HOUR + HOUR / 2)

    counts = await fill_grid(store, grid(start, [10.0, 13.0]), start + HOUR * 2)

    assert counts.load == KindCounts(changed=1, unchanged=1)
    assert await rows(store, "SELECT load_e1, is_settled FROM load ORDER BY at") == [
        (100, True),
        (130, True),
    ]
    archived = await rows(store, "SELECT load_e1 FROM load_archive ORDER BY fetched_at")
    assert archived == [(110,), (120,)]
    assert await rows(store, "SELECT count(*) FROM revision") == [(0,)]


async def test_a_finished_hour_that_changes_is_a_revision(store):
    await fill_grid(store, grid(AUTUMN, [10.0]), AUTUMN + HOUR * 2)

    await fill_grid(store, grid(AUTUMN, [10.5]), AUTUMN + HOUR * 3)

    assert await rows(store, "SELECT load_e1 FROM load") == [(105,)]
    assert await rows(store, "SELECT kind, reason, record FROM revision") == [
        ("load", "revised", "10.0")
    ]
    assert await rows(store, "SELECT load_sum_e1 FROM load_day") == [(105,)]


async def test_a_clock_set_back_does_not_open_a_finished_hour(store):
    await fill_grid(store, grid(AUTUMN, [10.0]), AUTUMN + HOUR * 2)

    await fill_grid(store, grid(AUTUMN, [10.0]), AUTUMN + HOUR / 2)

    assert await rows(store, "SELECT is_settled FROM load") == [(True,)]


async def test_forecasts_keep_the_newest_and_archive_each(store):
    at = AUTUMN + HOUR
    await fill_grid(store, grid(AUTUMN, [9.0], forecast=[9.0, 10.0]), at)

    counts = await fill_grid(
        store, grid(AUTUMN, [9.0], forecast=[9.0, 11.0]), at + HOUR / 4
    )

    assert counts.forecast == KindCounts(changed=1, unchanged=1)
    assert await rows(store, "SELECT load_e1 FROM load_forecast ORDER BY at") == [
        (90,),
        (110,),
    ]
    assert await rows(store, "SELECT count(*) FROM load_archive") == [(3,)]


async def test_the_first_of_two_equal_peaks_is_the_days_peak(store):
    await fill_grid(store, grid(AUTUMN, [5.0, 9.0, 3.0, 9.0, 3.0]), AUTUMN + HOUR * 6)

    start = int(AUTUMN.timestamp())
    assert await rows(
        store, "SELECT load_max_e1, max_at, load_min_e1, min_at FROM load_day"
    ) == [(90, start + 3600, 30, start + 7200)]


async def test_a_table_comes_back_as_sent(store):
    raw = table(
        station("B", 4031.0),
        station("A", kw=5, kvar=0, pf=1),
        {"name": "bare", "kw": 1.25, "kvar": 0.125, "pf": -1.0, "new": None},
        station("broken", kw="much"),
    )
    raw["unknown"] = 1.0

    await fill_table(store, raw, AUTUMN)

    back = await store.read(original_substation_table, 1)
    assert back == raw
    assert await rows(store, "SELECT count(*) FROM substation_reading") == [(3,)]


async def test_a_reading_is_filed_under_the_minute_it_was_fetched(store):
    at = AUTUMN + timedelta(minutes=7, seconds=48)

    await fill_table(store, table(station("A")), at)

    assert await rows(store, "SELECT hour, minute FROM substation_reading") == [
        (int(AUTUMN.timestamp()) // 3600, 7)
    ]
    (row,) = await rows(store, "SELECT read_at, run_id FROM substation_readings")
    assert row == ("2026-11-01T05:07:00Z", 1)


async def test_rollups_of_substations_equal_the_rows_of_the_hours_that_are_over(
    store,
):
    loads = [50.0, 70.0, 70.0, 90.0, 20.0, 70.0, 10.0]
    for number, kw in enumerate(loads):
        at = AUTUMN + timedelta(minutes=20 * number)
        await fill_table(store, table(station("A", kw)), at)

    start = int(AUTUMN.timestamp())
    assert await rows(
        store,
        "SELECT readings, load_sum_e1, load_min_e1, load_max_e1, reactive_sum_e1,"
        " max_minute FROM substation_hour ORDER BY hour",
    ) == [(3, 1900, 500, 700, -300, 20), (3, 1800, 200, 900, -300, 0)]
    assert await rows(
        store,
        "SELECT readings, load_sum_e1, load_min_e1, load_max_e1, max_at"
        " FROM substation_day",
    ) == [(6, 3700, 200, 900, start + 3600)]


async def test_an_hour_that_nothing_followed_is_closed_by_the_next_reading(store):
    await fill_table(store, table(station("A", 30.0)), AUTUMN)

    await fill_table(store, table(station("A", 10.0)), AUTUMN + HOUR * 30)

    assert await rows(store, "SELECT readings, load_sum_e1 FROM substation_hour") == [
        (1, 300)
    ]
    assert await rows(store, "SELECT readings, load_sum_e1 FROM substation_day") == [
        (1, 300)
    ]


async def test_a_clock_set_back_into_a_closed_hour_has_it_counted_again(store):
    for minute, kw in ((0, 30.0), (60, 10.0), (5, 50.0)):
        at = AUTUMN + timedelta(minutes=minute)
        await fill_table(store, table(station("A", kw)), at)

    assert await rows(
        store, "SELECT readings, load_sum_e1, max_minute FROM substation_hour"
    ) == [(2, 800, 5)]


async def test_a_second_run_within_a_minute_replaces_its_readings(store):
    for minute in (0, 5):
        at = AUTUMN + timedelta(minutes=minute)
        await fill_table(store, table(station("A", 10.0 + minute), station("B")), at)

    counts = await fill_table(
        store,
        table(station("A", 4.0), station("B"), station("C")),
        AUTUMN + timedelta(minutes=5, seconds=30),
    )

    assert counts.substation == KindCounts(new=1, changed=1, unchanged=1)
    await fill_table(store, table(station("A")), AUTUMN + HOUR)
    for span in ("hour", "day"):
        assert await rows(
            store,
            "SELECT readings, load_sum_e1, load_min_e1, load_max_e1"
            f" FROM substation_{span} ORDER BY substation_id",
        ) == [(2, 140, 40, 100), (2, 2000, 1000, 1000), (1, 1000, 1000, 1000)]
    assert await rows(
        store, "SELECT max_at FROM substation_day WHERE substation_id = 1"
    ) == [(int(AUTUMN.timestamp()),)]


async def test_rows_that_are_as_they_were_still_come_from_the_run_that_brought_them(
    store,
):
    for _twice in range(2):
        await fill_table(store, table(station("A")), AUTUMN)

    assert await rows(store, "SELECT run_id FROM substation_readings") == [(1,)]


@pytest.mark.parametrize(
    ("midnight", "slots"), [(AUTUMN, 50), (SPRING, 46)], ids=["autumn", "spring"]
)
async def test_a_changeover_day_of_substations_is_complete_with_all_its_slots(
    store, midnight, slots
):
    for slot in range(slots):
        at = midnight + timedelta(minutes=30 * slot, seconds=3)
        await fill_table(store, table(station("A")), at, interval_minutes=30)

    (day,) = await store.ledger(kind=Kind.SUBSTATIONS)
    assert (day.state, day.expected_minutes) == (DayState.COMPLETE, slots * 30)


async def test_the_first_day_of_substations_begins_with_its_first_fetch(store):
    late = AUTUMN + HOUR * 24.5
    await fill_table(store, table(station("A")), late, interval_minutes=30)

    (day,) = await store.ledger(kind=Kind.SUBSTATIONS)
    assert (day.state, day.expected_minutes) == (DayState.COMPLETE, 30)


async def test_a_slot_counts_once_however_often_it_is_fetched(store):
    for minute in (0, 1, 2, 5):
        await fill_table(store, table(station("A")), AUTUMN + timedelta(minutes=minute))

    (day,) = await store.ledger(kind=Kind.SUBSTATIONS)
    assert day.present_minutes == 10


async def test_a_wider_polling_interval_makes_no_gap_of_what_was_never_due(store):
    for minute in (0, 5, 10, 15, 20, 25):
        await fill_table(store, table(station("A")), AUTUMN + timedelta(minutes=minute))

    await fill_table(store, table(station("A")), AUTUMN + HOUR / 2, interval_minutes=30)

    (day,) = await store.ledger(kind=Kind.SUBSTATIONS)
    assert day.present_minutes == 60


async def test_days_behind_the_look_back_are_closed_with_their_cause(store, clock):
    first = AUTUMN + HOUR * 12
    await fill_grid(store, grid(AUTUMN, [1.0, 2.0]), first)
    await fill_table(store, table(station("A")), first)
    clock.at = AUTUMN + HOUR * 25 * 3 + HOUR * 12

    closed = await store.close_past_kamo_days(timedelta(hours=12))

    lines = await store.ledger()
    assert closed == len(lines) == 6
    assert {line.state for line in lines} == {DayState.UNAVAILABLE}
    assert {line.cause for line in lines} == {"the server was not running"}
    assert await store.close_past_kamo_days(timedelta(hours=12)) == 0


async def test_a_complete_day_is_not_closed(store, clock):
    loads = [1.0] * 25
    await fill_grid(store, grid(AUTUMN, loads), AUTUMN + HOUR * 26)
    clock.at = AUTUMN + HOUR * 24 * 4

    await store.close_past_kamo_days(timedelta(hours=12))

    first = (await store.ledger(kind=Kind.LOAD))[0]
    assert first.state is DayState.COMPLETE


@pytest.mark.parametrize(
    ("hours_run", "failure", "cause"),
    [
        ((), None, "the server was not running"),
        ((0, 3), None, "the server was not running all day"),
        ((0, 24), None, "KAMO had no value"),
        ((0, 24), "connection lost", "connection lost"),
    ],
    ids=["off", "off-later", "on", "failing"],
)
async def test_the_cause_of_a_gap_comes_from_the_run_log(
    store, clock, hours_run, failure, cause
):
    failures = (Failure("load/1", "unreachable", failure),) if failure else ()
    for hour in hours_run:
        clock.at = AUTUMN + HOUR * hour
        run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
        end = RunEnd(clock.at, Outcome.PARTIAL, 2, failures)
        await store.write(run_id, [], end=end)
    await fill_grid(store, grid(AUTUMN, [1.0]), AUTUMN + HOUR * 2)
    clock.at = AUTUMN + HOUR * 25 + HOUR * 12

    await store.close_past_kamo_days(timedelta(hours=12))

    (line,) = await store.ledger(kind=Kind.LOAD)
    assert (line.state, line.cause) == (DayState.UNAVAILABLE, cause)


@pytest.mark.parametrize(
    ("kamo_runs", "amber_runs", "cause"),
    [
        pytest.param((), (0, 6, 12, 24), "KAMO was switched off", id="all-day"),
        pytest.param((), (0,), "the server was not running", id="a-moment"),
        pytest.param(
            (0, 6),
            (0, 6, 12, 24),
            "KAMO was switched off for a part of the day",
            id="from-the-morning-on",
        ),
        pytest.param(
            (18, 24),
            (0, 6, 12, 24),
            "KAMO was switched off for a part of the day",
            id="till-the-evening",
        ),
        pytest.param(
            (0, 6), (0, 6), "the server was not running all day", id="both-stopped"
        ),
        pytest.param((0, 24), (0, 6, 24), "KAMO had no value", id="both-ran"),
    ],
)
async def test_a_day_without_runs_of_kamo_beside_ambers_was_switched_off(
    store, clock, kamo_runs, amber_runs, cause
):
    clock.at = AUTUMN - HOUR * 48
    await fill_grid(store, grid(AUTUMN, [1.0]), AUTUMN + HOUR * 2)
    for source, hours in ((Source.KAMO, kamo_runs), (Source.AMBER, amber_runs)):
        for hour in hours:
            clock.at = AUTUMN + HOUR * hour + (source is Source.AMBER) * MOMENT
            run_id = await store.begin_run(source, Trigger.TICK, 5)
            await store.write(run_id, [], end=RunEnd(clock.at, Outcome.SUCCESS, 1))
    clock.at = AUTUMN + HOUR * 25 + HOUR * 12

    await store.close_past_kamo_days(timedelta(hours=12))

    (line,) = await store.ledger(kind=Kind.LOAD)
    assert (line.state, line.cause) == (DayState.UNAVAILABLE, cause)


async def test_a_short_retention_leaves_the_last_answer_whole(store, clock):
    loads = [float(number) for number in range(12)]
    raw = grid(AUTUMN, loads, forecast=[*loads, 12.0, 13.0])
    clock.at = AUTUMN + HOUR * 12
    await fill_grid(store, raw, clock.at)

    dropped = await store.prune_forecasts(timedelta(hours=1))
    whole = await store.read(original_area_grid, 1)
    clock.at += HOUR * 40
    later = await store.prune_forecasts(timedelta(hours=1))
    unchanged = await store.read(original_area_grid, 1)
    await fill_grid(store, grid(clock.at, [1.0], forecast=[1.0]), clock.at)
    superseded = await store.prune_forecasts(timedelta(hours=1))

    assert dropped == 0
    assert whole == unchanged == raw
    # the archive goes by the retention alone
    assert later == 14
    assert superseded == 14


async def test_a_clock_set_back_loses_no_reading_of_the_open_hour_to_a_summary(store):
    for minute, kw in ((0, 30.0), (60, 10.0), (5, 50.0)):
        at = AUTUMN + timedelta(minutes=minute)
        await fill_table(store, table(station("A", kw)), at)

    start = int(AUTUMN.timestamp())
    figures = await store.read(
        summary, area_id=1, name="A", span=(start, start + 3 * 3600)
    )

    assert figures is not None
    assert figures.readings == 3


def test_a_row_of_a_reading_has_the_columns_of_its_table_in_their_order():
    behind_the_key = [
        column.name for column in READING.columns if not column.primary_key
    ]

    assert [*COLUMN_NAMES] == behind_the_key
    assert fields_of(StoredReading) == fields_of(ReadingRows)
