"""What exports read, from both databases; and streams, whatever they read."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, count
from typing import Any

import pytest
from sqlalchemy import text

from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.amber.export_costs import export_costs
from energy_logger_server.store.amber.export_intervals import SiteSeries
from energy_logger_server.store.amber.export_prices import (
    export_archived_price_forecasts,
    export_price_forecasts,
    export_prices,
)
from energy_logger_server.store.amber.export_usage import export_usage
from energy_logger_server.store.db.export_blocks import Blocks, read_blocks
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.kamo.export_load import export_loads
from energy_logger_server.store.kamo.export_load_forecasts import (
    export_archived_load_forecasts,
    export_load_forecasts,
)
from energy_logger_server.store.kamo.export_substations import export_readings
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
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
    table_of,
    usage,
    usage_read,
    write,
)

ALL_TIME = (0, 2**40)
LONG_S = 60
"""What a thread may have to wait for on a busy machine."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SITE = SiteSeries(SITE_ID)


async def exported(store: Store, make: Callable[[ReadTransaction], Any]) -> list[Any]:
    """Everything that a stream gives."""
    async with store.stream(make) as stream:
        return [block async for block in stream]


def column(blocks: Iterable[Any], name: str) -> list[Any]:
    return list(chain.from_iterable(getattr(block, name) for block in blocks))


def epoch_s(at: datetime) -> int:
    return int(at.timestamp())


def table(at: datetime, loads: dict[str, Any], area_id: int = 1) -> Any:
    raw: dict[str, Any] = {
        "Id": area_id,
        "areaLoadData": [
            {"name": name, "kw": kw, "kvar": -1.5, "pf": -0.86, "quality": False}
            for name, kw in loads.items()
        ],
    }
    return table_of(raw, area_id, at=at)


def grid(lines: dict[str, list[Any]], at: datetime, first_hour: int = 0) -> Any:
    hours = max(map(len, lines.values()))
    return grid_of(
        {
            "Id": 1,
            "lineChartLabels": [
                f"01/03/2026 {first_hour + number}:00" for number in range(hours)
            ],
            "chartLineData": [
                {"label": label, "data": [*loads]} for label, loads in lines.items()
            ],
        },
        1,
        at=at,
    )


async def test_readings_ascend_by_time_and_name_over_hours_blocks_and_years(
    store: Store,
):
    await write(store, areas_read([area(1), area(2)]))
    times = [
        NOON - 3 * 365 * 24 * HOUR,
        NOON,
        NOON + 5 * MINUTE,
        NOON + HOUR,
        NOON + 300 * HOUR,
    ]
    for number, at in enumerate(times):
        await write(
            store,
            table(at, {"West": number + 0.5, "East": float(number)}),
            table(at, {"Elsewhere": 1.0}, area_id=2),
        )

    blocks = await exported(store, partial(export_readings, area_id=1, span=ALL_TIME))

    assert column(blocks, "minute") == [
        epoch_s(at) // 60 for at in times for _station in range(2)
    ]
    assert column(blocks, "name") == ["East", "West"] * len(times)
    assert column(blocks, "load_e1")[:4] == [0, 5, 10, 15]
    assert set(column(blocks, "reactive_e1")) == {-15}
    assert set(column(blocks, "power_factor_e4")) == {-8600}
    assert set(column(blocks, "quality")) == {False}
    assert set(column(blocks, "quality_now")) == {None}


async def test_the_span_and_the_substation_of_readings_can_be_chosen(store: Store):
    await write(store, areas_read([area(1)]))
    for number in range(6):
        at = NOON + number * 10 * MINUTE
        await write(store, table(at, {"West": number, "East": number}))
    span = (epoch_s(NOON) + 1, epoch_s(NOON + 30 * MINUTE))

    blocks = await exported(
        store, partial(export_readings, area_id=1, span=span, name="West")
    )
    none = await exported(
        store, partial(export_readings, area_id=1, span=ALL_TIME, name="North")
    )

    assert column(blocks, "load_e1") == [10, 20]
    assert column(blocks, "name") == ["West", "West"]
    assert none == []


