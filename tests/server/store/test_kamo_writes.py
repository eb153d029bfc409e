"""Loads and substations: lossless, settled by the hour, rolled up, counted."""

from datetime import timedelta

import pytest

from energy_logger_server.api.absence import Missing
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import (
    KindCounts,
)
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
)
from tests.server.store.kamo_answers import (
    AUTUMN,
    SPRING,
    fill_grid,
    grid,
)
from tests.server.store.material import (
    NOON,
    area,
    areas_read,
    rows,
    write,
)

HOUR = timedelta(hours=1)
MOMENT = timedelta(seconds=12)
"""By which Amber's ticks come after KAMO's."""


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
