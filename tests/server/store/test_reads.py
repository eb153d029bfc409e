"""What the REST API reads, from both databases."""

from datetime import UTC, datetime, timedelta
from functools import partial

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.domain.load.peaks import Period
from energy_logger_server.store import Store
from energy_logger_server.store.amber import prices as amber
from energy_logger_server.store.kamo import load, substations
from energy_logger_server.store.kamo.areas import area_named
from energy_logger_server.store.kamo.readings import Reading
from energy_logger_server.store.runs import read as runs
from energy_logger_server.store.runs import status
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    FixedClock,
    area,
    areas_read,
    grid_of,
    lists_of_days,
    price,
    prices_read,
    site,
    sites_read,
    table_of,
    usage,
    usage_read,
    write,
)

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 1, 3, 6, tzinfo=UTC)
"""2026-01-03 00:00 Central."""


def span(first: datetime, end: datetime) -> tuple[int, int]:
    return int(first.timestamp()), int(end.timestamp())


def grid_body(loads: list[float]) -> JsonObject:
    labels = [
        f"01/{3 + number // 24:02}/2026 {number % 24}:00"
        for number in range(len(loads))
    ]
    return {
        "Id": 1,
        "lineChartLabels": [*labels],
        "chartLineData": [{"label": "Actual", "data": [*loads]}],
    }


def table_body(kw: int, kvar: int) -> JsonObject:
    row: JsonObject = {"name": "North", "kw": kw, "kvar": kvar, "pf": -0.6}
    return {"Id": 1, "areaLoadData": [row]}


async def store_loads(store: Store, count: int) -> None:
    """Store loads of area 1 that count up from 0, hourly from midnight on."""
    raw = grid_body([float(number) for number in range(count)])
    at = MIDNIGHT + count * HOUR
    await write(store, areas_read([area(1), area(2)]), grid_of(raw, 1, at=at))


async def store_readings(store: Store, first: datetime, count: int) -> None:
    """Store readings every twenty minutes, loads counting up from 0."""
    await write(store, areas_read([area(1)]))
    for number in range(count):
        raw = table_body(kw=number * 3, kvar=-number * 4)
        at = first + number * timedelta(minutes=20)
        await write(store, table_of(raw, 1, at=at))


async def test_an_area_is_found_by_number_and_by_abbreviation(store: Store):
    await write(store, areas_read([area(1), area(2, abrev="Two")]))

    found = [await store.read(area_named, name=name) for name in ("1", "two", "3")]

    assert [one and one.area_id for one in found] == [1, 2, None]


async def test_the_newest_hour_and_the_newest_page_of_an_area(store: Store):
    await store_loads(store, 30)

    newest = await store.read(load.newest_hour, area_id=1)
    page = await store.read(
        partial(
            load.newest_hours,
            area_id=1,
            span=span(MIDNIGHT, MIDNIGHT + 10 * HOUR),
            limit=2,
        )
    )

    assert newest == load.LoadHour(MIDNIGHT + 29 * HOUR, 29.0, is_settled=True)
    assert [hour.load_kw for hour in page.hours] == [8.0, 9.0]
    assert page.is_truncated
    assert await store.read(load.newest_hour, area_id=2) is None


async def test_peaks_come_from_the_days(store: Store):
    await store_loads(store, 30)

    found = {
        period: await store.read(load.peaks, area_id=1, period=period, limit=5)
        for period in Period
    }

    assert [peak.load_e1 for peak in found[Period.DAY]] == [290, 230]
    assert [peak.load_e1 for peak in found[Period.MONTH]] == [290]
    assert [peak.load_e1 for peak in found[Period.YEAR]] == [290]


async def test_a_store_without_load_has_no_peaks_and_no_figures(store: Store):
    week = span(MIDNIGHT, MIDNIGHT + 168 * HOUR)

    assert await store.read(load.peaks, area_id=1, period=Period.DAY, limit=5) == []
    assert await store.read(load.summary, area_id=1, span=week) == load.LoadSummary(
        0, None, None, None
    )


async def test_load_is_summed_up_over_days_and_edges(store: Store):
    await store_loads(store, 60)
    wanted = span(MIDNIGHT - HOUR, MIDNIGHT + 50 * HOUR)

    figures = await store.read(load.summary, area_id=1, span=wanted)

    assert figures == load.LoadSummary(50, 0.0, 49.0, 24.5)


async def test_a_snapshot_and_a_page_of_snapshots(store: Store):
    await store_readings(store, NOON, 5)
    day = span(NOON, NOON + 24 * HOUR)

    newest = await store.read(substations.newest_snapshot, area_id=1)
    page = await store.read(substations.newest_snapshots, area_id=1, span=day, limit=2)

    assert newest is not None
    assert newest.read_at == NOON + timedelta(minutes=80)
    assert newest.readings == (Reading("North", 12.0, -16.0, -0.6, None, None),)
    assert [one.readings[0].load_kw for one in page.snapshots] == [12.0, 9.0]
    assert page.is_truncated


async def test_names_of_substations(store: Store):
    await store_readings(store, NOON, 1)

    assert await store.read(substations.names, area_id=1) == ["North"]
    known = [
        await store.read(substations.is_known, area_id=1, name=name)
        for name in ("North", "South")
    ]
    assert known == [True, False]


