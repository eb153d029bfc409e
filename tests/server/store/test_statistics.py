"""Feeds of hours: whoever follows the cursor has every hour's final value."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.statistics.hour_feed import (
    START,
    FeedCursor,
    HourPage,
    HoursWanted,
)
from energy_logger_server.store.statistics.read import (
    load_hours,
    price_hours,
    substation_hours,
    usage_hours,
)
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    YESTERDAY,
    area,
    areas_read,
    ends_of_day,
    grid_of,
    price,
    prices_read,
    rows,
    table_of,
    usage,
    usage_read,
    write,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAYS = (YESTERDAY, YESTERDAY)
NOON_HOUR = int(NOON.timestamp()) // 3600

type Read = Callable[[Any, HoursWanted], HourPage[Any]]


def of_prices(connection: Any, wanted: HoursWanted) -> HourPage[Any]:
    return price_hours(connection, SITE_ID, wanted)


def of_usage(connection: Any, wanted: HoursWanted) -> HourPage[Any]:
    return usage_hours(connection, SITE_ID, wanted)


def of_load(connection: Any, wanted: HoursWanted) -> HourPage[Any]:
    return load_hours(connection, 1, wanted)


def of_substations(connection: Any, wanted: HoursWanted) -> HourPage[Any]:
    return substation_hours(connection, 1, wanted)


class Reader:
    """Keeps a copy as a client would: by hour and series, the last value read."""

    def __init__(self, store: Store, read: Read, limit: int = 1000) -> None:
        self.store = store
        self.read = read
        self.limit = limit
        self.cursor = START
        self.copy: dict[tuple[Any, ...], Any] = {}
        self.hours_read = 0

    async def page(
        self, now: datetime = NOON, span: tuple[int, int] = (0, 2**40)
    ) -> HourPage[Any]:
        """Ask for the next page and keep what it holds."""
        wanted = HoursWanted(
            since=self.cursor,
            first=span[0],
            end=span[1],
            running=int(now.timestamp()) // 3600,
            limit=self.limit,
        )
        page = await self.store.read(self.read, wanted)
        for hour in page.hours:
            series = getattr(hour, "channel_type", getattr(hour, "name", ""))
            self.copy[hour.start_at, series] = hour
        self.hours_read += len(page.hours)
        self.cursor = page.cursor
        return page

    async def catch_up(self, now: datetime = NOON) -> int:
        """Follow the pages to the end; return how many hours were read."""
        before = self.hours_read
        while (await self.page(now)).is_truncated:
            pass
        return self.hours_read - before


def load_read(loads: dict[datetime, float], at: datetime, area_id: int = 1) -> Part:
    return grid_of(
        {
            "Id": area_id,
            "lineChartLabels": [central_label(hour) for hour in loads],
            "chartLineData": [{"label": "Actual", "data": [*loads.values()]}],
        },
        area_id,
        at=at,
    )


def station_read(at: datetime, kw: float = 1.0, area_id: int = 1) -> Part:
    stations: list[Any] = [
        {"name": name, "kw": kw + number, "kvar": -1.5, "pf": 0.5}
        for number, name in enumerate(("North", "South"))
    ]
    return table_of({"Id": area_id, "areaLoadData": stations}, area_id, at=at)


def half_hours(
    day: date, cents: float, *, first: int = 0, count: int = 48, **fields: Any
) -> list[dict[str, Any]]:
    ends = ends_of_day(day, 30)[first : first + count]
    return [price(end, cents=cents, **fields) for end in ends]


async def test_an_empty_store_gives_a_cursor_that_can_be_kept(store):
    for read in (of_prices, of_usage, of_load, of_substations):
        reader = Reader(store, read)

        page = await reader.page()

        assert (page.hours, page.is_truncated) == ((), False)
        assert page.cursor == FeedCursor((0, 0, 0), NOON_HOUR)


async def test_prices_have_mean_least_and_greatest_weighed_by_minutes(store):
    start = ends_of_day(YESTERDAY, 30)[1]
    records = [
        price(start + 30 * MINUTE, 30, cents=10),
        price(start + 35 * MINUTE, 5, cents=40.5),
        # ends with the hour, so it belongs to it
        price(start + HOUR, 25, cents=-4),
        price(start + 90 * MINUTE, 30, cents=100),
    ]
    sold = [{**one, "channelType": "feedIn"} for one in records[:1]]
    await write(store, prices_read([*records, *sold]))

    page = await Reader(store, of_prices).page()

    first = next(one for one in page.hours if one.minutes == 60)
    assert first.start_at == start
    assert (first.intervals, first.channel_type) == (3, "general")
    assert first.mean_cents_per_kwh == (10 * 30 + 40.5 * 5 - 4 * 25) / 60
    assert (first.min_cents_per_kwh, first.max_cents_per_kwh) == (-4, 40.5)
    assert first.mean_aud_per_kwh == pytest.approx(first.mean_cents_per_kwh / 100)
    feed_in = next(one for one in page.hours if one.channel_type == "feedIn")
    assert (feed_in.mean_cents_per_kwh, feed_in.mean_aud_per_kwh) == (10, -0.1)


async def test_usage_has_sums_and_what_may_still_be_revised(store):
    ends = ends_of_day(YESTERDAY, 30)[:2]
    bought = [
        usage(ends[0], kwh=0.5, cost=10.25),
        usage(ends[1], kwh=0.25, cost=5.125, quality="estimated"),
    ]
    sold = usage(ends[0], kwh=2, cost=-8.5, channelIdentifier="B1")
    await write(store, usage_read([*bought, {**sold, "channelType": "feedIn"}], DAYS))

    general, feed_in = (await Reader(store, of_usage).page()).hours

    assert (general.channel_identifier, general.channel_type) == ("E1", "general")
    assert (general.energy_kwh, general.cost_cents) == (0.75, 15.375)
    assert general.cost_aud == 0.15375
    assert (general.minutes, general.estimated_minutes) == (60, 30)
    assert (feed_in.channel_identifier, feed_in.channel_type) == ("B1", "feedIn")
    assert (feed_in.cost_cents, feed_in.cost_aud) == (-8.5, 0.085)


async def test_substations_have_their_true_power_factor(store):
    start = NOON - 2 * HOUR
    for minute, kw, kvar in ((0, 30.0, -40.0), (5, 60.0, 0.0), (60, 1.0, 1.0)):
        stations: list[Any] = [{"name": "North", "kw": kw, "kvar": kvar, "pf": 0.1}]
        table = table_of(
            {"Id": 1, "areaLoadData": stations}, 1, at=start + minute * MINUTE
        )
        await write(store, areas_read([area(1)]), table)

    [hour] = (await Reader(store, of_substations).page()).hours

    assert (hour.start_at, hour.name, hour.readings) == (start, "North", 2)
    assert (hour.mean_kw, hour.min_kw, hour.max_kw) == (45, 30, 60)
    assert hour.mean_kvar == -20
    assert hour.power_factor == pytest.approx(90 / (90**2 + 40**2) ** 0.5)


async def test_only_what_changed_is_reported_again(store):
    reader = Reader(store, of_prices)
    await write(store, prices_read(half_hours(YESTERDAY, 5), DAYS))
    assert await reader.catch_up() == 24
    # the same again, and then one half hour revised
    await write(store, prices_read(half_hours(YESTERDAY, 5), DAYS))
    kept = reader.cursor
    assert await reader.catch_up() == 0
    assert reader.cursor == kept

    revised = half_hours(YESTERDAY, 7, first=7, count=1)
    await write(store, prices_read(revised, at=NOON + MINUTE))

    assert await reader.catch_up() == 1
    changed_end = ends_of_day(YESTERDAY, 30)[5]
    assert reader.copy[changed_end, "general"].mean_cents_per_kwh == 6


async def test_an_hour_says_which_run_last_changed_it(store):
    await write(store, prices_read(half_hours(YESTERDAY, 5), DAYS))
    await write(store, prices_read(half_hours(YESTERDAY, 7, count=1)))

    assert await rows(
        store, "SELECT run_id, count(*) FROM price_hour GROUP BY 1 ORDER BY 1"
    ) == [(1, 23), (2, 1)]


async def test_hours_that_another_length_supersedes_are_reported_again(store):
    reader = Reader(store, of_usage)
    thirty = [usage(end, 30, kwh=0.6) for end in ends_of_day(YESTERDAY, 30)]
    five = [usage(end, 5, kwh=0.2) for end in ends_of_day(YESTERDAY, 5)]
    await write(store, usage_read(thirty, DAYS))
    await reader.catch_up()

    await write(store, usage_read(five, DAYS, at=NOON + MINUTE))
    await reader.catch_up()

    assert {hour.energy_kwh for hour in reader.copy.values()} == {2.4}
    assert len(reader.copy) == 24


async def test_a_running_hour_is_reported_when_it_is_over_though_nothing_changes_then(
    store,
):
    reader = Reader(store, of_prices)
    last = [price(NOON + HOUR, cents=3), price(NOON + 30 * MINUTE, cents=1)]
    # confirmed before it is over
    confirmed = [{**one, "type": "CurrentInterval", "estimate": False} for one in last]
    await write(store, prices_read(confirmed, at=NOON + 31 * MINUTE))
    # what changes later and is over is read at once
    later = prices_read(half_hours(YESTERDAY, 5), DAYS, at=NOON + 32 * MINUTE)
    await write(store, later)

    assert await reader.catch_up(NOON + 59 * MINUTE) == 24
    assert await reader.catch_up(NOON + 59 * MINUTE) == 0
    assert await reader.catch_up(NOON + HOUR) == 1
    assert await reader.catch_up(NOON + HOUR) == 0
    assert reader.copy[NOON, "general"].mean_cents_per_kwh == 2


async def test_pages_that_are_cut_among_hours_passed_over_still_end(store):
    channels = ("general", "feedIn", "controlledLoad")
    records = [
        price(NOON + 30 * MINUTE, cents=number, channelType=channel)
        for number, channel in enumerate(channels)
    ]
    await write(store, prices_read(records, at=NOON + 30 * MINUTE))
    past = prices_read(half_hours(YESTERDAY, 5), DAYS, at=NOON + 31 * MINUTE)
    await write(store, past)
    reader = Reader(store, of_prices, limit=1)
    await reader.catch_up(NOON + 40 * MINUTE)
    assert len(reader.copy) == 24

    await reader.catch_up(NOON + HOUR)

    assert {key[1] for key in reader.copy if key[0] == NOON} == {*channels}
    assert await reader.catch_up(NOON + HOUR) == 0


async def test_a_load_that_becomes_settled_is_a_change(store):
    reader = Reader(store, of_load)
    await write(store, areas_read([area(1)]), load_read({NOON: 10}, NOON + MINUTE))

    assert await reader.catch_up(NOON + 59 * MINUTE) == 0
    assert await reader.catch_up(NOON + HOUR) == 1
    assert not reader.copy[NOON, ""].is_settled
    await write(store, load_read({NOON: 10}, NOON + HOUR))

    assert await reader.catch_up(NOON + HOUR) == 1
    assert reader.copy[NOON, ""].is_settled
    await write(store, load_read({NOON: 10}, NOON + 2 * HOUR))
    assert await reader.catch_up(NOON + 2 * HOUR) == 0


async def test_a_load_with_more_digits_than_the_column_is_reported_whole(store):
    await write(
        store, areas_read([area(1)]), load_read({NOON: 10.123}, NOON + 2 * HOUR)
    )

    [hour] = (await Reader(store, of_load).page(NOON + 2 * HOUR)).hours

    assert hour.mean_kw == 10.123


async def test_the_hours_of_another_area_or_site_are_not_reported(store):
    later = NOON + 2 * HOUR
    await write(
        store,
        areas_read([area(1), area(2)]),
        load_read({NOON: 10}, later),
        load_read({NOON: 20}, later, 2),
    )
    for at in (NOON, later):
        await write(store, station_read(at), station_read(at, 5.0, 2))
    elsewhere = prices_read(half_hours(YESTERDAY, 5), DAYS, site_id="elsewhere")
    await write(store, elsewhere)

    [load] = (await Reader(store, of_load).page(later)).hours
    stations = (await Reader(store, of_substations).page(later)).hours

    assert load.mean_kw == 10
    assert [hour.mean_kw for hour in stations] == [1, 2]
    assert (await Reader(store, of_prices).page(later)).hours == ()


async def test_an_hour_of_substations_that_is_counted_again_is_reported_again(store):
    reader = Reader(store, of_substations)
    start = NOON - 5 * HOUR
    await write(store, areas_read([area(1)]), station_read(start))
    assert await reader.catch_up() == 0
    await write(store, station_read(start + HOUR))
    assert await reader.catch_up() == 2

    # a clock that was set back
    await write(store, station_read(start + MINUTE, kw=3))
    await reader.catch_up()

    assert reader.copy[start, "North"].mean_kw == 2
    assert await reader.catch_up() == 0


async def test_one_substation_can_be_asked_for(store):
    for hours in range(3):
        at = NOON - (5 - hours) * HOUR
        await write(store, areas_read([area(1)]), station_read(at))
    reader = Reader(
        store, lambda c, wanted: substation_hours(c, 1, wanted, "South"), limit=1
    )

    assert await reader.catch_up() == 2
    assert {key[1] for key in reader.copy} == {"South"}


@pytest.mark.parametrize("days", [3, 400])
@pytest.mark.parametrize("limit", [1, 7, 1000])
async def test_a_span_is_reported_whole_whatever_its_length(store, limit, days):
    first = datetime(2025, 12, 28, 14, tzinfo=UTC)
    span = tuple(int((first + timedelta(days=n)).timestamp()) for n in (0, days))
    for number in range(7):
        day = date(2025, 12, 28) + timedelta(days=number)
        await write(store, prices_read(half_hours(day, number), (day, day)))
    reader = Reader(store, of_prices, limit=limit)

    while (await reader.page(span=(span[0], span[1]))).is_truncated:
        pass

    starts = sorted(key[0] for key in reader.copy)
    expected = min(days, 6) * 24
    assert starts == [first + number * HOUR for number in range(expected)]
    assert reader.hours_read == expected


@pytest.mark.parametrize(
    ("midnight", "count"),
    [
        (datetime(2026, 3, 8, 6, tzinfo=UTC), 23),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 25),
    ],
)
async def test_a_central_day_of_load_has_its_hours_on_both_nights(
    store, midnight, count
):
    loads = {midnight + number * HOUR: float(number) for number in range(-2, count + 2)}
    after = midnight + timedelta(days=3)
    await write(store, areas_read([area(1)]), load_read(loads, after))
    span = int(midnight.timestamp()), int((midnight + count * HOUR).timestamp())

    page = await Reader(store, of_load).page(after, span)

    assert [hour.mean_kw for hour in page.hours] == [*range(count)]


@pytest.mark.parametrize("day", [date(2025, 4, 6), date(2025, 10, 5)])
async def test_a_nem_day_has_24_hours_on_both_nights_of_sydney(store, day):
    days = [day + timedelta(days=number) for number in (-1, 0, 1)]
    records = [one for each in days for one in half_hours(each, 5)]
    await write(store, prices_read(records, (days[0], days[-1])))
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    span = midnight - 36_000, midnight - 36_000 + 86_400

    page = await Reader(store, of_prices).page(span=span)

    assert [hour.minutes for hour in page.hours] == [60] * 24


async def test_a_run_that_commits_after_a_later_one_is_not_missed(store):
    reader = Reader(store, of_prices)
    first = await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
    second = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    end = RunEnd(NOON, Outcome.SUCCESS, 1)
    days = [YESTERDAY - timedelta(days=number) for number in range(3)]
    parts = [prices_read(half_hours(day, 5), (day, day)) for day in days]

    counts = []
    for run_id, part in ((second, parts[0]), (first, parts[1]), (first, parts[2])):
        await store.write(run_id, [part], end=end if run_id == second else None)
        counts.append(await reader.catch_up())

    assert counts == [24, 24, 24]
    assert len(reader.copy) == 72


async def test_a_number_that_was_rolled_back_hides_nothing(store):
    reader = Reader(store, of_prices)
    await write(store, prices_read(half_hours(YESTERDAY, 5), DAYS))
    await reader.catch_up()
    run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
    broken: Any = object()
    with pytest.raises(AttributeError):
        await store.write(
            run_id, [prices_read(half_hours(YESTERDAY, 6), DAYS)], end=broken
        )
    assert await reader.catch_up() == 0

    await write(store, prices_read(half_hours(YESTERDAY, 7), DAYS))

    assert await reader.catch_up() == 24


async def test_numbers_go_on_behind_the_clock_and_behind_what_is_stored(
    store_url, clock
):
    numbers = []
    for cents, at in ((1, NOON), (2, NOON), (3, NOON - HOUR), (4, NOON + HOUR)):
        store = await Store.open(store_url, clock)
        await write(store, prices_read(half_hours(YESTERDAY, cents, count=1), at=at))
        [(number,)] = await rows(store, "SELECT max(change_id) FROM price_hour")
        numbers.append(number)
        await store.close()

    second = int(NOON.timestamp())
    assert numbers == [second, second + 1, second + 2, second + 3600]


@pytest.mark.parametrize("seed", range(4))
async def test_following_the_cursor_while_rows_come_and_change_misses_nothing(
    store, seed
):
    """Every feed, pages of chance, readers that stop anywhere, clocks that go on."""
    random = Random(seed)
    await write(store, areas_read([area(1), area(2)]))
    reads: list[Read] = [of_prices, of_usage, of_load, of_substations]
    readers = [Reader(store, read, random.choice([1, 3, 50])) for read in reads]
    runs = [
        await store.begin_run(source, Trigger.TICK, 5)
        for source in (Source.AMBER, Source.KAMO, Source.AMBER)
    ]
    now = NOON
    for _step in range(25):
        now += random.randrange(1, 50) * MINUTE
        parts = random.sample(_chance(random, now), random.randrange(1, 4))
        await store.write(random.choice(runs), parts)
        for reader in readers:
            for _page in range(random.randrange(3)):
                await reader.page(now)

    now += 3 * HOUR
    for read, reader in zip(reads, readers, strict=True):
        await reader.catch_up(now)
        fresh = Reader(store, read)
        await fresh.catch_up(now)
        assert fresh.copy
        assert reader.copy == fresh.copy


def _chance(random: Random, now: datetime) -> list[Part]:
    """Return what sources may bring at an instant."""
    hour = now.replace(minute=0, second=0)
    ends = [hour + number * 30 * MINUTE for number in range(-3, 3)]
    settled = [
        price(end, cents=random.randrange(9), channelType=channel)
        for end in random.sample(ends, 3)
        for channel in ("general", "feedIn")
    ]
    used = [
        usage(end, kwh=random.randrange(1, 9), quality="estimated")
        for end in random.sample(ends[:4], 2)
    ]
    loads = {hour - number * HOUR: float(random.randrange(3)) for number in range(3)}
    return [
        prices_read(settled, at=now),
        usage_read(used, (TODAY, TODAY), at=now),
        load_read(loads, now),
        load_read(loads, now, 2),
        station_read(now, random.randrange(9)),
        station_read(now - random.randrange(2) * HOUR, random.randrange(9), 2),
    ]
