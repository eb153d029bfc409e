"""Readings of substations as they are stored, added up and closed."""

from datetime import timedelta
from typing import Any

import pytest

from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.store.db.query import fields_of
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_substation_table,
)
from energy_logger_server.store.kamo.readings import (
    COLUMN_NAMES,
    ReadingRows,
    StoredReading,
)
from energy_logger_server.store.kamo.substations import summary
from energy_logger_server.store.schema.kamo import READING
from tests.server.store.kamo_answers import (
    AUTUMN,
    SPRING,
    fill_grid,
    fill_table,
    grid,
    station,
    table,
)
from tests.server.store.material import (
    rows,
    table_of,
)

HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=12)


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


async def test_substations_of_a_write_that_was_taken_back_are_written_by_the_next(
    store,
):
    await fill_table(store, table(station("A")), AUTUMN)
    listed = table(station("A"), station("B"))
    broken: Any = object()
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    with pytest.raises(AttributeError):
        await store.write(run_id, [table_of(listed, 1, at=AUTUMN + HOUR)], end=broken)

    for later in (2 * HOUR, 3 * HOUR):
        await fill_table(store, listed, AUTUMN + later)

    read = "SELECT name, count(*) FROM substation p JOIN substation_reading r"
    found = await rows(store, f"{read} ON r.substation_id = p.id GROUP BY name")
    assert sorted(found) == [("A", 3), ("B", 2)]