async def test_a_reading_that_columns_cannot_hold_is_reported_with_all_its_digits(
    store: Store,
):
    await write(store, areas_read([area(1)]))
    odd = {"A": 100.123, "B": Decimal(12345678901234567890), "C": 5, "D": 1e300}
    await write(store, table(NOON, odd))

    [block] = await exported(store, partial(export_readings, area_id=1, span=ALL_TIME))

    assert block.load_e1 == ("100.123", "12345678901234567890", 50, "1e+300")


async def test_what_is_added_behind_the_block_being_read_is_found_and_nothing_twice(
    store: Store,
):
    await write(store, areas_read([area(1)]))
    for hour in (0, 200, 400):
        await write(store, table(NOON + hour * HOUR, {"West": hour}))

    found = []
    make = partial(export_readings, area_id=1, span=ALL_TIME)
    is_first = threading.Event()

    def one_by_one(read: ReadTransaction) -> Generator[Any]:
        for block in make(read):
            yield block
            # not made ahead: until the test has written
            is_first.wait(LONG_S)

    async with store.stream(one_by_one) as stream:
        found.append(await anext(stream))
        await write(store, table(NOON - HOUR, {"West": -1.0}))
        await write(store, table(NOON + 300 * HOUR, {"West": 300, "New": 1.0}))
        await write(store, table(NOON + 500 * HOUR, {"West": 500}))
        is_first.set()
        found += [block async for block in stream]

    assert column(found, "load_e1") == [0, 2000, 10, 3000, 4000, 5000]


async def test_loads_tell_which_hour_is_running_and_every_digit(store: Store):
    at = datetime(2026, 1, 3, 8, 30, tzinfo=UTC)
    await write(
        store, areas_read([area(1)]), grid({"Actual": [100.0, 7.25, 12.3]}, at=at)
    )

    [block] = await exported(store, partial(export_loads, area_id=1, span=ALL_TIME))

    midnight = epoch_s(datetime(2026, 1, 3, 6, tzinfo=UTC))
    assert block.hours_at == (midnight, midnight + 3600, midnight + 7200)
    assert block.load_e1 == [1000, "7.25", 123]
    assert block.is_settled == [True, True, False]


async def test_forecasts_of_loads_are_the_newest_ones_and_the_archive_holds_all(
    store: Store, clock: FixedClock
):
    midnight = datetime(2026, 1, 3, 6, tzinfo=UTC)
    for hour, loads in enumerate(([1.0, 2.0, 3.0], [1.0, 2.5, 3.0])):
        clock.at = midnight + hour * HOUR
        await write(
            store,
            areas_read([area(1)]),
            grid({"Actual": [9.0], "Day ahead": [*loads]}, at=clock.at),
        )
    span = (epoch_s(midnight + HOUR), epoch_s(midnight + 2 * HOUR))

    newest = await exported(
        store, partial(export_load_forecasts, area_id=1, span=ALL_TIME)
    )
    archived = await exported(
        store, partial(export_archived_load_forecasts, area_id=1, span=ALL_TIME)
    )
    of_one_hour = await exported(
        store, partial(export_archived_load_forecasts, area_id=1, span=span)
    )
    await store.prune_forecasts(timedelta(minutes=1))
    pruned = await exported(
        store, partial(export_archived_load_forecasts, area_id=1, span=ALL_TIME)
    )

    first, second = epoch_s(midnight), epoch_s(midnight + HOUR)
    assert column(newest, "load_e1") == [10, 25, 30]
    assert column(newest, "labels") == ["Day ahead"] * 3
    assert column(newest, "fetched_at") == [first, second, first]
    assert column(archived, "load_e1") == [10, 20, 30, 25]
    assert column(archived, "fetched_at") == [first, first, first, second]
    assert column(of_one_hour, "load_e1") == [20, 25]
    # those of hours to come and of the last answer are still told, each once
    assert column(pruned, "load_e1") == [10, 30, 25]


