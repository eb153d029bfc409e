"""Browsing tables, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.errors import QueryTooSlow, StoreError
from energy_logger_server.store import Store
from energy_logger_server.store.browse import counts as table_counts
from energy_logger_server.store.browse.counts import RowCounter, RowTotal
from energy_logger_server.store.browse.query import (
    Condition,
    Direction,
    Operator,
    TableQuery,
)
from energy_logger_server.store.browse.read import TablePage, table_page
from energy_logger_server.store.db.time_limit import time_limit
from energy_logger_server.store.schema import METADATA
from energy_logger_server.store.schema.readable.columns import Cell, ReadableTable
from energy_logger_server.store.schema.readable.tables import TABLES
from energy_logger_server.store.schema.views import view_statements
from tests.server.postgres import new_database_name
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.material import (
    NOON,
    YESTERDAY,
    FixedClock,
    area,
    areas_read,
    ends_of_day,
    grid_of,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    substation_body,
    table_of,
    usage,
    usage_read,
    write,
)
from tests.server.store_template import create_database, drop_database, lay_store

HOUR = timedelta(hours=1)
LOADS = ["01/03/2026 20:00", "01/03/2026 21:00", "01/03/2026 22:00"]


def grid(number: int, *loads: float) -> dict[str, Any]:
    """Loads of an area, with a forecast that is 1 kW higher."""
    return {
        "Id": number,
        "lineChartLabels": LOADS[: len(loads)],
        "chartLineData": [
            {"label": "Actual", "data": [*loads]},
            {"label": "Forecast", "data": [load + 1 for load in loads]},
        ],
    }


async def fill(store: Store) -> None:
    """Write something into every table."""
    ends = ends_of_day(YESTERDAY, 30)
    forecast = price(NOON + HOUR, type="ForecastInterval", cents=31.25)
    unreadable: Any = {"type": "Nonsense"}
    await write(
        store,
        sites_read(site()),
        prices_read([price(end) for end in ends[:3]], (YESTERDAY, YESTERDAY)),
        prices_read([price(end, channelType="feedIn", cents=-4.5) for end in ends[:2]]),
        prices_read([forecast, unreadable]),
        usage_read([usage(end) for end in ends], (YESTERDAY, YESTERDAY)),
    )
    at = datetime(2026, 1, 4, 5, tzinfo=UTC)
    loads = substation_body(1, {"North": (9, -12, -0.6), "South": (0, 0, 1)})
    await write(
        store,
        areas_read([area(1), area(2)]),
        grid_of(grid(1, 10.5, 11, 12), 1, at=at),
        grid_of(grid(2, 20, 0), 2, at=at),
        *(
            table_of(loads, 1, at=when)
            for when in (at, at + timedelta(minutes=20), at + HOUR)
        ),
    )
    await write(
        store,
        grid_of(grid(1, 10.5, 99.5), 1, at=at + HOUR),
        prices_read([price(ends[0], cents=21.5)], (YESTERDAY, YESTERDAY)),
    )
    run_id = await store.begin_run(Source.KAMO, Trigger.MANUAL, 5)
    failures = (
        Failure("load/3", "missing", "404"),
        Failure("load/4", "missing", "404"),
    )
    await store.write(run_id, (), end=RunEnd(NOON, Outcome.PARTIAL, 9, failures))
    await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
    said = (
        AnnouncedHour(490_000, 20_400, 489_998, 0.25),
        AnnouncedHour(490_001, 20_400, 489_999, None, withdrawn_at=490_000),
    )
    await store.save_peak_watch(
        1,
        SavedWatch(
            WatchState(490_002, said), is_trained=True, is_probability_shown=False
        ),
    )
    await store._write(_keep_forecasts)  # noqa: SLF001 - rows of any content


def _keep_forecasts(connection: Connection) -> None:
    """Have what is expected kept, as if it were of an hour before."""
    prices = "series_id, end_at, duration_minutes, 60, known_at, price_e5"
    for insert in (
        f"price_at_horizon SELECT {prices}, NULL, NULL, NULL FROM price_outlook",
        "load_at_horizon SELECT series_id, at, 60, at, load_e1 FROM load_forecast",
    ):
        connection.exec_driver_sql(f"INSERT INTO {insert}")


@pytest.fixture(scope="module", params=BOTH_KINDS)
def filled_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a store of each kind with something in every table.

    It is filled once for all tests, which only read it.
    """

    async def fill_it(address: str) -> None:
        store = await Store.open(address, FixedClock())
        await fill(store)
        await store.close()

    if request.param == "sqlite":
        address = lay_store(tmp_path_factory.mktemp("filled") / "energy.db")
        asyncio.run(fill_it(address))
        yield address
        return
    server = request.getfixturevalue("postgres_server")
    name = new_database_name()
    address = create_database(server, name, is_migrated=True)
    asyncio.run(fill_it(address))
    yield address
    drop_database(server, name)


