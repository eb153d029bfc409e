"""Scores of what was kept, read back from either database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.domain.forecasts.report import ScoreOrder
from energy_logger_server.store import Store
from energy_logger_server.store.amber.corrected_forecast import corrected_prices
from energy_logger_server.store.amber.forecast_scores import price_scores
from energy_logger_server.store.kamo.corrected_forecast import corrected_loads
from energy_logger_server.store.kamo.forecast_scores import load_scores
from tests.server.store.kamo_answers import AUTUMN, SPRING, fill_grid, grid
from tests.server.store.material import (
    NOON,
    SITE_ID,
    forecast_price,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    write,
)

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SYDNEY_AUTUMN = datetime(2026, 4, 4, 14, tzinfo=UTC)
"""00:00 NEM of the date on whose night Sydney's clocks go back."""
SYDNEY_SPRING = datetime(2026, 10, 3, 14, tzinfo=UTC)
"""00:00 NEM of the date on whose night Sydney's clocks go forward."""


async def keep_prices(
    store: Store, first: datetime, cents: Sequence[float | None], *, horizon: int
) -> None:
    """Keep a forecast of 10 c/kWh more than each half hour's price; None: no price."""
    ends = [first + HALF_HOUR * (place + 1) for place in range(len(cents))]
    settled = [
        price(end, cents=one)
        for end, one in zip(ends, cents, strict=True)
        if one is not None
    ]
    await write(
        store, sites_read(site()), prices_read(settled, at=ends[-1]), at=ends[-1]
    )
    [(series,)] = await rows(store, "SELECT id FROM series WHERE kind = 'price'")
    values = ", ".join(
        f"({series}, {int(end.timestamp())}, 30, {horizon},"
        f" {int((end - HALF_HOUR).timestamp()) - horizon * 60},"
        f" {round(((one or 0) + 10) * 1e5)}, NULL, NULL, NULL)"
        for end, one in zip(ends, cents, strict=True)
    )
    await store._write(  # noqa: SLF001 - a day of what upkeep keeps hour by hour
        lambda connection: connection.exec_driver_sql(
            f"INSERT INTO price_at_horizon VALUES {values}"
        )
    )


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


async def test_a_price_is_scored_from_what_was_collected_to_what_was_kept(
    store: Store, clock
):
    await write(store, sites_read(site()))
    for minutes, cents in ((70, 21.0), (35, 24.0)):
        one = forecast_price(NOON + HALF_HOUR, cents)
        at = NOON - timedelta(minutes=minutes)
        await write(store, prices_read([one], at=at), at=at)
    actual = [
        price(NOON - HALF_HOUR * 2, cents=26.5),
        price(NOON - HALF_HOUR, cents=18.5),
        price(NOON + HALF_HOUR, cents=22.5),
    ]
    await write(store, prices_read(actual, at=NOON + HOUR), at=NOON + HOUR)
    clock.at = NOON + HOUR
    await store.keep_forecasts()

    order = ScoreOrder(seconds(NOON - DAY), seconds(NOON + HOUR))
    report = await store.read(price_scores, SITE_ID, order)

    assert [
        (
            line.channel,
            line.forecast,
            line.horizon_minutes,
            line.score.count,
            line.score.bias,
            line.score.persistence_mae,
        )
        for line in report.scores
    ] == [
        # low is 1 below predicted and high 2.5 above; half an hour before, the price
        # of half an hour before was known, an hour before that of 11:00
        ("general", "spot", 30, 1, 1.5, 4.0),
        ("general", "spot", 60, 1, -1.5, 4.0),
        ("general", "predicted", 30, 1, 1.5, 4.0),
        ("general", "predicted", 60, 1, -1.5, 4.0),
        ("general", "low", 30, 1, 0.5, 4.0),
        ("general", "low", 60, 1, -2.5, 4.0),
        ("general", "high", 30, 1, 4.0, 4.0),
        ("general", "high", 60, 1, 1.0, 4.0),
    ]


@pytest.mark.parametrize("midnight", [SYDNEY_AUTUMN, SYDNEY_SPRING])
async def test_a_nem_date_has_24_hours_on_sydneys_nights_too(store: Store, midnight):
    await keep_prices(store, midnight, [20.0] * 48, horizon=60)
    order = ScoreOrder(seconds(midnight), seconds(midnight + DAY), is_by_hour=True)

    report = await store.read(price_scores, SITE_ID, order)

    assert [(line.hour, line.score.count) for line in report.scores] == [
        (hour, 2) for hour in range(24)
    ]
    assert {line.score.bias for line in report.scores} == {10.0}
    assert {line.score.days for line in report.scores} == {1}
    assert midnight.astimezone(NEM_TIME).hour == 0