async def test_prices_are_settled_ones_and_what_was_expected_elsewhere(store: Store):
    ends = ends_of_day(TODAY, 30)
    await write(store, sites_read(site()))
    await write(
        store,
        prices_read(
            [
                *(price(end, cents=10.5 + n) for n, end in enumerate(ends[:4])),
                price(
                    ends[1],
                    cents=-5.5,
                    channelType="feedIn",
                    spikeStatus="spike",
                ),
                price(
                    ends[4],
                    type="CurrentInterval",
                    estimate=True,
                    range={"min": 1.5, "max": 2},
                    advancedPrice={"low": 3, "predicted": 4.25, "high": 5},
                ),
                price(ends[5], type="ForecastInterval"),
            ]
        ),
    )
    midnight = epoch_s(ends[0]) - 1800
    span = (midnight + 1800, midnight + 5 * 1800)

    [block] = await exported(store, partial(export_prices, series=SITE, span=span))
    feed_in = await exported(
        store,
        partial(export_prices, series=SiteSeries(SITE_ID, "feedIn"), span=ALL_TIME),
    )

    assert block.starts_at == [midnight + 1800 * n for n in (1, 1, 2, 3, 4)]
    assert block.price_e5 == [1_150_000, -550_000, 1_250_000, 1_350_000, 2_050_000]
    assert block.price_aud_e7[:2] == [1_150_000, 550_000]
    assert block.is_settled == [True, True, True, True, False]
    assert (block.range_min_e5[-1], block.range_max_e5[-1]) == (150_000, 200_000)
    assert (block.low_e5[-1], block.predicted_e5[-1], block.high_e5[-1]) == (
        300_000,
        425_000,
        500_000,
    )
    texts = [block.texts[number] for number in block.text_ids]
    assert [one.channel_type for one in texts[:2]] == ["general", "feedIn"]
    assert [one.spike_status for one in texts[:2]] == ["none", "spike"]
    assert [one.demand_window for one in texts[:2]] == [False, False]
    assert [one.estimate for one in texts] == [None, None, None, None, True]
    assert column(feed_in, "price_e5") == [-550_000]


async def test_a_site_without_any_series_gives_nothing(store: Store):
    await write(store, sites_read(site()))

    for export in (export_prices, export_usage, export_costs):
        assert await exported(store, partial(export, series=SITE, span=ALL_TIME)) == []
    make = partial(export_price_forecasts, series=SITE, span=ALL_TIME, now=0)
    assert await exported(store, make) == []


async def test_forecasts_of_prices_are_of_what_is_not_over_and_the_archive_holds_all(
    store: Store, clock: FixedClock
):
    ends = ends_of_day(TODAY, 30)[24:28]
    for number, cents in enumerate((10.5, 12.5)):
        clock.at = NOON + number * MINUTE
        answer = [
            price(end, cents=cents if end == ends[-1] else 9.5, type="ForecastInterval")
            for end in ends
        ]
        await write(store, prices_read(answer, at=clock.at))

    now = epoch_s(ends[0])
    forecasts = await exported(
        store, partial(export_price_forecasts, series=SITE, span=ALL_TIME, now=now)
    )
    archived = await exported(
        store, partial(export_archived_price_forecasts, series=SITE, span=ALL_TIME)
    )

    assert column(forecasts, "ends_at") == [epoch_s(end) for end in ends[1:]]
    assert column(forecasts, "price_e5") == [950_000, 950_000, 1_250_000]
    assert column(archived, "price_e5") == [950_000] * 3 + [1_050_000, 1_250_000]
    fetched = epoch_s(NOON)
    assert column(archived, "fetched_at") == [*[fetched] * 4, fetched + 60]