@pytest.fixture
async def filled(filled_url: str, clock: FixedClock) -> AsyncIterator[Store]:
    """A store with something in every table, open for reading."""
    opened = await Store.open_for_reading(filled_url, clock)
    yield opened
    await opened.close()


async def page(
    store: Store,
    name: str,
    sort: str | None = None,
    known: RowTotal | None = None,
    limit_s: float = 5,
    **asked: Any,
) -> TablePage:
    """Return a page of all columns."""
    browsed = TABLES[name]
    query = TableQuery(
        table=browsed,
        columns=asked.pop("columns", browsed.columns),
        sort=browsed.by_name[sort or browsed.default_sort],
        **asked,
    )
    return await store.read(
        partial(table_page, query=query, known=known, limit_s=limit_s)
    )


def column(found: TablePage, browsed: ReadableTable, name: str) -> list[Cell]:
    """Return the cells of one column."""
    place = list(browsed.by_name).index(name)
    return [row[place] for row in found.rows]


async def cells(store: Store, name: str, shown: str, **asked: Any) -> list[Cell]:
    """Return a column of a page."""
    return column(await page(store, name, **asked), TABLES[name], shown)


@pytest.mark.parametrize("name", view_statements("sqlite"))
async def test_a_table_shows_what_the_view_of_its_name_shows(filled: Store, name: str):
    found = await page(filled, name)
    in_view = await rows(filled, f'SELECT * FROM "{name}"')
    names = await filled.read(
        lambda connection: list(
            connection.exec_driver_sql(f'SELECT * FROM "{name}" LIMIT 0').keys()
        )
    )

    shown = {
        tuple(row[list(TABLES[name].by_name).index(one)] for one in names)
        for row in found.rows
    }

    assert len(found.rows) == len(in_view) > 0
    assert shown == {
        tuple(float(one) if isinstance(one, Decimal) else one for one in row)
        for row in in_view
    }


def test_no_table_shows_settings_or_what_is_the_stores_own():
    hidden = {"setting", "store_meta"}
    asked = {one.table for one in TABLES.values()}

    assert not asked & hidden
    assert asked <= set(METADATA.tables)
    for one in TABLES.values():
        assert not hidden & set(one.source.split())


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("name", TABLES)
async def test_pages_of_one_row_give_every_row_once_in_every_order(
    filled: Store, name: str, direction: Direction
):
    whole = await page(filled, name, limit=1000)

    for sort in TABLES[name].columns:
        found: list[tuple[Cell, ...]] = []
        cursor = None
        while True:
            got = await page(
                filled, name, sort.name, limit=7, direction=direction, cursor=cursor
            )
            found += got.rows
            cursor = got.cursor
            if cursor is None:
                break
        assert sorted(map(str, found)) == sorted(map(str, whole.rows)), sort.name
        place = TABLES[name].columns.index(sort)
        values = [row[place] for row in found if row[place] is not None]
        is_down = direction is Direction.DESCENDING
        ordered: list[Any] = [*values]
        assert values == sorted(ordered, reverse=is_down), sort.name
        # nothing comes last
        assert all(row[place] is None for row in found[len(values) :])


async def test_announced_hours_are_shown_as_times_with_their_area(filled: Store):
    said = await page(filled, "peak_announcements")
    watches = await page(filled, "peak_watch")

    hour_s, end_s = "2025-11-24T16:00:00Z", "2025-11-24T18:00:00Z"
    assert said.rows[-1] == (
        1, "A1", hour_s, "2025-11-24T14:00:00Z", None, 0.25, "2025-11-08"
    )  # fmt: skip
    assert said.rows[0][4:6] == (hour_s, None)
    assert watches.rows == ((1, "A1", end_s, False, True, False),)


async def test_the_newest_rows_of_all_series_come_first(filled: Store):
    found = await page(filled, "prices", limit=3)

    assert column(found, TABLES["prices"], "ends_at") == [
        "2026-01-02T15:30:00Z",
        "2026-01-02T15:00:00Z",
        "2026-01-02T15:00:00Z",
    ]
    assert column(found, TABLES["prices"], "nem_time")[0] == "2026-01-03T01:30:00+10:00"


