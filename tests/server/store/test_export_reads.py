"""What exports read, from both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from energy_logger_server.store import Store
from energy_logger_server.store.amber.export_costs import export_costs
from energy_logger_server.store.amber.export_intervals import SiteSeries
from energy_logger_server.store.amber.export_prices import (
    export_archived_price_forecasts,
    export_price_forecasts,
    export_prices,
)
from energy_logger_server.store.amber.export_usage import export_usage
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.kamo.export_load import export_loads
from energy_logger_server.store.kamo.export_load_forecasts import (
    export_archived_load_forecasts,
    export_load_forecasts,
)
from energy_logger_server.store.kamo.export_substations import export_readings
from tests.server.store.exported import ALL_TIME, HOUR, column, table
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
    site,
    sites_read,
    usage,
    usage_read,
    write,
)

MINUTE = timedelta(minutes=1)
SITE = SiteSeries(SITE_ID)


async def exported(store: Store, make: Callable[[ReadTransaction], Any]) -> list[Any]:
    """Everything that a stream gives."""
    async with store.stream(make) as stream:
        return [block async for block in stream]


def epoch_s(at: datetime) -> int:
    return int(at.timestamp())


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