async def test_odd_prices_and_usage_keep_every_digit_and_text(store: Store):
    ends = ends_of_day(YESTERDAY, 30)
    odd: dict[str, Any] = {
        "perKwh": 12.3456789,
        "spotPerKwh": "none",
        "renewables": Decimal(1234567890123456789012),
        "range": {"min": 0.1234567, "max": 1},
        "descriptor": None,
        "unknown": [1],
    }
    await write(store, sites_read(site()))
    await write(
        store,
        prices_read([price(ends[0], **odd), price(ends[1])]),
        usage_read(
            [
                usage(ends[0], kwh=0.1234567, spotPerKwh=1.1234567, cost=1.0000001),
                usage(ends[1], channelType="feedIn", channelIdentifier="B1"),
            ],
            (YESTERDAY, YESTERDAY),
        ),
    )

    [prices] = await exported(store, partial(export_prices, series=SITE, span=ALL_TIME))
    [used] = await exported(store, partial(export_usage, series=SITE, span=ALL_TIME))

    assert prices.price_e5 == ["12.3456789", 2_050_000]
    assert prices.price_aud_e7 == ["0.1234568", 2_050_000]
    assert prices.spot_e5 == [None, 825_000]
    assert prices.renewables_percent == ["1234567890123456789012", 41.5]
    assert prices.range_min_e5 == ["0.1234567", None]
    assert [prices.texts[n].descriptor for n in prices.text_ids] == [None, "veryLow"]
    assert used.registers == ["E1", "B1"]
    assert used.energy_e3 == ["0.1234567", 500]
    assert used.cost_e4 == ["1.0000001", 102_500]
    assert used.cost_aud_e6 == ["0.01", -102_500]
    assert used.spot_e5 == ["1.1234567", 825_000]


async def test_costs_are_sums_of_nem_days_by_register(store: Store):
    await write(store, sites_read(site()))
    for day in (YESTERDAY, TODAY):
        await write(
            store,
            usage_read(
                [
                    *(usage(end) for end in ends_of_day(day, 30)),
                    usage(
                        ends_of_day(day, 30)[0],
                        channelType="feedIn",
                        channelIdentifier="B1",
                        quality="estimated",
                        cost=-3.25,
                    ),
                ],
                (day, day),
            ),
        )
    begin = epoch_s(ends_of_day(TODAY, 30)[0]) - 1800

    [block] = await exported(store, partial(export_costs, series=SITE, span=ALL_TIME))
    today = await exported(
        store, partial(export_costs, series=SITE, span=(begin, 2**40))
    )
    later = await exported(
        store, partial(export_costs, series=SITE, span=(begin + 1, 2**40))
    )

    assert block.registers == ("B1", "E1", "B1", "E1")
    assert block.channel_types == ("feedIn", "general", "feedIn", "general")
    assert block.energy_e3 == (500, 24_000, 500, 24_000)
    assert block.cost_e4[:2] == (-32_500, 4_920_000)
    assert block.cost_aud_e6[:2] == [32_500, 4_920_000]
    assert block.minutes == (30, 1440, 30, 1440)
    assert block.estimated_minutes == (30, 0, 30, 0)
    assert column(today, "days") == [*block.days[2:]]
    assert later == []


def test_empty_years_cost_one_query_and_no_row_is_asked_for_twice():
    asked: list[tuple[int, int]] = []
    at = [5, 17, 1_000_000]

    def rows_of(_connection: Any, first: int, end: int) -> list[int] | None:
        asked.append((first, end))
        return [one for one in at if first <= one < end] or None

    blocks = Blocks(
        next_at=lambda _connection, first: min(
            (one for one in at if one >= first), default=None
        ),
        rows=rows_of,
        block_s=10,
        offset_s=3,
    )

    found = list(read_blocks(lambda query: query(None), blocks, (4, 2_000_000)))

    assert found == [[5], [17], [1_000_000]]
    assert asked == [
        (5, 13),
        (13, 23),
        (23, 33),
        (1_000_000, 1_000_003),
        (1_000_003, 1_000_013),
    ]


async def test_a_stream_is_at_most_two_chunks_ahead_of_its_taker(store: Store):
    made = count()
    is_third = threading.Event()

    def numbers(_read: ReadTransaction) -> Generator[int]:
        for number in made:
            if number == 3:
                is_third.set()
            yield number

    async with store.stream(numbers) as stream:
        assert await anext(stream) == 0
        await store.read(lambda _connection: None)
        assert not is_third.is_set()
        assert [await anext(stream) for _number in range(3)] == [1, 2, 3]
        assert store.open_streams == 1

    assert store.open_streams == 0
    assert next(made) <= 7