async def test_a_price_that_never_settled_is_left_out_and_counted(store: Store):
    await keep_prices(store, NOON, [20.0, None, 20.0], horizon=60)
    order = ScoreOrder(seconds(NOON), seconds(NOON + DAY))

    [line] = (await store.read(price_scores, SITE_ID, order)).scores

    assert (line.score.count, line.without_actual) == (2, 1)


async def test_an_interval_that_is_not_over_is_not_scored(store: Store):
    await keep_prices(store, NOON, [20.0, 20.0], horizon=60)
    order = ScoreOrder(seconds(NOON), seconds(NOON + HOUR) - 1)

    [line] = (await store.read(price_scores, SITE_ID, order)).scores

    assert (line.score.count, line.without_actual) == (1, 0)


@pytest.mark.parametrize(
    ("midnight", "hours"), [(AUTUMN, 25), (SPRING, 23)], ids=["autumn", "spring"]
)
async def test_every_hour_of_a_changeover_day_is_scored_under_its_local_hour(
    store: Store, midnight, hours
):
    loads = [1000.0 + number for number in range(hours)]
    said = grid(midnight, loads, forecast=[1.0])
    await fill_grid(store, said, midnight + HOUR * (hours + 1))
    [(series,)] = await rows(
        store, "SELECT id FROM series WHERE kind = 'load_forecast'"
    )
    values = ", ".join(
        f"({series}, {seconds(midnight) + number * 3600}, 60, 0,"
        f" {round(load * 10) - 50})"
        for number, load in enumerate(loads)
    )
    await store._write(  # noqa: SLF001 - a day of what upkeep keeps hour by hour
        lambda connection: connection.exec_driver_sql(
            f"INSERT INTO load_at_horizon VALUES {values}"
        )
    )
    order = ScoreOrder(
        seconds(midnight), seconds(midnight + HOUR * hours), is_by_hour=True
    )

    report = await store.read(load_scores, 1, order)

    expected = dict.fromkeys(range(24), 1)
    if hours == 25:
        expected[1] = 2
    else:
        del expected[2]
    assert {line.hour: line.score.count for line in report.scores} == expected
    assert {line.score.bias for line in report.scores} == {-5.0}
    assert {line.score.days for line in report.scores} == {1}
    whole = await store.read(
        load_scores, 1, ScoreOrder(order.since, order.now, is_by_hour=False)
    )
    [line] = whole.scores
    assert (line.channel, line.forecast, line.horizon_minutes) == ("", "Forecast", 60)
    # an hour before a label the hour before it was not over for sure
    assert (line.score.persistence_count, line.score.persistence_mae) == (hours - 2, 2)
    assert midnight.astimezone(CENTRAL).hour == 0


async def test_an_area_without_forecasts_has_no_scores(store: Store):
    await fill_grid(store, grid(NOON, [1.0]), NOON + HOUR)

    report = await store.read(load_scores, 1, ScoreOrder(0, seconds(NOON + DAY)))

    assert (report.scores, report.corrections) == ([], [])


async def test_a_forecast_that_is_always_too_high_is_corrected_beside_what_it_says(
    store: Store,
):
    days = 20
    first = NOON - days * DAY
    await keep_prices(store, first, [20.0] * 48 * days, horizon=60)
    ahead = [
        forecast_price(NOON + HALF_HOUR * places, 35.0) for places in (1, 2, 3, 40, 60)
    ]
    await write(store, prices_read(ahead, at=NOON))

    found = await store.read(corrected_prices, SITE_ID, seconds(NOON))

    assert [
        (
            one.expected.forecast,
            (one.expected.start_at - seconds(NOON)) // 60,
            one.horizon_minutes,
            one.expected.value,
            one.corrected,
        )
        for one in found
    ] == [
        # an interval that has begun is over too soon, one in 29.5 hours too far off;
        # nothing is known of other horizons, and nothing of predicted prices
        ("spot", 30, 30, 35.0, None),
        ("predicted", 30, 30, 35.0, None),
        ("spot", 60, 60, 35.0, 25.0),
        ("predicted", 60, 60, 35.0, None),
        ("spot", 1170, 1440, 35.0, None),
        ("predicted", 1170, 1440, 35.0, None),
    ]


async def test_kamos_forecast_stands_as_it_is_where_too_little_is_known(store: Store):
    said = grid(NOON - HOUR, [900.0], forecast=[900.0, 910.0, 920.0])
    await fill_grid(store, said, NOON)

    found = await store.read(corrected_loads, 1, seconds(NOON))

    [one] = found
    assert (one.expected.forecast, one.expected.value) == ("Forecast", 920.0)
    assert one.expected.start_at == seconds(NOON + HOUR)
    assert (one.horizon_minutes, one.corrected) == (60, None)