async def test_readings_are_summed_up_over_days_hours_and_minutes(store: Store):
    first = MIDNIGHT - 4 * HOUR
    await store_readings(store, first, 100)
    start = first + timedelta(minutes=20)
    wanted = span(start, first + 40 * HOUR)

    figures = await store.read(
        substations.summary, area_id=1, name="North", span=wanted
    )

    assert figures is not None
    assert (figures.readings, figures.min_kw, figures.max_kw) == (99, 3.0, 297.0)
    assert figures.mean_kw == 150.0
    assert figures.power_factor == 0.6


async def test_a_substation_that_nobody_knows_has_no_figures(store: Store):
    await store_readings(store, NOON, 1)
    day = span(NOON + HOUR, NOON + 2 * HOUR)

    for name in ("North", "South"):
        assert (
            await store.read(substations.summary, area_id=1, name=name, span=day)
            is None
        )


async def test_sites_come_back_with_those_that_are_gone(store: Store):
    await write(store, sites_read(site(), site(id="01OTHER", nmi="2")))
    await write(store, *lists_of_days(site(id="01OTHER", nmi="2")))

    found = await store.read(amber.sites)

    assert [(one.site.id, one.is_gone) for one in found] == [
        ("01OTHER", False),
        (SITE_ID, True),
    ]
    assert found[1].site.raw == site()


async def test_current_prices_and_pages_of_prices(store: Store):
    ends = [NOON, NOON + HOUR / 2, NOON + HOUR]
    expected = {**price(ends[2], cents=9), "type": "ForecastInterval"}
    await write(
        store,
        sites_read(site()),
        prices_read([*(price(end) for end in ends[:2]), expected]),
    )
    wanted = amber.IntervalSpan(SITE_ID, 0, 2**40, limit=2)

    [current] = await store.read(
        amber.current_prices, site_id=SITE_ID, now=NOON + HOUR / 2
    )
    page = await store.read(amber.newest_prices, span=wanted)

    assert current.raw == expected
    assert [one.ends_at for one in page.intervals] == ends[1:]
    assert page.cursor is not None
    assert page.cursor.end_at == ends[1].timestamp()


async def test_pages_of_usage(store: Store):
    bodies = [usage(NOON), usage(NOON + HOUR / 2, quality="estimated")]
    await write(store, sites_read(site()), usage_read(bodies, (TODAY, TODAY)))

    page = await store.read(
        amber.newest_usage, span=amber.IntervalSpan(SITE_ID, 0, 2**40, limit=9)
    )

    assert [one.raw for one in page.intervals] == bodies
    assert page.cursor is None


async def test_runs_come_back_newest_first(store: Store, clock: FixedClock):
    for minute in range(3):
        clock.at = NOON + timedelta(minutes=minute)
        failures = (Failure("load/1", "unreachable", "no answer"),) * minute
        run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
        outcome = Outcome.PARTIAL if failures else Outcome.SUCCESS
        end = RunEnd(clock.at + timedelta(seconds=1.5), outcome, 4, failures)
        await store.write(run_id, [areas_read([area(1)])], end=end)

    newest = await store.read(runs.newest_run)
    recent = await store.read(runs.runs_since, began_after=NOON)
    outcomes = await store.read(runs.outcomes_since, began_after=NOON)

    assert newest is not None
    assert newest.end is not None
    assert (newest.duration_s, len(newest.end.failures)) == (1.5, 2)
    assert newest.end.counts.load == KindCounts()
    assert [run.started_at.minute for run in recent] == [2, 1]
    assert outcomes == (Outcome.PARTIAL, Outcome.PARTIAL)
    assert await store.read(runs.last_success_at) == NOON + timedelta(seconds=1.5)


async def test_a_store_in_which_nothing_ran_has_no_runs(store: Store):
    assert await store.read(runs.newest_run) is None
    assert await store.read(runs.last_success_at) is None
    assert await store.read(runs.runs_since, began_after=NOON) == ()
    assert await store.read(runs.outcomes_since, began_after=NOON) == ()


async def test_a_store_is_counted_from_its_rollups(store: Store):
    await store_loads(store, 3)
    await store_readings(store, NOON, 7)
    await write(
        store,
        sites_read(site()),
        prices_read([price(NOON)]),
        usage_read([usage(NOON)], (TODAY, TODAY)),
    )

    figures = await store.read(status.figures)
    # 2026-01-03 as days since 1970-01-01, Central; the readings are of that day
    past, recent = [
        await store.read(count, day=20_456)
        for count in (status.past_kamo_counts, status.recent_kamo_counts)
    ]

    # one of the areas was missing from the last list, which is not believed yet
    assert (figures.areas, figures.sites, figures.substations) == (2, 1, 1)
    assert (figures.prices, figures.usage) == (1, 1)
    assert figures.size_bytes > 10_000
    assert figures.oldest_at == MIDNIGHT
    assert figures.newest_at == NOON + 2 * HOUR
    assert past == status.KamoCounts(0, 0)
    assert recent == status.KamoCounts(3, 7)


async def test_a_store_says_its_name_and_its_schema(store: Store):
    assert await store.read(status.schema_version) == store.schema_version
    assert len(await store.read(status.instance_id)) >= 32
