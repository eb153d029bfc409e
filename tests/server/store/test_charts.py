"""Charts: at every width, points are what the rows below them add up to."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import fmean
from typing import Any

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.domain.charts import Bucket, Chart, Line
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.store import Store
from energy_logger_server.store.charts.drawing import (
    CENTRAL_DAYS,
    NEM_DAYS,
    ChartWanted,
)
from energy_logger_server.store.charts.load import load_chart
from energy_logger_server.store.charts.prices import price_chart
from energy_logger_server.store.charts.substations import substation_chart
from energy_logger_server.store.charts.usage import usage_chart
from tests.server.store.material import (
    SITE_ID,
    area,
    areas_read,
    grid_of,
    price,
    prices_read,
    substation_body,
    table_of,
    usage,
    usage_read,
    write,
)

HOUR = timedelta(hours=1)
FIRST = datetime(2025, 10, 30, 5, tzinfo=UTC)
"""00:00 Central; three days later its clocks go back."""
DAYS = 6
EVER = (0, 2**40)

type Values = Mapping[int, float]


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def bucket_of(chart: Chart, at: int, calendar: Any) -> int:
    """Return the time of the point to which an instant belongs."""
    width = chart.resolution.seconds
    if chart.resolution.bucket is Bucket.ROWS:
        return at
    if chart.resolution.bucket is Bucket.TIME:
        return at - at % width
    day = calendar.day_of(at)
    return int(calendar.start_of(day - day % chart.resolution.days))


def in_buckets(chart: Chart, values: Values, calendar: Any) -> dict[int, list[float]]:
    """Return values by the time of their point."""
    found: dict[int, list[float]] = {}
    for at, value in values.items():
        found.setdefault(bucket_of(chart, at, calendar), []).append(value)
    return found


def line(chart: Chart, key: str) -> Line:
    [found] = [one for one in chart.lines if one.key == key]
    return found


def check_means(
    chart: Chart, key: str, values: Values, calendar: Any, *, has_extremes: bool = True
) -> None:
    """Compare a line with the means and extremes of what it is made of."""
    points = line(chart, key).points
    wanted = in_buckets(chart, values, calendar)
    assert points.keys() == wanted.keys()
    assert set(points) <= set(chart.times)
    is_exact = chart.resolution.bucket is Bucket.ROWS
    for at, parts in wanted.items():
        assert points[at].value == pytest.approx(fmean(parts))
        if has_extremes and not is_exact:
            edges = (points[at].minimum, points[at].maximum)
            assert edges == pytest.approx((min(parts), max(parts)))


def loads_read(label: str, loads: Mapping[datetime, float]) -> Part:
    body: Any = {
        "Id": 1,
        "lineChartLabels": [central_label(hour) for hour in loads],
        "chartLineData": [{"label": label, "data": [*loads.values()]}],
    }
    return grid_of(body, 1, at=max(loads) + timedelta(days=2))


async def store_loads(store: Store, label: str, skipped: Iterable[int] = ()) -> Values:
    """Store random hourly loads of six days, the autumn night among them."""
    random = Random(7)
    hours = [FIRST + number * HOUR for number in range(DAYS * 24 + 1)]
    loads = {hour: random.randint(100, 9999) / 10 for hour in hours}
    for number in skipped:
        del loads[hours[number]]
    await write(store, areas_read([area(1)]), loads_read(label, loads))
    return {seconds(hour): load for hour, load in loads.items()}


@pytest.mark.parametrize(
    ("most", "width"),
    [
        (1000, (Bucket.ROWS, 3600)),
        (80, (Bucket.TIME, 7200)),
        (15, (Bucket.TIME, 43_200)),
        (10, (Bucket.DAYS, 86_400)),
    ],
)
async def test_load_is_the_same_at_every_width(
    store: Store, most: int, width: tuple[Bucket, int]
):
    loads = await store_loads(store, "Actual", skipped=(3, 4, 5))

    chart = await store.read(load_chart, 1, ChartWanted(*EVER, most))

    assert (chart.resolution.bucket, chart.resolution.seconds) == width
    assert len(chart.times) <= most
    check_means(chart, "actual", loads, CENTRAL_DAYS)


async def test_hours_that_are_missing_are_one_hole(store: Store):
    loads = await store_loads(store, "Actual", skipped=(3, 4, 5))

    chart = await store.read(load_chart, 1, ChartWanted(*EVER, 1000))

    hole = seconds(FIRST + 3 * HOUR)
    assert set(chart.times) - loads.keys() == {hole}


async def test_both_hours_of_the_autumn_night_have_a_point(store: Store):
    await store_loads(store, "Actual")
    night = datetime(2025, 11, 2, 5, tzinfo=UTC)

    chart = await store.read(
        load_chart, 1, ChartWanted(seconds(night), seconds(night + 4 * HOUR), 1000)
    )

    # 00:00, 01:00, 01:00 again, 02:00
    assert [*chart.times] == [seconds(night + number * HOUR) for number in range(4)]


@pytest.mark.parametrize("most", [1000, 80])
async def test_a_forecast_is_a_line_of_its_own(store: Store, most: int):
    expected = await store_loads(store, "Forecast")

    chart = await store.read(load_chart, 1, ChartWanted(*EVER, most))

    assert [one.key for one in chart.lines] == ["forecast/Forecast"]
    assert chart.lines[0].channel == "Forecast"
    check_means(chart, "forecast/Forecast", expected, CENTRAL_DAYS)


async def store_readings(store: Store) -> dict[int, tuple[float, float]]:
    """Store two substations, one of which is read back; twelve times an hour."""
    random = Random(3)
    found = {}
    await write(store, areas_read([area(1)]))
    for number in range(5 * 12 + 4):
        at = FIRST + number * timedelta(minutes=5)
        kw, kvar = random.randint(10, 999) / 10, random.randint(-500, 500) / 10
        found[seconds(at)] = (kw, kvar)
        rows = {"North": (kw, kvar, 0.5), "South": (1.0, 1.0, 0.5)}
        await write(store, table_of(substation_body(1, rows), 1, at=at))
    return found


@pytest.mark.parametrize(
    ("most", "width"),
    [
        (1000, (Bucket.ROWS, 300)),
        (30, (Bucket.TIME, 900)),
        (12, (Bucket.TIME, 3600)),
        (10, (Bucket.TIME, 3600)),
    ],
)
async def test_a_substation_is_the_same_at_every_width(
    store: Store, most: int, width: tuple[Bucket, int]
):
    readings = await store_readings(store)

    chart = await store.read(substation_chart, 1, "North", ChartWanted(*EVER, most))

    assert (chart.resolution.bucket, chart.resolution.seconds) == width
    loads = {at: kw for at, (kw, _kvar) in readings.items()}
    check_means(chart, "load", loads, CENTRAL_DAYS)
    reactive = {at: kvar for at, (_kw, kvar) in readings.items()}
    check_means(chart, "reactive", reactive, CENTRAL_DAYS, has_extremes=False)
    by_bucket = in_buckets(chart, loads, CENTRAL_DAYS)
    kvars = in_buckets(chart, reactive, CENTRAL_DAYS)
    for at, point in line(chart, "power_factor").points.items():
        load, kvar = sum(by_bucket[at]), sum(kvars[at])
        assert point.value == pytest.approx(load / (load**2 + kvar**2) ** 0.5)


async def test_days_of_a_substation_hold_the_hour_that_is_still_open(store: Store):
    readings = await store_readings(store)
    # another area is read for years, so that points are days
    later = FIRST + timedelta(days=30)
    rows = {"North": (5.0, 0.0, 1.0)}
    for at in (later, later + timedelta(minutes=5)):
        await write(store, table_of(substation_body(1, rows), 1, at=at))
        readings[seconds(at)] = (5.0, 0.0)

    chart = await store.read(substation_chart, 1, "North", ChartWanted(*EVER, 40))

    assert chart.resolution.bucket is Bucket.DAYS
    loads = {at: kw for at, (kw, _kvar) in readings.items()}
    check_means(chart, "load", loads, CENTRAL_DAYS)


async def test_an_unknown_reactive_power_is_no_zero(store: Store):
    body: Any = substation_body(1, {"North": (10.0, 1.0, 0.9)})
    body["areaLoadData"][0]["kvar"] = None
    await write(store, areas_read([area(1)]), table_of(body, 1, at=FIRST))

    for most in (1000, 10):
        chart = await store.read(substation_chart, 1, "North", ChartWanted(*EVER, most))
        assert [one.value for one in line(chart, "load").points.values()] == [10.0]
        for key in ("reactive", "power_factor"):
            assert [one.value for one in line(chart, key).points.values()] == [None]


def half_hours(days: int = DAYS) -> list[datetime]:
    """Return the ends of half hours of whole NEM days."""
    begin = datetime(2025, 12, 31, 14, tzinfo=UTC)
    return [begin + number * HOUR / 2 for number in range(1, days * 48 + 1)]


async def store_prices(store: Store, **fields: Any) -> Values:
    """Store random settled prices of six NEM days; return AUD/kWh by start."""
    random = Random(5)
    cents = {end: random.randint(-500, 9000) / 100 for end in half_hours()}
    records = [price(end, cents=value, **fields) for end, value in cents.items()]
    await write(store, prices_read(records))
    sign = -1 if fields.get("channelType") == "feedIn" else 1
    return {seconds(end - HOUR / 2): sign * value / 100 for end, value in cents.items()}


@pytest.mark.parametrize("channel", ["general", "feedIn"])
@pytest.mark.parametrize(
    ("most", "width"),
    [
        (1000, (Bucket.ROWS, 1800)),
        (150, (Bucket.TIME, 3600)),
        (80, (Bucket.TIME, 7200)),
        (10, (Bucket.DAYS, 86_400)),
    ],
)
async def test_prices_are_the_same_at_every_width(
    store: Store, most: int, width: tuple[Bucket, int], channel: str
):
    prices = await store_prices(store, channelType=channel)

    chart = await store.read(price_chart, SITE_ID, None, ChartWanted(*EVER, most))

    assert (chart.resolution.bucket, chart.resolution.seconds) == width
    check_means(chart, f"{channel}/price", prices, NEM_DAYS)


async def test_prices_of_five_minutes_come_in_quarters_of_an_hour(store: Store):
    ends = [half_hours(1)[0] + number * HOUR / 12 for number in range(36)]
    spots = {end: number * 1.5 for number, end in enumerate(ends)}
    records = [
        price(end, 5, cents=number, spotPerKwh=spots[end])
        for number, end in enumerate(ends)
    ]
    await write(store, prices_read(records))

    chart = await store.read(price_chart, SITE_ID, None, ChartWanted(*EVER, 20))

    assert (chart.resolution.bucket, chart.resolution.seconds) == (Bucket.TIME, 600)
    starts = [seconds(end - HOUR / 12) for end in ends]
    cents = {at: number / 100 for number, at in enumerate(starts)}
    check_means(chart, "general/price", cents, NEM_DAYS)
    spot = {at: number * 1.5 / 100 for number, at in enumerate(starts)}
    check_means(chart, "spot", spot, NEM_DAYS)


async def test_what_is_expected_is_drawn_beside_what_is_settled(store: Store):
    first, second = half_hours(1)[:2]
    bounds: Any = {"low": 20.0, "predicted": 30.0, "high": 40.0}
    expected = price(second, cents=33.0, type="ForecastInterval", advancedPrice=bounds)
    await write(store, prices_read([price(first, cents=10.0), expected]))

    chart = await store.read(price_chart, SITE_ID, None, ChartWanted(*EVER, 1000))

    assert {
        one.key: [point.value for point in one.points.values()] for one in chart.lines
    } == {
        "general/price": [0.1],
        "spot": [0.0825],
        "general/expected": [0.33],
        "general/expected_low": [0.2],
        "general/expected_high": [0.4],
    }
    assert [*chart.times] == [seconds(end - HOUR / 2) for end in (first, second)]


async def store_usage(store: Store) -> tuple[Values, Values]:
    """Store random usage of six NEM days; return kWh and AUD by start."""
    random = Random(11)
    kwh = {end: random.randint(0, 2000) / 1000 for end in half_hours()}
    records = [usage(end, kwh=value) for end, value in kwh.items()]
    day = half_hours()[0].date()
    await write(store, usage_read(records, (day, day + timedelta(days=DAYS))))
    energy = {seconds(end - HOUR / 2): value for end, value in kwh.items()}
    cost = {at: round(value * 20.5, 4) / 100 for at, value in energy.items()}
    return energy, cost


@pytest.mark.parametrize("most", [1000, 150, 80, 10])
async def test_usage_is_summed_up_at_every_width(store: Store, most: int):
    energy, cost = await store_usage(store)

    chart = await store.read(usage_chart, SITE_ID, None, ChartWanted(*EVER, most))

    for key, values in (("E1/energy", energy), ("E1/cost", cost)):
        points = line(chart, key).points
        wanted = in_buckets(chart, values, NEM_DAYS)
        assert points.keys() == wanted.keys()
        for at, parts in wanted.items():
            assert points[at].value == pytest.approx(sum(parts))


@pytest.mark.parametrize("most", [1000, 10])
async def test_a_cost_that_is_unknown_is_no_zero(store: Store, most: int):
    end = half_hours(1)[0]
    record = usage(end, kwh=1.0)
    for name in ("cost", "perKwh"):
        record[name] = None
    await write(store, usage_read([record], (end.date(), end.date())))

    wanted = ChartWanted(seconds(end) - 86_400, seconds(end) + 86_400, most)
    chart = await store.read(usage_chart, SITE_ID, None, wanted)

    assert [one.value for one in line(chart, "E1/energy").points.values()] == [1.0]
    assert [one.value for one in line(chart, "E1/cost").points.values()] == [None]


@pytest.mark.parametrize(
    "draw",
    [
        lambda connection, wanted: load_chart(connection, 1, wanted),
        lambda connection, wanted: substation_chart(connection, 1, "North", wanted),
        lambda connection, wanted: price_chart(connection, SITE_ID, None, wanted),
        lambda connection, wanted: usage_chart(connection, SITE_ID, "E1", wanted),
    ],
)
async def test_an_empty_store_has_empty_charts(
    store: Store, draw: Callable[[Any, ChartWanted], Chart]
):
    chart = await store.read(draw, ChartWanted(*EVER, 1000))

    assert (chart.times, chart.lines) == ((), ())


async def test_a_span_before_all_data_is_empty(store: Store):
    await store_loads(store, "Actual")

    chart = await store.read(load_chart, 1, ChartWanted(0, 1, 1000))

    assert (chart.times, chart.lines) == ((), ())