async def test_rows_that_come_in_between_do_not_disturb_the_pages(store: Store):
    await fill(store)
    first = await page(store, "loads", limit=2)
    at = datetime(2026, 1, 4, 8, tzinfo=UTC)
    later: dict[str, Any] = {
        "Id": 1,
        "lineChartLabels": ["01/04/2026 0:00"],
        "chartLineData": [{"label": "Actual", "data": [77]}],
    }
    await write(store, grid_of(later, 1, at=at))

    second = await page(store, "loads", limit=2, cursor=first.cursor)

    shown = [(row[2], row[0]) for row in (*first.rows, *second.rows)]
    assert shown == [
        ("2026-01-04T04:00:00Z", 1),
        ("2026-01-04T03:00:00Z", 2),
        ("2026-01-04T03:00:00Z", 1),
        ("2026-01-04T02:00:00Z", 2),
    ]


async def test_an_offset_leaves_rows_out_across_series(filled: Store):
    whole = await page(filled, "prices")

    found = await page(filled, "prices", limit=2, offset=2)

    assert found.rows == whole.rows[2:4]
    assert found.total == RowTotal(5, is_estimate=False)


def where(
    name: str, column_name: str, operator: str, value: Any
) -> tuple[Condition, ...]:
    """Return one condition."""
    return (Condition(TABLES[name].by_name[column_name], Operator(operator), value),)


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("gt", "10.5", [12, 20, 99.5]),
        ("gt", "10.55", [12, 20, 99.5]),
        ("gte", "10.5", [10.5, 12, 20, 99.5]),
        ("gte", "10.55", [12, 20, 99.5]),
        ("lt", "10.5", [0]),
        ("lt", "10.55", [0, 10.5]),
        ("lte", "10.55", [0, 10.5]),
        ("lte", "10.5", [0, 10.5]),
        ("exact", "10.5", [10.5]),
        ("exact", "10.55", []),
        ("ne", "10.5", [0, 12, 20, 99.5]),
        ("ne", "10.55", [0, 10.5, 12, 20, 99.5]),
        ("lt", "1e30", [0, 10.5, 12, 20, 99.5]),
    ],
)
async def test_numbers_are_compared_as_they_are_shown(
    filled: Store, operator: str, value: str, expected: list[float]
):
    conditions = where("loads", "load_kw", operator, Decimal(value))

    found = await cells(filled, "loads", "load_kw", sort="load_kw",
        direction=Direction.ASCENDING, conditions=conditions,
    )  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("name", "condition", "count"),
    [
        ("loads", ("area", "exact", "A1"), 3),
        ("loads", ("area", "ne", "A1"), 2),
        ("loads", ("area", "gt", "A1"), 2),
        ("loads", ("is_settled", "exact", True), 5),
        ("substation_readings", ("substation", "contains", "NOR"), 3),
        ("substation_readings", ("substation", "contains", "%"), 0),
        ("substation_readings", ("quality", "exact", False), 6),
        ("prices", ("renewables_percent", "lt", Decimal("41.6")), 5),
        ("prices", ("channel_type", "exact", "feedIn"), 2),
        ("prices", ("tariff_block", "isnull", True), 5),
        ("prices", ("tariff_block", "isnull", False), 0),
        ("ledger_days", ("day", "lt", Decimal(20457)), 7),
        ("runs", ("finished_at", "isnull", True), 1),
        ("runs", ("finished_at", "ne", Decimal(0)), 4),
        ("loads", ("area", "in", ("A1", "A3")), 3),
        ("loads", ("area", "in", ("",)), 0),
        (
            "loads",
            ("load_kw", "in", (Decimal("10.5"), Decimal("10.55"), Decimal(20))),
            2,
        ),
        ("prices", ("renewables_percent", "in", (Decimal(1), Decimal("41.5"))), 5),
    ],
    ids=str,
)
async def test_rows_are_chosen_by_a_condition(
    filled: Store, name: str, condition: tuple[str, str, Any], count: int
):
    found = await page(filled, name, conditions=where(name, *condition))

    assert len(found.rows) == count


