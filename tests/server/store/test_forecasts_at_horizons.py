"""Forecasts that stay for ever, and those that are dropped."""

from datetime import timedelta

import pytest

from energy_logger_server.errors import StoreError
from energy_logger_server.store import Store
from tests.server.store.kamo_answers import fill_grid, grid
from tests.server.store.material import (
    NOON,
    forecast_price,
    prices_read,
    rows,
    write,
)

HALF_HOUR = timedelta(minutes=30)
HOUR = 2 * HALF_HOUR
MINUTE = timedelta(minutes=1)
KEPT = (
    "SELECT horizon_minutes, price_e5, low_e5, predicted_e5, high_e5, fetched_at"
    " FROM price_at_horizon ORDER BY end_at, horizon_minutes"
)
LOADS = "SELECT horizon_minutes, load_e1, at - fetched_at FROM load_at_horizon"


async def expect(store: Store, *minutes: int) -> None:
    """Have an interval that begins at noon forecast so long before it."""
    for before in minutes:
        one = forecast_price(NOON + HALF_HOUR, before / 10)
        await write(
            store, prices_read([one], at=NOON - timedelta(minutes=before)), at=NOON
        )


async def test_forecasts_are_kept_at_their_horizons_before_they_are_dropped(
    store: Store, clock
):
    await expect(store, 1441, 1439, 61, 31, 29)
    clock.at = NOON + timedelta(hours=72)

    dropped = await store.prune_forecasts(timedelta(hours=48))

    assert dropped == 5
    at = int(NOON.timestamp())
    kept = [
        (60, 610_000, 510_000, 610_000, 860_000, at - 61 * 60),
        (30, 310_000, 210_000, 310_000, 560_000, at - 31 * 60),
        (1440, 14_410_000, 14_310_000, 14_410_000, 14_660_000, at - 1441 * 60),
    ]
    assert await rows(store, KEPT) == sorted(kept)
    assert await store.prune_forecasts(timedelta(hours=48)) == 0
    assert await rows(store, KEPT) == sorted(kept)


async def test_a_forecast_whose_interval_has_not_begun_outlives_any_retention(
    store: Store, clock
):
    await expect(store, 1441, 61)
    clock.at = NOON - timedelta(minutes=1)

    assert await store.prune_forecasts(timedelta(minutes=1)) == 0
    clock.at = NOON
    assert await store.prune_forecasts(timedelta(minutes=1)) == 2
    assert [row[0] for row in await rows(store, KEPT)] == [60, 1440]


async def test_a_restart_after_keeping_drops_what_was_kept_and_keeps_nothing_twice(
    store_url, clock
):
    store = await Store.open(store_url, clock)
    await expect(store, 61)
    clock.at = NOON + HOUR
    await store.keep_forecasts()
    await store.close()

    clock.at = NOON + timedelta(hours=49)
    again = await Store.open(store_url, clock)
    try:
        assert await again.prune_forecasts(timedelta(hours=48)) == 1
        assert len(await rows(again, KEPT)) == 1
    finally:
        await again.close()


async def test_what_cannot_be_kept_is_not_dropped(store: Store, clock):
    await expect(store, 61)
    clock.at = NOON + timedelta(hours=72)
    await store._write(  # noqa: SLF001 - damage that no write makes
        lambda connection: connection.exec_driver_sql(
            "ALTER TABLE price_at_horizon RENAME TO elsewhere"
        )
    )

    with pytest.raises(StoreError, match="price_at_horizon"):
        await store.prune_forecasts(timedelta(hours=48))

    assert await rows(store, "SELECT count(*) FROM price_archive") == [(1,)]


async def test_a_server_that_was_off_for_two_months_loses_nothing(store: Store, clock):
    await expect(store, 61)
    later = NOON + timedelta(days=60)
    await write(
        store,
        prices_read([forecast_price(later + HALF_HOUR, 5)], at=later - 90 * MINUTE),
        at=later,
    )
    clock.at = later + HOUR

    assert await store.prune_forecasts(timedelta(0)) == 2
    assert [row[:2] for row in await rows(store, KEPT)] == [
        (60, 610_000),
        (60, 500_000),
    ]


async def test_load_forecasts_of_each_area_are_kept_too(store: Store, clock):
    for minutes in (150, 121, 45):
        raw = grid(NOON - 3 * HOUR, [1.0], forecast=[1.0, 2.0, 3.0, 100 + minutes])
        await fill_grid(store, raw, NOON - timedelta(minutes=minutes))
    clock.at = NOON + HOUR

    await store.keep_forecasts()

    at_noon = f"{LOADS} WHERE at = {int(NOON.timestamp())} ORDER BY horizon_minutes"
    assert await rows(store, at_noon) == [
        (30, 1450, 45 * 60),
        (120, 2210, 121 * 60),
    ]