async def test_leaving_a_stream_ends_its_generator_and_its_thread(store: Store):
    is_ended = []

    def endless(read: ReadTransaction) -> Generator[int]:
        try:
            while True:
                read(lambda connection: connection.execute(text("SELECT 1")))
                yield threading.get_ident()
        finally:
            is_ended.append(threading.get_ident())

    async with store.stream(endless) as stream:
        thread = await anext(stream)

    assert is_ended == [thread]
    assert thread != threading.get_ident()
    assert thread not in {one.ident for one in threading.enumerate()}


async def test_what_goes_wrong_in_the_thread_is_reported_to_the_taker(store: Store):
    def broken(read: ReadTransaction) -> Generator[int]:
        yield 1
        read(lambda connection: connection.execute(text("SELECT * FROM nowhere")))

    async with store.stream(broken) as stream:
        assert await anext(stream) == 1
        with pytest.raises(Exception, match="nowhere"):
            await anext(stream)

    assert store.open_streams == 0


async def test_an_error_that_nobody_waits_for_disturbs_nobody(store: Store):
    def broken(_read: ReadTransaction) -> Generator[int]:
        yield 1
        raise StoreUnavailable("gone")

    async with store.stream(broken) as stream:
        assert await anext(stream) == 1

    assert store.open_streams == 0


async def test_a_store_that_closes_ends_its_streams(store_url: str, clock: FixedClock):
    store = await Store.open(store_url, clock)

    def endless(read: ReadTransaction) -> Generator[int]:
        while True:
            yield read(lambda _connection: 1)

    async with store.stream(endless) as stream:
        assert await anext(stream) == 1
        await store.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            await anext(stream)


async def test_a_cancelled_taker_does_not_leave_the_thread_behind(store: Store):
    is_waiting, may_go_on = asyncio.Event(), threading.Event()

    def slow(_read: ReadTransaction) -> Generator[int]:
        yield 1
        may_go_on.wait(LONG_S)
        yield 2

    async def take() -> None:
        async with store.stream(slow) as stream:
            await anext(stream)
            is_waiting.set()
            await anext(stream)

    task = asyncio.create_task(take())
    await is_waiting.wait()
    task.cancel()
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert store.open_streams == 0


async def test_between_two_blocks_the_write_ahead_log_can_be_emptied(
    sqlite_url: str, clock: FixedClock
):
    store = await Store.open(sqlite_url, clock)
    await write(store, areas_read([area(1)]))
    for hour in range(0, 1000, 200):
        await write(store, table(NOON + hour * HOUR, {"West": hour}))
    loop, is_ahead = asyncio.get_running_loop(), asyncio.Event()

    def make(read: ReadTransaction) -> Generator[object]:
        readings = export_readings(read, area_id=1, span=ALL_TIME)
        yield next(readings)
        ahead = next(readings)
        loop.call_soon_threadsafe(is_ahead.set)
        yield ahead
        yield from readings

    async with store.stream(make) as stream:
        await anext(stream)
        await is_ahead.wait()
        await write(store, table(NOON + 1000 * HOUR, {"West": 1.0}))
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
            checkpoint = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    is_busy, _log_pages, _moved_pages = checkpoint
    assert is_busy == 0
    await store.close()


async def test_a_connection_that_dies_ends_the_stream_as_unavailable(
    postgres_url: str, clock: FixedClock
):
    store = await Store.open(postgres_url, clock)

    def endless(read: ReadTransaction) -> Generator[int]:
        while True:
            yield read(
                lambda connection: connection.execute(
                    text("SELECT pg_backend_pid()")
                ).scalar_one()
            )

    async with store.stream(endless) as stream:
        pid = await anext(stream)
        await rows(store, "SELECT pg_terminate_backend(:pid)", pid=pid)
        with pytest.raises(StoreUnavailable):
            async for _pid in stream:
                pass

    assert store.open_streams == 0
    await store.close()