@pytest.mark.parametrize(
    ("operator", "minute", "expected"),
    [
        ("lt", 20, [0]),
        ("lte", 20, [0, 20]),
        ("exact", 20, [20]),
        ("gte", 20, [20, 60]),
        ("gt", 20, [60]),
        ("ne", 20, [0, 60]),
    ],
)
async def test_times_that_are_filed_in_parts_are_compared_to_the_minute(
    filled: Store, operator: str, minute: int, expected: list[int]
):
    five = datetime(2026, 1, 4, 5, tzinfo=UTC)
    value = Decimal(int((five + timedelta(minutes=minute)).timestamp()))

    found = await cells(
        filled,
        "substation_readings",
        "read_at",
        conditions=where("substation_readings", "read_at", operator, value),
        direction=Direction.ASCENDING,
    )

    assert found == [
        f"{five + timedelta(minutes=one):%Y-%m-%dT%H:%M:%SZ}"
        for one in expected
        for _substation in ("North", "South")
    ]


@pytest.mark.parametrize(
    ("operator", "count"), [("lt", 2), ("lte", 4), ("gte", 3), ("gt", 1)]
)
async def test_the_start_of_an_interval_is_searched_by_its_end(
    filled: Store, operator: str, count: int
):
    # two channels have the first two half hours, one has the third
    second = ends_of_day(YESTERDAY, 30)[0]
    value = Decimal(int(second.timestamp()))

    found = await page(
        filled,
        "prices",
        conditions=where("prices", "starts_at", operator, value),
        direction=Direction.ASCENDING,
    )

    assert len(found.rows) == count


async def test_chosen_columns_come_in_the_order_asked_for(filled: Store):
    by_name = TABLES["loads"].by_name

    found = await page(
        filled, "loads", columns=(by_name["load_kw"], by_name["area"]), limit=1
    )

    assert found.rows == ((12.0, "A1"),)


async def test_a_search_that_takes_too_long_is_given_up(store: Store):
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 1000000000) SELECT count(*) FROM n"
    )

    def search(connection: Any) -> None:
        with time_limit(connection, 0.05):
            connection.exec_driver_sql(endless)

    with pytest.raises(QueryTooSlow, match=r"longer than 0\.05 s"):
        await store.read(search)
    assert (await page(store, "areas")).rows == ()


async def test_an_error_of_the_database_is_not_taken_for_slowness(store: Store):
    def search(connection: Any) -> None:
        with time_limit(connection, 5):
            connection.exec_driver_sql("SELECT nothing FROM area")

    with pytest.raises(StoreError) as caught:
        await store.read(search)
    assert not isinstance(caught.value, QueryTooSlow)


async def test_many_rows_are_counted_up_to_a_bound_and_estimated_behind_it(
    filled: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(table_counts, "MOST_COUNTED", 2)

    runs = (await page(filled, "runs", limit=1)).total
    failures = (await page(filled, "run_failures", limit=1)).total
    sites = (await page(filled, "sites", limit=1)).total

    assert runs == RowTotal(5, is_estimate=True)
    assert failures == RowTotal(2, is_estimate=True)
    assert sites == RowTotal(1, is_estimate=False)


async def test_a_table_that_is_too_large_to_be_counted_is_tried_once_an_hour(
    filled: Store, monkeypatch: pytest.MonkeyPatch
):
    counter, tables = RowCounter(), [TABLES["runs"], TABLES["sites"]]

    async def is_estimate(after: timedelta) -> list[bool]:
        found = await filled.read(counter.count, tables, NOON + after)
        return [found[table.name].is_estimate for table in tables]

    monkeypatch.setattr(table_counts, "MOST_COUNTED", 2)
    at_first = await is_estimate(timedelta())
    monkeypatch.undo()

    assert at_first == [True, False]
    assert await is_estimate(timedelta(hours=1)) == [True, False]
    assert await is_estimate(timedelta(hours=1, seconds=1)) == [False, False]


async def test_rows_that_a_filter_leaves_are_not_counted_behind_the_page(filled: Store):
    conditions = where("loads", "area", "exact", "A1")
    known = RowTotal(5, is_estimate=True)

    first = await page(filled, "loads", known=known, conditions=conditions, limit=2)
    every = await page(filled, "loads", known=known, conditions=conditions, limit=3)
    plain = await page(filled, "loads", known=known, limit=2)
    behind = await page(filled, "loads", known=known, limit=2, offset=50)

    assert first.total is None
    assert every.total == RowTotal(3, is_estimate=False)
    assert (plain.total, behind.total) == (known, known)
